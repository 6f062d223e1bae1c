"""A sitting, on SQLite and on PostgreSQL: what is kept, what counts, what is refused."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam import receipts
from quizapp.sitting import actions, keeping, queries
from quizapp.sitting.keeping import Saved, Saving, Version, keep
from quizapp.sitting.tables import Answer, Sitting
from tests.world import NOON, OPENS, World


def _plan(db: Session) -> Plan:
    plan = contests.plan(db, "premier-tour")
    assert plan is not None
    return plan


def _start(db: Session, world: World, seed: str = "graine") -> Sitting:
    return actions.start(
        db, _plan(db), application_id=world.camille.id, seed=seed, writer="ici", now=NOON
    )


def _version(
    db: Session,
    sitting: Sitting,
    response: str | None,
    *,
    seq: int = 1,
    key: str = "",
    after: int = 60,
    writer: str = "ici",
    stamp: str = "",
    item: int = 1,
) -> Version:
    owner = db.get_one(Application, sitting.application_id)
    return Version(
        sitting=sitting.id or 0, application=sitting.application_id, stamp=stamp or owner.stamp,
        writer=writer, stage="essai/premier-tour", candidate=owner.number, item=item, seq=seq,
        key=key or f"clef-{item}-{seq}-{response}", response=response, flagged=False,
        at=NOON + timedelta(seconds=after), grace=_plan(db).says.grace_time,
    )  # fmt: skip


def _save(db: Session, sitting: Sitting, response: str | None, **more: Any) -> Saved:
    [saved] = keep(db.connection(), [_version(db, sitting, response, **more)])
    assert saved is not None
    return saved


def test_start_twice_gives_the_same_sitting_and_paper(world: World) -> None:
    with world.store.writing() as db:
        first = _start(db, world)
    with world.store.writing() as db:
        second = _start(db, world, seed="autre")

    assert (second.id, second.drawn, second.ends_at) == (first.id, first.drawn, first.ends_at)
    assert first.ends_at == NOON + timedelta(minutes=20)


@pytest.mark.parametrize("minutes", [-1, 60])
def test_start_outside_the_window_begins_nothing(world: World, minutes: int) -> None:
    at = OPENS + timedelta(minutes=minutes)

    with pytest.raises(actions.NotOpenError), world.store.writing() as db:
        actions.start(
            db, _plan(db), application_id=world.camille.id, seed="g", writer="ici", now=at
        )

    with world.store.reading() as db:
        assert db.exec(select(Sitting)).all() == []


def test_late_start_is_cut_by_the_end_of_the_window(world: World) -> None:
    at = OPENS + timedelta(minutes=50)

    with world.store.writing() as db:
        sitting = actions.start(
            db, _plan(db), application_id=world.camille.id, seed="g", writer="ici", now=at
        )

    assert sitting.ends_at == OPENS + timedelta(minutes=60)


def test_saved_answer_counts(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        outcome = _save(db, sitting, "2").outcome

    with world.store.reading() as db:
        assert outcome is Saving.KEPT
        assert queries.responses(queries.answers_of(db, sitting.id or 0)) == {1: "2"}


def test_newer_answer_counts_and_the_older_is_kept_as_a_version(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        _save(db, sitting, "2", seq=1)
        _save(db, sitting, None, seq=2)

    with world.store.reading() as db:
        assert queries.responses(queries.answers_of(db, sitting.id or 0)) == {}
        assert [row.response for row in db.exec(select(Answer).order_by(Answer.seq))] == ["2", None]


def test_same_delivery_twice_is_one_answer(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        first = _save(db, sitting, "2", key="livraison")
        again = _save(db, sitting, "2", key="livraison", after=90)

    assert (first.outcome, again.outcome) == (Saving.KEPT, Saving.REPEATED)
    assert again.counts == first.counts


def test_answer_from_a_stale_tab_is_refused_and_changes_nothing(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        _save(db, sitting, "2", seq=2, key="premier-onglet")
        stale = _save(db, sitting, "0", seq=1, key="second-onglet")

    with world.store.reading() as db:
        assert stale.outcome is Saving.STALE
        assert stale.counts is not None
        assert stale.counts.response == "2"
        assert queries.responses(queries.answers_of(db, sitting.id or 0)) == {1: "2"}


@pytest.mark.parametrize(("after", "outcome"), [(1200 + 30, Saving.KEPT), (1200 + 31, Saving.LATE)])
def test_grace_is_included_and_what_comes_later_is_only_evidence(
    world: World, after: int, outcome: Saving
) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        saved = _save(db, sitting, "2", after=after)

    with world.store.reading() as db:
        assert saved.outcome is outcome
        counted = queries.responses(queries.answers_of(db, sitting.id or 0))
        assert counted == ({1: "2"} if outcome is Saving.KEPT else {})
        assert len(db.exec(select(Answer)).all()) == 1


def test_answer_after_handing_in_is_only_evidence(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        _save(db, sitting, "2", seq=1)
        actions.hand_in(
            db, sitting, _plan(db), number=world.camille.number, now=NOON + timedelta(seconds=61)
        )
        digest = sitting.digest
        late = _save(db, sitting, "0", seq=2, after=62)

    with world.store.reading() as db:
        stored = db.get_one(Sitting, sitting.id)
        assert late.outcome is Saving.LATE
        assert (stored.closed_by, stored.answered, stored.digest) == ("candidate", 1, digest)


def test_expired_sitting_is_closed_from_stored_answers_with_no_browser_open(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        _save(db, sitting, "2")
    with world.store.writing() as db:
        within_grace = actions.close_expired(db, now=sitting.ends_at + timedelta(seconds=30))
        closed = actions.close_expired(db, now=sitting.ends_at + timedelta(seconds=31))

    with world.store.reading() as db:
        stored = db.get_one(Sitting, sitting.id)
        assert (within_grace, closed) == (0, 1)
        assert (stored.closed_by, stored.answered, stored.closed_at) == (
            "expiry",
            1,
            stored.ends_at,
        )


def test_device_that_lost_the_sitting_is_told_and_changes_nothing(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        _save(db, sitting, "2", seq=1)
        actions.take_over(db, sitting, writer="là-bas", now=NOON)
        old = _save(db, sitting, "0", seq=2)
        new = _save(db, sitting, "1", seq=3, writer="là-bas")

    with world.store.reading() as db:
        assert (old.outcome, new.outcome) == (Saving.ELSEWHERE, Saving.KEPT)
        assert queries.responses(queries.answers_of(db, sitting.id or 0)) == {1: "1"}


def test_revoked_access_can_save_nothing(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        saved = _save(db, sitting, "2", stamp="un-autre-timbre")

    with world.store.reading() as db:
        assert saved.outcome is Saving.NOBODY
        assert db.exec(select(Answer)).all() == []


def test_sitting_keeps_no_more_versions_than_a_person_can_make(
    world: World,
) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        for seq in range(1, 4):
            _save(db, sitting, "2", seq=seq)
        db.connection().execute(update(Answer).where(Answer.n == 3).values(n=keeping.MOST_VERSIONS))  # type: ignore[arg-type]
        saved = _save(db, sitting, "1", seq=9)

    assert saved.outcome is Saving.TOO_MANY


def test_answers_of_one_moment_are_kept_by_one_statement(world: World, statements: Counter) -> None:
    with world.store.writing() as db:
        sittings = [
            actions.start(
                db, _plan(db), application_id=adviser.id, seed="g", writer="ici", now=NOON
            )
            for adviser in (world.camille, world.dominique, world.claude)
        ]
        batch = [_version(db, sitting, "1") for sitting in sittings]
        statements.clear()
        saved = keep(db.connection(), batch)

    assert [one and one.outcome for one in saved] == [Saving.KEPT] * 3
    assert statements.total() == 1


def test_versions_of_a_sitting_form_a_chain(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        first = _save(db, sitting, "2", seq=1)
        second = _save(db, sitting, None, seq=2)
        batch = [_version(db, sitting, "1", item=2), _version(db, sitting, "1", item=3)]
        together = keep(db.connection(), batch)

    assert first.counts is not None
    assert second.counts is not None
    assert together[1] is None  # its turn comes with the next transaction
    name = ("essai/premier-tour", world.camille.number)
    assert first.counts.previous == receipts.first_link(*name)
    assert second.counts.previous == first.counts.link
    said = receipts.rest(
        *name, item=1, seq=2, flagged=False, at=second.counts.at, answer=receipts.NONE
    )
    text = f"{first.counts.link}\n2|{said}"
    assert second.counts.link == hashlib.sha256(text.encode()).hexdigest()
