"""When a stage is open, when a sitting ends, and which answers still count.

Every instant is an aware datetime in UTC; nothing here asks what time it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo


class Phase(StrEnum):
    """Where an instant lies with regard to a window."""

    FUTURE = "future"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The interval in which a stage may be started: ``opens`` included, ``closes`` excluded."""

    opens: datetime
    closes: datetime

    def phase_at(self, now: datetime) -> Phase:
        """The phase of this window at ``now``."""
        if now < self.opens:
            return Phase.FUTURE
        return Phase.OPEN if now < self.closes else Phase.CLOSED


@dataclass(frozen=True, slots=True)
class Timing:
    """What decides the end of a sitting: the stage's duration and the person's own time.

    ``allowance`` is a factor (one third for a *tiers-temps*), ``extension`` minutes given on the
    day. ``cut`` says whether the window's end shortens a late start (rule 2 of the contest); the
    person's allowance and extension always lie beyond it.
    """

    duration: timedelta
    allowance: Fraction = Fraction(0)
    extension: timedelta = timedelta(0)
    cut: bool = True

    @property
    def extra(self) -> timedelta:
        """The time this person has beyond the stage's own duration."""
        return timedelta(seconds=float(self.duration.total_seconds() * self.allowance)) + (
            self.extension
        )

    def ends_at(self, started: datetime, window: Window) -> datetime:
        """The end of a sitting begun at ``started``.

        ``min(started + duration x (1 + allowance) + extension, window end + the same extra)``.
        """
        own = started + self.duration + self.extra
        return min(own, window.closes + self.extra) if self.cut else own

    def time_left(self, now: datetime, window: Window) -> timedelta:
        """How long somebody who starts at ``now`` would have; never negative."""
        start = max(now, window.opens)
        return max(self.ends_at(start, window) - start, timedelta(0))


def counts(received: datetime, ends: datetime, grace: timedelta) -> bool:
    """Whether an answer received then still counts: up to the end plus the grace, included."""
    return received <= ends + grace


def utc(local: datetime, zone: str) -> datetime:
    """The instant of a wall-clock time in ``zone``.

    Raises ValueError, in French, for an hour that daylight saving skips or repeats.
    """
    tz = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        there = first.astimezone(tz).replace(tzinfo=None) == local
        raise ValueError(
            f"Le {local:%d/%m/%Y}, {local:%H:%M} "
            + ("existe deux fois" if there else "n’existe pas")
            + " à cause du changement d’heure : choisissez une autre heure."
        )
    return first
