"""Late answers accepted with a reason: beside the answers, graded as in time, undone as easily."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import Session, select

from quizapp.banks.queries import banks_of
from quizapp.contests.tables import Application
from quizapp.exam import audit
from quizapp.kit.journal import JournalEntry
from quizapp.results import accepting, actions, lateness, queries
from quizapp.results.accepting import ChangedError, StillOpenError
from quizapp.results.tables import Draft, LateAcceptance, Score
from quizapp.sitting.audit import final_receipt, record_of
from quizapp.sitting.keeping import Saving, Version, keep
from quizapp.sitting.tables import Answer, Sitting
from tests.sitting.running import END, mine, minutes, plan_in, start
from tests.world import NOON, World

AFTER = END + minutes(2)
STAGE = "essai/premier-tour"


def send(
    db: Session, world: World, item: int, *, right: bool, seq: int = 1, late: bool = False
) -> Saving:
    """Camille answers one question of her paper, rightly or not, in time or two minutes after the end."""
    sitting = mine(db, world)
    owner = db.get_one(Application, sitting.application_id)
    asked = sitting.paper.items[item - 1]
    key = banks_of(db, sitting.stage_id)[asked.bank].by_id[asked.question].key
    response = key if right else str(1 + int(key))
    at = (AFTER if late else NOON) + timedelta(seconds=10 * item + seq)
    version = Version(
        sitting=sitting.id or 0, application=sitting.application_id, stamp=owner.stamp, writer="ici",
        stage=STAGE, candidate=owner.number, item=item, seq=seq, key=f"clef-{item}-{seq}-{late}",
        response=response, flagged=False, at=at, grace=plan_in(db).says.grace_time,
    )  # fmt: skip
    [saved] = keep(db.connection(), [version])
    assert saved is not None
    return saved.outcome


def prepare(world: World, *, in_time: bool = True, late: bool = True) -> None:
    """Camille answers question 1 wrongly in time; then, late, 1 rightly and 2 rightly."""
    with world.store.writing() as db:
        start(db, world.camille.id)
        if in_time:
            assert send(db, world, 1, right=False) is Saving.KEPT
    with world.store.writing() as db:
        if late:
            assert send(db, world, 1, right=True, seq=2, late=True) is Saving.LATE
            assert send(db, world, 2, right=True, late=True) is Saving.LATE


@pytest.fixture
def closed(world: World) -> World:
    """The stage is closed and graded; Camille's late answers are there, and count nothing."""
    prepare(world)
    with world.store.writing() as db:
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=AFTER + minutes(5))
    return world


def case(world: World) -> lateness.Case:
    with world.store.reading() as db:
        who = db.get_one(Application, world.camille.id)
        found = lateness.case_of(db, plan_in(db), who)
    assert found is not None
    return found


def decide(
    world: World,
    do: Callable[..., int] = accepting.accept,
    *,
    numbers: set[int] | None = None,
    seen: str = "",
    by: str = "staff:1",
    reason: str = "Panne du réseau de la ville",
) -> int:
    known = case(world)
    with world.store.writing() as db:
        who = db.get_one(Application, world.camille.id)
        return do(
            db, plan_in(db), who, numbers=numbers or {one.n for one in known.late},
            seen=seen or known.state, by=by, reason=reason, now=AFTER + minutes(10),
        )  # fmt: skip


def points(world: World) -> Fraction:
    with world.store.reading() as db:
        return db.exec(select(Score.points)).one()


def rows(world: World) -> list[tuple[object, ...]]:
    """Every answer as it is stored, to the last column."""
    with world.store.reading() as db:
        found = db.exec(select(Answer).order_by(Answer.sitting_id, Answer.n)).all()
        return [tuple(one.model_dump().values()) for one in found]


def test_late_answers_count_only_once_accepted_and_exactly_as_in_time(closed: World) -> None:
    before = points(closed)

    accepted = decide(closed)

    assert (before, accepted, points(closed)) == (0, 2, 2)
    with closed.store.reading() as db:
        assert db.exec(select(Draft.points)).one() == 2  # the ranking to publish has it at once


def test_one_answer_accepted_leaves_the_others_late(closed: World) -> None:
    second = next(one.n for one in case(closed).late if one.item == 2)

    decide(closed, numbers={second})

    assert points(closed) == 1
    assert set(case(closed).accepted) == {second}


def test_accepted_before_the_closing_is_graded_at_the_closing(world: World) -> None:
    prepare(world)
    with world.store.writing() as db:
        sitting = mine(db, world)
        sitting.closed_at, sitting.closed_by = sitting.ends_at, "expiry"
        db.add(sitting)
    decide(world)

    with world.store.writing() as db:
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=AFTER + minutes(20))

    assert points(world) == 2


def test_taking_back_gives_the_score_of_before(closed: World) -> None:
    decide(closed)

    undone = decide(closed, accepting.take_back, reason="Erreur de ma part")

    assert (undone, points(closed)) == (2, 0)
    assert case(closed).accepted == {}
    assert decide(closed, reason="Vérifié") == 2  # and it can be decided again


