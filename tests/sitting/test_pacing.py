"""A paced paper, on SQLite and on PostgreSQL: what is open, what counts, and who may go on."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlmodel import select

from quizapp.exam.pace import Open
from quizapp.kit.store import Store
from quizapp.sitting import actions, pacing, queries, timing
from quizapp.sitting.keeping import Saving, keep
from quizapp.sitting.tables import Answer, Opening
from tests import world as worlds
from tests.sitting.running import LILLE, LYON, WHY, mine, minutes, plan_in, save, start, version
from tests.world import NOON, World

GRACE = timedelta(seconds=30)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.fixture
def paced(store: Store) -> World:
    """The world in a paced stage; Camille and Claude have begun."""
    made = worlds.build(store, edition=worlds.PACED)
    with store.writing() as db:
        for adviser in (made.camille, made.claude):
            start(db, adviser.id)
    return made


def go_on(world: World, leaving: int, at: datetime, who: str = "camille") -> bool:
    with world.store.writing() as db:
        return pacing.go_on(db, mine(db, world, who), plan_in(db), leaving=leaving, now=at)


def walk(world: World, steps: int, at: datetime = NOON, who: str = "camille") -> None:
    """Open this many steps at once."""
    for leaving in range(steps):
        assert go_on(world, leaving, at, who)


def opened(world: World, who: str = "camille") -> Open | None:
    with world.store.reading() as db:
        return queries.open_in(mine(db, world, who))


def saved(world: World, item: int, at: datetime, seq: int = 1) -> Saving:
    with world.store.writing() as db:
        return save(db, mine(db, world), at=at, item=item, seq=seq).outcome


def test_nothing_may_be_answered_before_the_first_step_is_opened(paced: World) -> None:
    assert opened(paced) == Open(1, 0)
    assert saved(paced, 1, NOON) is Saving.NOT_OPEN

    walk(paced, 1)

    assert opened(paced) == Open(1, 1, NOON + seconds(45))
    assert saved(paced, 1, NOON) is Saving.KEPT


def test_only_what_is_open_is_kept_and_what_is_not_open_yet_leaves_no_trace(paced: World) -> None:
    walk(paced, 2)

    assert [saved(paced, item, NOON + seconds(item)) for item in range(1, 7)] == [
        Saving.CLOSED, Saving.KEPT, *4 * [Saving.NOT_OPEN],
    ]  # fmt: skip
    with paced.store.reading() as db:
        rows = db.exec(select(Answer.item, Answer.late).order_by(Answer.n)).all()
    assert rows == [(1, True), (2, False)]


@pytest.mark.parametrize(("over", "outcome"), [(0, Saving.KEPT), (0.000001, Saving.CLOSED)])
def test_answer_after_its_questions_end_and_grace_is_kept_and_does_not_count(
    paced: World, over: float, outcome: Saving
) -> None:
    walk(paced, 1)

    assert saved(paced, 1, NOON + seconds(75 + over)) is outcome
    with paced.store.reading() as db:
        number = mine(db, paced).id or 0
        assert set(queries.answers_of(db, number)) == ({1} if outcome is Saving.KEPT else set())
        assert [row.late for row in db.exec(select(Answer))] == [outcome is Saving.CLOSED]


def test_part_is_open_as_a_whole_until_its_end(paced: World) -> None:
    walk(paced, 4)

    assert opened(paced) == Open(4, 5, NOON + minutes(5))
    assert saved(paced, 5, NOON + minutes(5) + GRACE) is Saving.KEPT
    assert saved(paced, 4, NOON + minutes(5) + GRACE + seconds(1)) is Saving.CLOSED


def test_double_click_replay_and_second_tab_skip_nothing(paced: World) -> None:
    walk(paced, 1)

    assert [go_on(paced, 1, NOON + seconds(after)) for after in (3, 3, 9)] == [True, False, False]
    assert not go_on(paced, 0, NOON + seconds(9))
    assert not go_on(paced, 2 + 1, NOON + seconds(9))
    assert opened(paced) == Open(2, 2, NOON + seconds(48))
    with paced.store.reading() as db:
        assert [row.step for row in db.exec(select(Opening).order_by(Opening.step))] == [1, 2]


def test_nothing_follows_the_last_step(paced: World) -> None:
    walk(paced, 5)

    assert not go_on(paced, 5, NOON)
    assert opened(paced) == Open(6, 6)
    assert saved(paced, 6, NOON + minutes(20) + GRACE) is Saving.KEPT


def test_stage_that_is_not_paced_is_open_as_before(world: World) -> None:
    with world.store.writing() as db:
        start(db, world.camille.id)

    assert opened(world) is None
    assert not go_on(world, 0, NOON)
    assert saved(world, 6, NOON) is Saving.KEPT


def test_nothing_is_opened_when_the_time_is_over_or_the_paper_handed_in(paced: World) -> None:
    assert not go_on(paced, 0, NOON + minutes(20) + seconds(1))
    with paced.store.writing() as db:
        actions.hand_in(
            db, mine(db, paced), plan_in(db), number=paced.camille.number, now=NOON + minutes(1)
        )
    assert not go_on(paced, 0, NOON + minutes(2))


def test_pause_stops_the_question_and_nothing_is_opened_in_it(paced: World) -> None:
    walk(paced, 1)
    with paced.store.writing() as db:
        timing.pause(db, mine(db, paced), now=NOON + seconds(20), **WHY)
    assert not go_on(paced, 1, NOON + minutes(3))
    assert saved(paced, 1, NOON + minutes(3)) is Saving.PAUSED
    with paced.store.writing() as db:
        timing.resume(db, mine(db, paced), now=NOON + minutes(10), **WHY)

    assert opened(paced) == Open(1, 1, NOON + minutes(10) + seconds(25))
    assert saved(paced, 1, NOON + minutes(10) + seconds(55)) is Saving.KEPT


def test_allowance_given_on_the_day_lengthens_the_open_question(paced: World) -> None:
    walk(paced, 1)
    with paced.store.writing() as db:
        timing.set_allowance(
            db, application_id=paced.camille.id, factor=Fraction(1, 3), by="o", now=NOON
        )
    assert opened(paced) == Open(1, 1, NOON + seconds(60))

    assert go_on(paced, 1, NOON + seconds(50))
    assert opened(paced) == Open(2, 2, NOON + seconds(110))


def test_extension_lengthens_the_open_part_of_its_city_and_can_be_taken_back(paced: World) -> None:
    walk(paced, 4)
    walk(paced, 4, who="claude")
    with paced.store.writing() as db:
        assert (
            timing.extend(db, plan_in(db), scope=LYON, minutes=2, now=NOON + minutes(1), **WHY) == 1
        )
        timing.extend(db, plan_in(db), scope=LILLE, minutes=3, now=NOON - minutes(9), **WHY)
    assert opened(paced) == Open(4, 5, NOON + minutes(7))
    assert opened(paced, "claude") == Open(4, 5, NOON + minutes(5))

    with paced.store.writing() as db:
        timing.take_back(db, 1, now=NOON + minutes(6), **WHY)
    assert opened(paced) == Open(4, 5, NOON + minutes(6))  # never in the past


def test_extension_never_lengthens_a_question(paced: World) -> None:
    walk(paced, 1)
    with paced.store.writing() as db:
        timing.extend(db, plan_in(db), scope=LYON, minutes=2, now=NOON + seconds(5), **WHY)
        assert mine(db, paced).ends_at == NOON + minutes(22)

    assert opened(paced) == Open(1, 1, NOON + seconds(45))


def test_another_device_goes_on_where_the_first_was(paced: World) -> None:
    walk(paced, 2)
    with paced.store.writing() as db:
        actions.take_over(db, mine(db, paced), writer="téléphone", now=NOON + seconds(5))

    assert opened(paced) == Open(2, 2, NOON + seconds(45))
    assert saved(paced, 2, NOON + seconds(6)) is Saving.ELSEWHERE


def test_save_in_a_paced_stage_is_one_statement(paced: World, statements: Counter[str]) -> None:
    walk(paced, 1)
    with paced.store.writing() as db:
        sent = version(db, mine(db, paced), at=NOON)
    statements.clear()
    with paced.store.changing() as connection:
        [kept] = keep(connection, [sent])

    assert kept is not None
    assert kept.outcome is Saving.KEPT
    assert statements.total() == 1
