"""Wall clocks: the zones of the regions, and the nights in which they are set."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from quizapp.exam.clock import PLAIN, Own, Timing, Window, ends_at, utc
from quizapp.people.places import regions

TEN = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
WINDOW = Window(TEN, TEN + timedelta(hours=2))
THIRD = Fraction(1, 3)


def minutes(count):
    return timedelta(minutes=count)


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


NIGHTS = {
    "Europe/Paris": {"2026-03-28 20:00": 11, "2026-10-24 20:00": 13},
    "America/Miquelon": {"2026-03-07 20:00": 11, "2026-10-31 20:00": 13},
}
OVERSEAS = (
    "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion",
    "Indian/Mayotte", "Pacific/Tahiti", "Pacific/Noumea", "Pacific/Wallis",
)  # fmt: skip


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Miquelon", *OVERSEAS])
@pytest.mark.parametrize(
    "evening",
    ["2026-03-07 20:00", "2026-03-28 20:00", "2026-10-24 20:00", "2026-10-31 20:00"],
)
def test_sitting_lasts_as_long_through_a_night_of_the_clocks(zone, evening):
    hours = NIGHTS.get(zone, {}).get(evening, 12)
    local = datetime.fromisoformat(evening)
    window = Window(utc(local, zone), utc(local + timedelta(hours=12), zone))
    started = utc(local + timedelta(hours=4, minutes=50), zone)

    end = ends_at(Timing(window, minutes(150)), Own(THIRD), started)

    assert window.closes - window.opens == timedelta(hours=hours)
    assert end - started == minutes(200)


@pytest.mark.parametrize("zone", [region.zone for region in regions()])
def test_every_region_tells_the_end_of_a_sitting_in_its_own_hours(zone):
    tz = ZoneInfo(zone)
    end = ends_at(Timing(WINDOW, minutes(20)), PLAIN, TEN)
    local = end.astimezone(tz)

    assert utc(local.replace(tzinfo=None), zone) == end
    assert local.replace(tzinfo=None) - TEN.astimezone(tz).replace(tzinfo=None) == minutes(20)
