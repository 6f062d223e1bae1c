"""How long people stay named: a number of calendar months after the end of an edition."""

from __future__ import annotations

import calendar
from datetime import datetime


def months_after(at: datetime, months: int) -> datetime:
    """The same day and time so many months later; a day that month lacks is its last."""
    years, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + years, month + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))
