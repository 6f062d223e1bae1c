"""The ranking as it stands, read a piece at a time: nobody twice, nobody left out, in order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

import pytest
from sqlmodel import Session, col, delete, select

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.stages import Status
from quizapp.people import names
from quizapp.results import actions, drafts, queries
from quizapp.results.ranking import rank_graded
from quizapp.results.tables import Draft, Publication, Ranked, Standing
from quizapp.sitting import actions as sittings
from tests.world import NOON, OPENS, World

# Of several regions; two of the first bear the same name.
CITIES = {"93066": "11", "97411": "04", "69123": "84", "59350": "32", "75056": "11", "38185": "84"}


@pytest.fixture
def crowd(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Session, Plan]]:
    """Forty ranked candidates in six cities, read ten at a time."""
    monkeypatch.setattr(drafts, "_AT_ONCE", 10)
    with world.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        like = db.get_one(Application, world.camille.id).model_dump()
        chance = random.Random(4)
        for position in range(1, 41):
            one = {
                **like, "id": 100 + position, "number": f"{1000 + position:06}", "email": None,
                "code_trace": None, "link_trace": None, "city": chance.choice(list(CITIES)),
            }  # fmt: skip
            db.add(Application(**one))
            db.flush()
            db.add(_draft(plan, one, position))
        db.flush()
        yield db, plan


def _draft(plan: Plan, one: dict, position: int) -> Draft:
    return Draft(
        stage_id=plan.id, application_id=one["id"], position=position, city=one["city"],
        region=CITIES[one["city"]], points=1, maximum=2, sections="{}", nation_rank=position,
        nation_tied=False, region_rank=1, region_tied=False, city_rank=1, city_tied=False,
        status="qualified" if position % 3 == 0 else "reserve", place=1, reason="rank",
    )  # fmt: skip


def _read(db: Session, plan: Plan, kind: str, *, status: Status | None = None, **window: int):
    groups = drafts.groups(db, plan, kind, status=status)
    columns = (Draft.position, Draft.city, Draft.region, Application.number)
    return [*drafts.rows(db, plan, columns, kind, groups, status=status, **window)]


@pytest.mark.parametrize("kind", ["nation", "region", "city"])
@pytest.mark.parametrize("status", [None, Status.QUALIFIED])
def test_list_names_everyone_once_group_after_group_in_order(
    crowd: tuple[Session, Plan], kind: str, status: Status | None
) -> None:
    db, plan = crowd

    rows = _read(db, plan, kind, status=status)

    wanted = [one for one in range(1, 41) if status is None or one % 3 == 0]
    assert sorted(row[0] for row in rows) == wanted
    assert all(int(number) == 1000 + position for position, _, _, number in rows)
    code = {"nation": lambda _: "", "region": lambda row: row[2], "city": lambda row: row[1]}[kind]
    found = [(code_, [row[0] for row in members]) for code_, members in groupby(rows, key=code)]
    label = {"region": queries.region_name, "city": contests.city_label}.get(kind, str)
    labels = [names.fold(label(code_)) for code_, _ in found]
    assert labels == sorted(labels)
    assert len({code_ for code_, _ in found}) == len(found)
    assert all(members == sorted(members) for _, members in found)


@pytest.mark.parametrize("kind", ["nation", "region", "city"])
@pytest.mark.parametrize("size", [1, 3, 7, 12, 50])
def test_pages_of_a_list_put_together_are_the_list(
    crowd: tuple[Session, Plan], kind: str, size: int
) -> None:
    db, plan = crowd

    pages = [_read(db, plan, kind, start=start, size=size) for start in range(0, 41, size)]

    assert [row for page in pages for row in page] == _read(db, plan, kind)
    assert all(len(page) <= size for page in pages)


def test_publication_is_the_draft_and_stays_when_the_draft_changes(world: World) -> None:
    with world.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        for adviser in (world.camille, world.dominique, world.claude):
            sittings.start(db, plan, application_id=adviser.id, seed="graine", writer="w", now=NOON)
        actions.close_stage(db, plan, by="o", reason="fin", now=OPENS + timedelta(hours=2))
        actions.publish(db, plan, by="o", reason="résultats", now=OPENS + timedelta(hours=3))
        drafted = [_said(one) for one in db.exec(select(Draft).order_by(col(Draft.position)))]
        camille = db.get_one(Application, world.camille.id)
        actions.exclude(db, plan, camille, by="o", reason="fraude", now=OPENS + timedelta(hours=4))

    with world.store.reading() as db:
        published = [
            _said(one) for one in db.exec(select(Standing).order_by(col(Standing.position)))
        ]
        left = {*db.exec(select(Draft.application_id))}
        numbers = [*db.exec(select(Publication.number))]
    assert published == drafted
    assert len(published) == 3
    assert left == {world.dominique.id, world.claude.id}
    assert numbers == [1]


def _said(one: Ranked) -> list[object]:
    return [getattr(one, name) for name in ("application_id", *Ranked.model_fields)]


def test_stage_graded_before_rankings_were_kept_is_ranked_by_the_worker(world: World) -> None:
    with world.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        sittings.start(
            db, plan, application_id=world.camille.id, seed="graine", writer="w", now=NOON
        )
        assert rank_graded(db) == 0
        actions.close_stage(db, plan, by="o", reason="fin", now=OPENS + timedelta(hours=2))
        db.exec(delete(Draft))

        assert rank_graded(db) == 1
        assert [*db.exec(select(Draft.application_id))] == [world.camille.id]
        assert rank_graded(db) == 0
