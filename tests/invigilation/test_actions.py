"""What the desk does to sittings, and whom it says something to: exactly those, and never blindly."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from quizapp.contests.tables import Application
from quizapp.exam.clock import EVERYONE, Scope, ScopeKind
from quizapp.invigilation import actions, acts, queries, scopes
from quizapp.invigilation.acts import ConflictError, Terms
from quizapp.invigilation.filters import Act, Filter, State
from quizapp.invigilation.queries import Limit
from quizapp.invigilation.tables import Kind, Message
from quizapp.people import places
from quizapp.results import actions as results
from quizapp.results import queries as result_queries
from quizapp.results.tables import Draft
from tests.sitting.running import END, LILLE, LYON, journalled, mine, minutes, plan_in, sat, save
from tests.sitting.running import ends as ends_of
from tests.world import NOON, OPENS, World

__all__ = ["sat"]

ME, OTHER = "staff:1", "staff:2"
SOON = NOON + minutes(1)


def terms(*, by: str = ME, given: int = 0, body: str = "", now: datetime = SOON) -> Terms:
    return Terms(by=by, now=now, reason="Coupure de courant", minutes=given, body=body)


def people(db: Session, world: World, *names: str) -> list[Application]:
    return [db.get_one(Application, getattr(world, name).id) for name in names]


def do(world: World, act: Act, *names: str, seen: int | None = None, **how: object) -> int:
    """Do it to these people, on what is known now unless ``seen`` says otherwise."""
    with world.store.writing() as db:
        known = acts.version(db) if seen is None else seen
        return acts.do_to_people(
            db, plan_in(db), act, people(db, world, *names), terms(**how), seen=known
        )  # type: ignore[arg-type]


def place(world: World, act: Act, scope: Scope, *, seen: int | None = None, **how: object) -> None:
    with world.store.writing() as db:
        known = acts.version(db) if seen is None else seen
        acts.do_to_place(db, plan_in(db), act, scope, terms(**how), seen=known)  # type: ignore[arg-type]


def version(world: World) -> int:
    with world.store.reading() as db:
        return acts.version(db)


def bodies(world: World, name: str) -> list[str]:
    """What this candidate's open page is told."""
    with world.store.reading() as db:
        return [one.body for one in queries.messages_to(db, mine(db, world, name).id or 0)]


def test_extending_a_city_changes_its_sittings_and_no_other(sat: World) -> None:
    place(sat, Act.EXTEND, LYON, given=10)

    assert ends_of(sat) == {
        "Camille": END + minutes(10), "Dominique": END + minutes(10), "Claude": END,
    }  # fmt: skip


def test_extending_one_person_leaves_the_neighbour(sat: World) -> None:
    assert do(sat, Act.EXTEND, "camille", given=5, body="Cinq de plus.") == 1

    assert ends_of(sat) == {"Camille": END + minutes(5), "Dominique": END, "Claude": END}
    assert (bodies(sat, "camille"), bodies(sat, "dominique")) == (["Cinq de plus."], [])


def test_pause_holds_the_time_and_resuming_gives_it_back(sat: World) -> None:
    assert do(sat, Act.PAUSE, "camille", "dominique", now=NOON + minutes(5)) == 2
    assert do(sat, Act.PAUSE, "camille", now=NOON + minutes(6)) == 0
    with sat.store.reading() as db:
        assert mine(db, sat).paused_at == NOON + minutes(5)
        assert mine(db, sat, "claude").paused_at is None

    assert do(sat, Act.RESUME, "camille", "claude", now=NOON + minutes(12)) == 1
    assert ends_of(sat)["Camille"] == END + minutes(7)
    assert ends_of(sat)["Claude"] == END
    with sat.store.reading() as db:
        assert mine(db, sat, "dominique").paused_at is not None


