"""When a stage is open, when a sitting ends, and which answers count."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.clock import (
    EVERYONE,
    PLAIN,
    Override,
    Own,
    Pause,
    Phase,
    Scope,
    ScopeKind,
    Start,
    Timing,
    Whereabouts,
    Window,
    allowed,
    counts,
    ends_at,
    phase_at,
    time_left,
)

TEN = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
NOON = TEN + timedelta(hours=2)
WINDOW = Window(TEN, NOON)
MICROSECOND = timedelta(microseconds=1)
THIRD = Fraction(1, 3)


def minutes(count):
    return timedelta(minutes=count)


def timing(duration, **more):
    return Timing(WINDOW, minutes(duration), **more)


def test_window_contains_its_opening_and_not_its_closing():
    assert [WINDOW.phase_at(now) for now in (TEN - MICROSECOND, TEN, NOON - MICROSECOND, NOON)] == [
        Phase.FUTURE,
        Phase.OPEN,
        Phase.OPEN,
        Phase.CLOSED,
    ]


COMMON = {"start": Start.COMMON}
FULL = {"cut": False}
FIVE_LATE = TEN + minutes(5)
LAST_FIVE = NOON - minutes(5)
FIVE = (minutes(5),)


@pytest.mark.parametrize(
    ("stage", "own", "started", "ends"),
    [
        (timing(20), PLAIN, TEN, TEN + minutes(20)),
        (timing(20), PLAIN, NOON - minutes(20), NOON),
        (timing(20), PLAIN, LAST_FIVE, NOON),
        (timing(20, **FULL), PLAIN, LAST_FIVE, NOON + minutes(15)),
        (timing(30), Own(THIRD), TEN, TEN + minutes(40)),
        (timing(30), Own(THIRD), LAST_FIVE, NOON + minutes(10)),
        (timing(30), Own(THIRD, FIVE), LAST_FIVE, NOON + minutes(15)),
        (timing(20), Own(extensions=FIVE), LAST_FIVE, NOON + minutes(5)),
        (timing(20, **FULL), Own(THIRD), NOON, NOON + timedelta(seconds=1600)),
        (timing(20), Own(pauses=(Pause(FIVE_LATE, FIVE_LATE + minutes(3)),)), TEN, TEN + minutes(23)),
        (timing(20), Own(pauses=(Pause(LAST_FIVE, NOON),)), NOON - minutes(10), NOON + minutes(5)),
        (timing(20, **COMMON), PLAIN, TEN, TEN + minutes(20)),
        (timing(20, **COMMON), PLAIN, FIVE_LATE, TEN + minutes(20)),
        (timing(30, **COMMON), Own(THIRD, FIVE), FIVE_LATE, TEN + minutes(45)),
        (timing(150, **COMMON), PLAIN, FIVE_LATE, TEN + minutes(150)),
        (timing(20), Own(overrides=(Override(ScopeKind.PERSON, duration=minutes(45)),)), TEN,
         TEN + minutes(45)),
        (timing(30), Own(THIRD, overrides=(Override(ScopeKind.CITY, duration=minutes(60)),)), TEN,
         TEN + minutes(80)),
        (timing(20), Own(overrides=(Override(ScopeKind.CENTRE, closes=NOON + minutes(30)),)), NOON,
         NOON + minutes(20)),
    ],
)  # fmt: skip
def test_sitting_ends_after_its_time_or_with_the_window(stage, own, started, ends):
    assert ends_at(stage, own, started) == ends


TIMINGS = st.builds(
    Timing,
    window=st.just(WINDOW),
    duration=st.integers(1, 600).map(minutes),
    start=st.sampled_from(Start),
    cut=st.booleans(),
)
STARTS = st.timedeltas(timedelta(0), timedelta(hours=2) - MICROSECOND).map(lambda late: TEN + late)
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=2))
ALLOWANCES = st.fractions(0, 3, max_denominator=60)
PAUSES = st.builds(lambda begins, length: Pause(begins, begins + length), STARTS, LENGTHS)
OVERRIDES = st.builds(
    Override,
    kind=st.sampled_from(ScopeKind),
    opens=st.none() | st.integers(-60, 0).map(lambda early: TEN + minutes(early)),
    closes=st.none() | st.integers(0, 60).map(lambda late: NOON + minutes(late)),
    duration=st.none() | st.integers(1, 600).map(minutes),
)
OWNS = st.builds(
    Own,
    allowance=ALLOWANCES,
    extensions=st.lists(LENGTHS, max_size=3).map(tuple),
    pauses=st.lists(PAUSES, max_size=3).map(tuple),
    overrides=st.lists(OVERRIDES, max_size=3, unique_by=lambda one: one.kind).map(tuple),
)
ANY = settings(deadline=None, max_examples=100)


def with_more(own, **more):
    """The same time of one's own, with something added."""
    parts = {
        name: getattr(own, name) for name in ("allowance", "extensions", "pauses", "overrides")
    }
    return Own(**{**parts, **more})


@given(TIMINGS, OWNS, STARTS, ALLOWANCES)
@ANY
def test_allowance_is_its_share_of_the_duration_and_is_never_cut(stage, own, started, allowance):
    stage = Timing(WINDOW, stage.duration, stage.start, stage.cut)
    plain, aided = with_more(own, allowance=Fraction(0)), with_more(own, allowance=allowance)

    gained = ends_at(stage, aided, started) - ends_at(stage, plain, started)

    lasts = next(
        (one.duration for one in sorted(own.overrides, key=lambda one: -list(ScopeKind).index(one.kind))
         if one.duration),
        stage.duration,
    )  # fmt: skip
    owed = lasts // MICROSECOND * allowance
    assert owed <= gained // MICROSECOND < owed + 1


