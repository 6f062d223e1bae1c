"""Parts and questions with a time of their own: what is open, until when, and what counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam.blueprint import Section
from quizapp.exam.clock import PLAIN, Own, Pause
from quizapp.exam.pace import NOTHING, Judged, Open, Pace, Part, pace_of

NOON = datetime(2026, 11, 28, 9, 5, tzinfo=UTC)
GRACE = timedelta(seconds=10)
DAY_AFTER = NOON + timedelta(days=1)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def section(bank: str, questions: int = 3, **stated: object) -> Section:
    return Section.model_validate(
        {"bank": bank, "title": bank.title(), "questions": questions, **stated}
    )


def paced(*sections: Section, forward_only: bool = False) -> Pace:
    made = pace_of(sections, forward_only=forward_only)
    assert made is not None
    return made


TIMED = paced(section("a", seconds_per_question=45), section("b", 2, minutes=5), section("c", 1))


def test_stage_that_states_nothing_is_open_at_once() -> None:
    assert pace_of([section("a"), section("b")]) is None
    assert pace_of([section("a", forward_only="no")], forward_only=True) is None


def test_steps_are_questions_or_parts_in_the_order_of_the_paper() -> None:
    assert [(step.first, step.last, step.begins_part) for step in TIMED.steps] == [
        (1, 1, True), (2, 2, False), (3, 3, False), (4, 5, True), (6, 6, True),
    ]  # fmt: skip


def test_neighbours_that_state_nothing_are_one_part() -> None:
    made = paced(section("a"), section("b", 2), section("c", 1, minutes=3), section("d", 2))

    assert made.parts == (
        Part("A, B", 1, 5), Part("C", 6, 6, lasts=timedelta(minutes=3)), Part("D", 7, 8),
    )  # fmt: skip


def test_forward_only_of_the_stage_holds_where_a_section_says_nothing() -> None:
    made = paced(section("a", 2), section("b", 2, forward_only="no"), forward_only=True)

    assert [(part.title, part.forward) for part in made.parts] == [("A", True), ("B", False)]
    assert made.opened(PLAIN, [NOON]) == Open(1, 1, None)


def test_nothing_is_open_before_the_first_step() -> None:
    assert TIMED.opened(PLAIN, []) == NOTHING
    assert TIMED.place(NOTHING) == 0
    assert NOTHING.judge(1, received=NOON, ends=DAY_AFTER, grace=GRACE) is Judged.NOT_OPEN


@pytest.mark.parametrize(
    ("item", "after", "judged"),
    [
        (2, 0, Judged.COUNTS),
        (2, 55, Judged.COUNTS),  # 45 s and the grace, included
        (2, 55.000001, Judged.CLOSED),
        (1, 0, Judged.CLOSED),  # left behind: no grace
        (3, 0, Judged.NOT_OPEN),
        (3, 3600, Judged.NOT_OPEN),
    ],
)
def test_answer_counts_by_its_questions_own_end(item: int, after: float, judged: Judged) -> None:
    opened = TIMED.opened(PLAIN, [NOON - seconds(30), NOON])

    assert opened == Open(2, 2, NOON + seconds(45))
    received = NOON + seconds(after)
    assert opened.judge(item, received=received, ends=DAY_AFTER, grace=GRACE) is judged


def test_stages_own_end_always_holds() -> None:
    opened, ends = TIMED.opened(PLAIN, [NOON]), NOON + seconds(5)

    assert opened.end(ends) == ends
    judged = opened.judge(1, received=NOON + seconds(16), ends=ends, grace=GRACE)
    assert judged is Judged.CLOSED


def test_part_with_both_times_ends_its_questions_too() -> None:
    both = paced(section("a", 4, minutes=1, seconds_per_question=45))

    assert both.parts[0].longest == seconds(60)
    assert both.opened(PLAIN, [NOON]).until == NOON + seconds(45)
    assert both.opened(PLAIN, [NOON, NOON + seconds(40)]).until == NOON + seconds(60)


def test_allowance_makes_parts_and_questions_longer() -> None:
    third = Own(Fraction(1, 3))
    in_the_part = [NOON, NOON, NOON, NOON]

    assert TIMED.opened(third, [NOON]).until == NOON + seconds(60)
    assert TIMED.opened(third, in_the_part).until == NOON + seconds(400)
    assert TIMED.parts[0].with_allowance(Fraction(1, 3)).each == seconds(60)


def test_pause_stops_what_is_open_and_nothing_that_is_opened_later() -> None:
    own = Own(pauses=(Pause(NOON + seconds(10), NOON + seconds(100)),))

    assert TIMED.opened(own, [NOON]).until == NOON + seconds(135)
    assert TIMED.opened(own, [NOON, NOON + seconds(110)]).until == NOON + seconds(155)


@pytest.mark.parametrize(
    ("given_after", "longer"), [(-600, 0), (99, 0), (100, 120), (500, 120), (900, 120)]
)
def test_extension_lengthens_the_part_open_when_it_is_given(given_after: int, longer: int) -> None:
    own = Own(extensions=(seconds(120),), given_at=(NOON + seconds(given_after),))
    opened = [NOON, NOON + seconds(30), NOON + seconds(60), NOON + seconds(100)]

    assert TIMED.opened(own, opened).until == NOON + seconds(100 + 300 + longer)


def test_extension_before_the_first_part_lengthens_it_and_never_a_question() -> None:
    own = Own(extensions=(seconds(120),), given_at=(NOON - seconds(600),))
    first = paced(section("a", minutes=2), section("b"))

    assert first.opened(own, [NOON]).until == NOON + seconds(240)
    assert TIMED.opened(own, [NOON]).until == NOON + seconds(45)


SECTIONS = st.lists(
    st.fixed_dictionaries(
        {"questions": st.integers(1, 4)},
        optional={"minutes": st.integers(1, 3), "seconds_per_question": st.integers(5, 90)},
    ),
    min_size=1, max_size=4,
)  # fmt: skip
OWNS = st.builds(
    Own,
    allowance=st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1)]),
    pauses=st.lists(st.integers(1, 90), max_size=2).map(
        lambda lengths: tuple(
            Pause(NOON + seconds(100 * n), NOON + seconds(100 * n + length))
            for n, length in enumerate(lengths)
        )
    ),
)
# What a person does next: waits so long, and then presses, on the page of one step or another.
ACTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8)), max_size=30)


@given(SECTIONS, st.booleans(), OWNS, ACTS)
def test_no_way_through_gives_more_time_than_stated_or_leads_back(
    stated: list[dict[str, int]], forward: bool, own: Own, acts: list[tuple[int, int]]
) -> None:
    pace = pace_of(
        [section(f"b{n}", **one) for n, one in enumerate(stated)],  # type: ignore[arg-type]
        forward_only=forward,
    )
    if pace is None:
        return
    now, opened = NOON, list[datetime]()
    first: dict[int, datetime] = {}  # by item: the first and the last instant at which it counted
    last: dict[int, datetime] = {}
    for wait, page in acts:
        now += seconds(wait)
        place = pace.place(pace.opened(own, opened))
        assert place == len(opened)  # it only ever goes forward
        if page == place and pace.following(place) is not None:
            opened.append(now)
        here = pace.opened(own, opened)
        for item in range(1, pace.parts[-1].last + 1):
            if here.judge(item, received=now, ends=DAY_AFTER, grace=seconds(0)) is Judged.COUNTS:
                first.setdefault(item, now)
                last[item] = now

    stood = sum((pause.length for pause in own.pauses), seconds(0))
    for item in first:
        part = next(part for part in pace.parts if part.first <= item <= part.last)
        mine = part.with_allowance(own.allowance)
        for limit in (mine.each, mine.lasts):
            assert limit is None or last[item] - first[item] <= limit + stood