def test_paper_handed_in_by_the_desk_can_be_reopened_with_what_was_left(sat: World) -> None:
    assert do(sat, Act.HAND_IN, "camille", now=NOON + minutes(5)) == 1
    with sat.store.reading() as db:
        assert mine(db, sat).closed_by == "office"

    assert do(sat, Act.REOPEN, "camille", "dominique", now=NOON + minutes(8)) == 1
    with sat.store.reading() as db:
        sitting = mine(db, sat)
    assert (sitting.closed_at, sitting.ends_at) == (None, END + minutes(3))
    [line] = journalled(sat, "sitting.hand_in")
    assert (line.who, line.why) == (ME, "Coupure de courant")


def test_excluded_candidate_is_out_of_the_ranking_and_listed_with_the_reason(sat: World) -> None:
    end = OPENS + timedelta(hours=2)
    with sat.store.writing() as db:
        save(db, mine(db, sat), at=NOON + minutes(1))
        results.close_stage(db, plan_in(db), by="test", reason="l’heure", now=end)

    assert do(sat, Act.EXCLUDE, "camille", now=end) == 1
    assert do(sat, Act.EXCLUDE, "camille", now=end) == 0
    assert _ranked(sat) == {sat.dominique.id, sat.claude.id}
    with sat.store.reading() as db:
        [(why, who)] = result_queries.excluded(db, plan_in(db))
    assert (why.reason, why.by, who.number) == ("Coupure de courant", ME, sat.camille.number)

    assert do(sat, Act.READMIT, "camille", now=end) == 1
    assert do(sat, Act.READMIT, "camille", now=end) == 0
    assert _ranked(sat) == {sat.camille.id, sat.dominique.id, sat.claude.id}
    with sat.store.reading() as db:
        assert list(result_queries.excluded(db, plan_in(db))) == []
    assert [one.why for one in journalled(sat, "candidate.readmit")] == ["Coupure de courant"]


def _ranked(world: World) -> set[int]:
    with world.store.reading() as db:
        return {*db.exec(select(Draft.application_id))}


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (EVERYONE, {"camille", "dominique", "claude"}),
        (LYON, {"camille", "dominique"}),
        (LILLE, {"claude"}),
        ("region", {"camille", "dominique"}),
        ("centre", {"claude"}),
        ("person", {"dominique"}),
    ],
)
def test_announcement_reaches_its_scope_and_nobody_else(
    sat: World, scope: Scope | str, reached: set[str]
) -> None:
    with sat.store.reading() as db:
        camille, dominique, claude = people(db, sat, "camille", "dominique", "claude")
    found = {
        "region": Scope(ScopeKind.REGION, camille.region),
        "centre": Scope(ScopeKind.CENTRE, str(claude.centre_id)),
        "person": Scope(ScopeKind.PERSON, str(dominique.id)),
    }
    place(sat, Act.MESSAGE, found[scope] if isinstance(scope, str) else scope, body="Patience.")

    everyone = ("camille", "dominique", "claude")
    assert {name for name in everyone if bodies(sat, name) == ["Patience."]} == reached
    with sat.store.reading() as db:  # the page « Aide et messages » reads it another way
        assert reached == {
            name
            for name, one in zip(everyone, (camille, dominique, claude), strict=True)
            if queries.messages_for(db, plan_in(db).id, scopes.whereabouts(one))
        }


def test_message_taken_back_is_not_told_any_more_and_stays_on_record(sat: World) -> None:
    place(sat, Act.MESSAGE, EVERYONE, body="Erreur.")
    with sat.store.writing() as db:
        row = db.exec(select(Message)).one()
        assert actions.withdraw(db, row, by=ME, reason="Faux", now=NOON)
        assert not actions.withdraw(db, row, by=OTHER, reason="Faux", now=NOON)

    assert bodies(sat, "camille") == []
    with sat.store.reading() as db:
        [(kept, _report)] = queries.messages(db, plan_in(db))
    assert (kept.body, kept.withdrawn_by) == ("Erreur.", ME)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("city", "city"), ("city", "person"), ("person", "city"), ("person", "person"),
        ("region", "city"), ("city", "everyone"),
    ],
)  # fmt: skip
def test_act_decided_on_an_older_state_is_refused_and_tells_who_did_what(
    sat: World, first: str, second: str
) -> None:
    def extend(how: str, *, by: str, seen: int) -> None:
        with sat.store.reading() as db:
            region = people(db, sat, "camille")[0].region
        if how == "person":
            do(sat, Act.EXTEND, "camille", seen=seen, by=by, given=10)
            return
        scope = {"city": LYON, "everyone": EVERYONE, "region": Scope(ScopeKind.REGION, region)}
        place(sat, Act.EXTEND, scope[how], seen=seen, by=by, given=10, body="Dix de plus.")

    seen = version(sat)
    extend(first, by=OTHER, seen=seen)
    before = ends_of(sat), bodies(sat, "camille"), version(sat)

    with pytest.raises(ConflictError) as refused:
        extend(second, by=ME, seen=seen)

    [line] = refused.value.entries
    assert (line.who, line.what, line.why) == (OTHER, "time.extend", "Coupure de courant")
    assert (ends_of(sat), bodies(sat, "camille"), version(sat)) == before


