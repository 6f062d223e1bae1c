"""When a stage is open, when a sitting ends, which answers count, and the nights of the clocks."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.clock import Phase, Timing, Window, counts, utc

TEN = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
NOON = TEN + timedelta(hours=2)
WINDOW = Window(TEN, NOON)
MICROSECOND = timedelta(microseconds=1)


def minutes(count):
    return timedelta(minutes=count)


def test_window_contains_its_opening_and_not_its_closing():
    assert [WINDOW.phase_at(now) for now in (TEN - MICROSECOND, TEN, NOON - MICROSECOND, NOON)] == [
        Phase.FUTURE,
        Phase.OPEN,
        Phase.OPEN,
        Phase.CLOSED,
    ]


@pytest.mark.parametrize(
    ("timing", "started", "ends"),
    [
        (Timing(minutes(20)), TEN, TEN + minutes(20)),
        (Timing(minutes(20)), NOON - minutes(20), NOON),
        (Timing(minutes(20)), NOON - minutes(5), NOON),
        (Timing(minutes(20), cut=False), NOON - minutes(5), NOON + minutes(15)),
        (Timing(minutes(30), Fraction(1, 3)), TEN, TEN + minutes(40)),
        (Timing(minutes(30), Fraction(1, 3)), NOON - minutes(5), NOON + minutes(10)),
        (Timing(minutes(30), Fraction(1, 3), minutes(5)), NOON - minutes(5), NOON + minutes(15)),
        (Timing(minutes(20), extension=minutes(5)), NOON - minutes(5), NOON + minutes(5)),
        (Timing(minutes(20), Fraction(1, 3), cut=False), NOON, NOON + timedelta(seconds=1600)),
    ],
)
def test_sitting_ends_after_its_time_or_with_the_window(timing, started, ends):
    assert timing.ends_at(started, WINDOW) == ends


TIMINGS = st.builds(
    Timing,
    duration=st.integers(1, 600).map(minutes),
    allowance=st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)]),
    extension=st.integers(0, 120).map(minutes),
    cut=st.booleans(),
)
STARTS = st.timedeltas(timedelta(0), timedelta(hours=2) - MICROSECOND).map(lambda late: TEN + late)


@given(TIMINGS, STARTS)
@settings(deadline=None, max_examples=100)
def test_sitting_ends_by_the_stated_formula(timing, started):
    factor = 1 + timing.allowance
    own = timedelta(minutes=float(timing.duration / minutes(1) * factor)) + timing.extension
    extra = own - timing.duration

    assert timing.ends_at(started, WINDOW) == (
        min(started + own, NOON + extra) if timing.cut else started + own
    )


@given(TIMINGS, STARTS)
@settings(deadline=None, max_examples=100)
def test_window_never_cuts_an_allowance(timing, started):
    plain = Timing(timing.duration, cut=timing.cut)

    gained = timing.ends_at(started, WINDOW) - plain.ends_at(started, WINDOW)

    assert gained == timing.extra
    assert gained >= timing.extension
    assert abs(gained - timing.extension - timing.duration * float(timing.allowance)) <= MICROSECOND


@given(TIMINGS, STARTS, STARTS)
@settings(deadline=None, max_examples=50)
def test_sitting_begun_later_never_ends_earlier(timing, one, other):
    first, second = sorted((one, other))

    assert timing.ends_at(first, WINDOW) <= timing.ends_at(second, WINDOW)


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
    assert Timing(minutes(20)).time_left(now, WINDOW) == left


def test_answers_count_up_to_the_end_of_the_grace():
    grace = timedelta(seconds=30)

    assert [counts(NOON + late, NOON, grace) for late in (-grace, grace, grace + MICROSECOND)] == [
        True, True, False,
    ]  # fmt: skip
    assert counts(NOON, NOON, timedelta(0))


# Wall clocks


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-11-28 10:00", "Europe/Paris", datetime(2026, 11, 28, 9, 0, tzinfo=UTC)),
        ("2026-07-14 10:00", "Europe/Paris", datetime(2026, 7, 14, 8, 0, tzinfo=UTC)),
        ("2026-03-29 01:59", "Europe/Paris", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29 03:00", "Europe/Paris", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25 01:59", "Europe/Paris", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25 03:00", "Europe/Paris", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        ("2026-10-25 02:30", "Indian/Reunion", datetime(2026, 10, 24, 22, 30, tzinfo=UTC)),
        ("2026-01-01 00:00", "Pacific/Noumea", datetime(2025, 12, 31, 13, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_utc_is_the_instant_of_a_wall_clock(local, zone, instant):
    assert utc(datetime.fromisoformat(local), zone) == instant


@pytest.mark.parametrize(
    ("local", "told"),
    [
        ("2026-03-29 02:00", "Le 29/03/2026, 02:00 n’existe pas"),
        ("2026-03-29 02:59", "Le 29/03/2026, 02:59 n’existe pas"),
        ("2026-10-25 02:00", "Le 25/10/2026, 02:00 existe deux fois"),
        ("2026-10-25 02:59", "Le 25/10/2026, 02:59 existe deux fois"),
    ],
)
def test_utc_refuses_an_hour_skipped_or_repeated(local, told):
    with pytest.raises(ValueError, match=f"^{told} à cause du changement d’heure"):
        utc(datetime.fromisoformat(local), "Europe/Paris")


@pytest.mark.parametrize("evening", ["2026-03-28 20:00", "2026-10-24 20:00"])
def test_sitting_lasts_as_long_through_a_night_of_the_clocks(evening):
    evening = datetime.fromisoformat(evening)
    window = Window(
        utc(evening, "Europe/Paris"), utc(evening + timedelta(hours=12), "Europe/Paris")
    )
    started = utc(evening + timedelta(hours=5, minutes=50), "Europe/Paris")

    assert Timing(minutes(30)).ends_at(started, window) - started == minutes(30)
    assert window.closes - window.opens in (timedelta(hours=11), timedelta(hours=13))
