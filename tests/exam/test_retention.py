"""How long people stay named."""

from datetime import UTC, datetime

import pytest

from quizapp.exam import edition
from quizapp.exam.retention import months_after
from tests.exam.test_edition import GOOD, refusals


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2026-11-28", 12, "2027-11-28"),
        ("2026-11-28", 1, "2026-12-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-10-31", 4, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-15", 120, "2036-12-15"),
    ],
)
def test_months_after_keeps_the_day_or_takes_the_last(day, months, after):
    assert months_after(datetime.fromisoformat(f"{day}T17:05"), months) == datetime.fromisoformat(
        f"{after}T17:05"
    )


def test_people_are_named_for_twelve_months_after_the_last_closing():
    assert edition.parse(GOOD).erased_at == datetime(2028, 1, 15, 17, 0, tzinfo=UTC)


def test_edition_states_another_period():
    text = GOOD.replace("stages:", "privacy: {months: 6}\nstages:", 1)

    assert edition.parse(text).erased_at == datetime(2027, 7, 15, 17, 0, tzinfo=UTC)


def test_edition_refuses_to_keep_names_for_ever():
    text = GOOD.replace("stages:", "privacy: {months: 121}\nstages:", 1)

    assert refusals(text) == ["9:19: « 121 » est trop grand : au plus 120."]