def test_acts_on_other_people_and_messages_do_not_conflict(sat: World) -> None:
    seen = version(sat)
    place(sat, Act.EXTEND, LILLE, seen=seen, by=OTHER, given=5)
    place(sat, Act.MESSAGE, LYON, seen=seen, by=OTHER, body="Patience.")
    do(sat, Act.PAUSE, "claude", by=OTHER)

    place(sat, Act.EXTEND, LYON, seen=seen, given=10)
    do(sat, Act.PAUSE, "dominique", seen=version(sat))

    assert ends_of(sat)["Camille"] == END + minutes(10)


def test_report_delivered_twice_is_kept_once_and_answered_once_in_private(sat: World) -> None:
    with sat.store.writing() as db:
        first, again = (
            actions.report(
                db, plan_in(db), application_id=sat.camille.id, kind=Kind.QUESTION, key="clef-1234",
                code=code, now=NOON, body="Combien de temps ?",
            ).code
            for code in ("AAAABBBB", "CCCCDDDD")
        )  # fmt: skip
    assert (first, again) == ("AAAABBBB", "AAAABBBB")

    with sat.store.writing() as db:
        found = queries.report_by_code(db, plan_in(db), first)
        assert found is not None
        actions.answer(db, plan_in(db), found[0], body="Vingt minutes.", by=ME, now=NOON)
    with sat.store.writing() as db:
        found = queries.report_by_code(db, plan_in(db), first)
        assert found is not None
        with pytest.raises(actions.SettledError):
            actions.answer(db, plan_in(db), found[0], body="Trente.", by=OTHER, now=NOON)

    assert (bodies(sat, "camille"), bodies(sat, "dominique")) == (["Vingt minutes."], [])


@pytest.mark.parametrize(
    ("given", "limit", "told"),
    [
        ({}, Limit(), EVERYONE),
        ({"ville": "69123"}, Limit(), LYON),
        ({}, Limit(city="69123"), LYON),
        ({"ville": "59350"}, Limit(city="69123"), None),
        ({"region": "84", "ville": "59350"}, Limit(), None),
        ({"ville": "69123", "etat": State.RUNNING.value}, Limit(), None),
        ({"ville": "69123", "q": "Camille"}, Limit(), None),
    ],
)
def test_filter_means_a_place_only_where_it_shows_all_of_it(
    given: dict[str, str], limit: Limit, told: Scope | None
) -> None:
    assert places.city("69123") is not None
    assert Filter.read(given, limit).place == told


def test_nothing_is_written_of_an_act_that_concerns_nobody(sat: World) -> None:
    before = version(sat)

    assert do(sat, Act.RESUME, "camille", "claude") == 0
    assert do(sat, Act.REOPEN, "camille") == 0

    assert version(sat) == before
    with sat.store.reading() as db:
        assert db.exec(select(Application).where(col(Application.id) == sat.camille.id)).one()


def test_key_of_a_press_is_served_once_unless_its_act_is_undone(sat: World) -> None:
    served = []
    for refused in (True, False, False):
        with sat.store.writing() as db:
            served.append(acts.arrives(db, plan_in(db).id, key="clef-du-bouton", now=NOON))
            if refused:
                db.rollback()

    assert served == [True, True, False]