def test_decision_never_touches_an_answer_a_receipt_or_the_chain(closed: World) -> None:
    def proof() -> tuple[object, ...]:
        with closed.store.reading() as db:
            record = record_of(db, STAGE, closed.camille.number)
            assert record is not None
            receipt = final_receipt(
                db, mine(db, closed), stage=STAGE, candidate=closed.camille.number
            )
            return (*audit.broken(record), receipt, audit.unlike_paper(receipt, record))

    stored, proven = rows(closed), proof()

    decide(closed)

    assert (rows(closed), proof()) == (stored, proven)
    assert proven[-1] == []


def test_decision_is_journalled_with_what_counted_before_and_after(closed: World) -> None:
    decide(closed)
    decide(closed, accepting.take_back, reason="Erreur")

    with closed.store.reading() as db:
        lines = db.exec(select(JournalEntry).where(JournalEntry.what.startswith("late"))).all()  # type: ignore[attr-defined]
    subject = f"stage:premier-tour/application:{closed.camille.number}"
    assert [(one.what, one.subject, one.who, one.before, one.after, one.why) for one in lines] == [
        ("late.accept", subject, "staff:1", "1: n° 1, 2: –", "1: n° 2, 2: n° 3",
         "Panne du réseau de la ville"),
        ("late.undo", subject, "staff:1", "1: n° 2, 2: n° 3", "1: n° 1, 2: –", "Erreur"),
    ]  # fmt: skip


def test_same_decision_twice_is_one(closed: World) -> None:
    seen = case(closed).state

    assert decide(closed, seen=seen) == 2
    assert decide(closed, seen=seen) == 0

    with closed.store.reading() as db:
        assert len(db.exec(select(LateAcceptance)).all()) == 2
        acts = db.exec(select(JournalEntry).where(JournalEntry.what == "late.accept")).all()
        assert len(acts) == 1


def test_same_withdrawal_twice_is_one(closed: World) -> None:
    decide(closed)
    seen = case(closed).state

    assert decide(closed, accepting.take_back, seen=seen, reason="Erreur") == 2
    assert decide(closed, accepting.take_back, seen=seen, reason="Erreur") == 0


def test_second_desk_is_told_and_changes_nothing(closed: World) -> None:
    seen = case(closed).state
    second = next(one.n for one in case(closed).late if one.item == 2)
    decide(closed, numbers={second}, seen=seen)

    with pytest.raises(ChangedError):
        decide(closed, seen=seen, by="staff:2", reason="Autre motif")
    with pytest.raises(ChangedError):
        decide(closed, accepting.take_back, seen=seen, by="staff:2")

    assert set(case(closed).accepted) == {second}


def test_two_desks_at_the_same_moment_make_one_decision(closed: World) -> None:
    seen = case(closed).state

    def press(desk: int) -> int:
        try:
            return decide(closed, seen=seen, by=f"staff:{desk}")
        except ChangedError:
            return -1

    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(press, range(4)))

    assert done == [-1, -1, -1, 2]


def test_open_paper_is_not_decided_on(world: World) -> None:
    with world.store.writing() as db:
        start(db, world.camille.id)
        send(db, world, 2, right=True, late=True)

    with pytest.raises(StillOpenError):
        decide(world)


def test_in_time_answer_is_nothing_to_accept(closed: World) -> None:
    assert decide(closed, numbers={1}) == 0
    assert points(closed) == 0


def test_acceptance_of_one_candidate_regrades_no_other(world: World) -> None:
    prepare(world)
    with world.store.writing() as db:
        start(db, world.claude.id)
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=AFTER + minutes(6))

    decide(world)

    with world.store.reading() as db:
        graded = dict(
            db.exec(
                select(Sitting.application_id, Score.graded_at).join(
                    Score, Score.sitting_id == Sitting.id  # type: ignore[arg-type]
                )
            ).all()
        )  # fmt: skip
    assert graded == {
        world.camille.id: AFTER + minutes(10),
        world.claude.id: AFTER + minutes(6),
    }


def test_published_version_stays_and_a_new_one_is_needed(closed: World) -> None:
    with closed.store.writing() as db:
        first = actions.publish(db, plan_in(db), by="test", reason="1", now=AFTER + minutes(6))
    decide(closed)
    with closed.store.reading() as db:
        standing = queries.published_result(db, first, closed.camille.id)
        assert standing is not None
        assert standing.points == 0
        assert list(lateness.accepted_in(db, first, closed.camille.id)) == []

    with closed.store.writing() as db:
        second = actions.publish(db, plan_in(db), by="test", reason="2", now=AFTER + minutes(20))

    with closed.store.reading() as db:
        standing = queries.published_result(db, second, closed.camille.id)
        assert standing is not None
        assert (second.number, standing.points) == (2, 2)
        told = lateness.accepted_in(db, second, closed.camille.id)
        assert [(item, one.reason) for item, one in told] == [
            (1, "Panne du réseau de la ville"), (2, "Panne du réseau de la ville"),
        ]  # fmt: skip