@given(TIMINGS, OWNS, STARTS, LENGTHS)
@ANY
def test_extension_adds_exactly_itself_wherever_the_window_ends(stage, own, started, given_time):
    longer = with_more(own, extensions=(*own.extensions, given_time))

    assert ends_at(stage, longer, started) - ends_at(stage, own, started) == given_time


@given(TIMINGS, OWNS, STARTS, PAUSES)
@ANY
def test_pause_gives_back_exactly_its_length(stage, own, started, pause):
    resumed = with_more(own, pauses=(*own.pauses, pause))

    assert ends_at(stage, resumed, started) - ends_at(stage, own, started) == (
        pause.ends - pause.begins
    )


@given(TIMINGS, OWNS, STARTS)
@settings(deadline=None, max_examples=40)
def test_order_in_which_time_is_given_does_not_matter(stage, own, started):
    ends = {
        ends_at(stage, with_more(own, extensions=one, pauses=two, overrides=three), started)
        for one in permutations(own.extensions)
        for two in permutations(own.pauses)
        for three in permutations(own.overrides)
    }

    assert len(ends) == 1


@given(TIMINGS, OWNS, STARTS, STARTS)
@ANY
def test_sitting_begun_later_never_ends_earlier(stage, own, one, other):
    first, second = sorted((one, other))

    assert ends_at(stage, own, first) <= ends_at(stage, own, second)


@given(OWNS, STARTS, STARTS, st.integers(1, 600))
@ANY
def test_with_a_common_start_one_ends_at_the_same_instant_whenever_one_came(own, one, other, lasts):
    stage = timing(lasts, start=Start.COMMON)

    assert ends_at(stage, own, one) == ends_at(stage, own, other)


@given(TIMINGS, OWNS, st.timedeltas(timedelta(hours=-2), timedelta(hours=6)))
@ANY
def test_whoever_may_begin_has_time_left(stage, own, late):
    now = TEN + late

    if phase_at(stage, own, now) is Phase.OPEN:
        assert time_left(stage, own, now) > timedelta(0)


def test_narrowest_override_has_the_last_word_for_each_of_its_values():
    city = Override(ScopeKind.CITY, closes=NOON + minutes(30), duration=minutes(40))
    person = Override(ScopeKind.PERSON, duration=minutes(50))

    own = Own(overrides=(person, city))

    assert ends_at(timing(20), own, NOON) == NOON + minutes(30)
    assert ends_at(timing(20), own, TEN) == TEN + minutes(50)


def test_extension_keeps_the_door_open_for_those_who_have_not_begun():
    late = NOON + minutes(4)

    assert phase_at(timing(20), PLAIN, late) is Phase.CLOSED
    assert phase_at(timing(20), Own(extensions=FIVE), late) is Phase.OPEN
    assert time_left(timing(20), Own(extensions=FIVE), late) == minutes(1)


def test_allowance_alone_does_not_keep_the_door_open():
    assert phase_at(timing(20), Own(THIRD), NOON) is Phase.CLOSED


def test_nobody_begins_after_the_end_of_a_common_sitting():
    assert phase_at(timing(20, **COMMON), PLAIN, TEN + minutes(20)) is Phase.CLOSED
    assert phase_at(timing(20, **COMMON), Own(THIRD), TEN + minutes(20)) is Phase.OPEN


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (TEN - timedelta(days=1), minutes(20)),
        (TEN, minutes(20)),
        (NOON - minutes(5), minutes(5)),
        (NOON, timedelta(0)),
        (NOON + timedelta(days=1), timedelta(0)),
    ],
)
def test_time_left_is_what_somebody_who_starts_now_would_have(now, left):
    assert time_left(timing(20), PLAIN, now) == left


def test_third_of_twenty_minutes_is_exact():
    assert allowed(minutes(20), THIRD) == timedelta(seconds=400)
    assert allowed(minutes(1) / 60, THIRD) == timedelta(microseconds=333_334)


@pytest.mark.parametrize(
    "given_time", [{"allowance": Fraction(-1, 3)}, {"extensions": (minutes(5), minutes(-1))}]
)
def test_nothing_given_takes_time_away(given_time):
    with pytest.raises(ValueError, match="only adds time"):
        Own(**given_time)


def test_pause_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        Pause(NOON, TEN)


CAMILLE = Whereabouts(region="84", city="69123", centre="7", person="1")


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (EVERYONE, True),
        (Scope(ScopeKind.REGION, "84"), True),
        (Scope(ScopeKind.REGION, "69123"), False),
        (Scope(ScopeKind.CITY, "69123"), True),
        (Scope(ScopeKind.CENTRE, "1"), False),
        (Scope(ScopeKind.CENTRE, "7"), True),
        (Scope(ScopeKind.PERSON, "1"), True),
        (Scope(ScopeKind.PERSON, "7"), False),
    ],
)
def test_scope_covers_those_it_names_and_no_other(scope, covered):
    assert scope.covers(CAMILLE) is covered


@pytest.mark.parametrize(("kind", "target"), [(ScopeKind.EVERYONE, "84"), (ScopeKind.CITY, "")])
def test_scope_names_its_target_unless_it_is_everyone(kind, target):
    with pytest.raises(ValueError, match="names its target"):
        Scope(kind, target)


def test_answers_count_up_to_the_end_of_the_grace():
    grace = timedelta(seconds=30)

    assert [counts(NOON + late, NOON, grace) for late in (-grace, grace, grace + MICROSECOND)] == [
        True, True, False,
    ]  # fmt: skip
    assert counts(NOON, NOON, timedelta(0))
