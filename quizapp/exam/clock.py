"""When a stage is open, when a sitting ends, and which answers still count: the whole rule of time.

Every instant is an aware datetime in UTC; nothing here asks what time it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

_TICK = timedelta(microseconds=1)
_NONE = timedelta(0)


class Phase(StrEnum):
    """Where an instant lies with regard to a window."""

    FUTURE = "future"
    OPEN = "open"
    CLOSED = "closed"


class Start(StrEnum):
    """When a person's time begins: when they begin, or for all at the window's opening."""

    PERSONAL = "personal"
    COMMON = "common"


class Expiry(StrEnum):
    """What becomes of a sitting that nobody handed in: it is handed in, or it does not count."""

    HAND_IN = "hand-in"
    NOT_COUNTED = "not-counted"


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
    """What a stage says of time, for everybody.

    With a common start all who have the same time of their own end together, whenever they came,
    and the window's end only closes the door. With a personal start ``cut`` says whether the
    window's end also shortens the time of somebody who begins late.
    """

    window: Window
    duration: timedelta
    start: Start = Start.PERSONAL
    cut: bool = True


class ScopeKind(StrEnum):
    """Whom an act on time concerns, from the widest to the narrowest."""

    EVERYONE = "everyone"
    REGION = "region"
    CITY = "city"
    CENTRE = "centre"
    PERSON = "person"


_BREADTH = {kind: place for place, kind in enumerate(ScopeKind)}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a person belongs; ``centre`` and ``person`` are row numbers as text."""

    region: str
    city: str
    centre: str
    person: str

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes that cover this person, from the widest to the narrowest."""
        narrow = (Scope(kind, getattr(self, kind.value)) for kind in list(ScopeKind)[1:])
        return (EVERYONE, *narrow)


@dataclass(frozen=True, slots=True)
class Scope:
    """Everyone, or one region, city, centre or person."""

    kind: ScopeKind
    target: str = ""

    def __post_init__(self) -> None:
        if (self.kind is ScopeKind.EVERYONE) is bool(self.target):
            raise ValueError("a scope names its target, unless it is everyone")

    def covers(self, who: Whereabouts) -> bool:
        """Whether this person is meant."""
        return self in who.scopes


EVERYONE = Scope(ScopeKind.EVERYONE)


@dataclass(frozen=True, slots=True)
class Override:
    """Another opening, closing or duration for some; what is None stays as it was."""

    kind: ScopeKind
    opens: datetime | None = None
    closes: datetime | None = None
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """An interval in which one person's clock stood still."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.ends < self.begins:
            raise ValueError("a pause cannot end before it begins")

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Own:
    """The time of one person: what they have been given beyond the stage's, or instead of it.

    ``allowance`` is a factor of the duration (one third for a *tiers-temps*), ``extensions`` were
    given on the day, ``pauses`` are over. None of them can take time away. ``given_at`` says when
    each extension was given; the end of a sitting does not ask, that of a part does.
    """

    allowance: Fraction = Fraction(0)
    extensions: tuple[timedelta, ...] = ()
    given_at: tuple[datetime, ...] = ()
    pauses: tuple[Pause, ...] = ()
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        if self.allowance < 0 or any(given < _NONE for given in self.extensions):
            raise ValueError("an allowance or an extension only adds time")
        if self.given_at and len(self.given_at) != len(self.extensions):
            raise ValueError("each extension was given at one instant")

    @property
    def extension(self) -> timedelta:
        """All extensions together."""
        return sum(self.extensions, _NONE)

    def extended(self, since: datetime | None) -> timedelta:
        """The extensions given from this instant on; all of them for None."""
        if since is None:
            return self.extension
        dated = zip(self.extensions, self.given_at, strict=True)
        return sum((time for time, at in dated if at >= since), _NONE)


PLAIN = Own()


def meant_for(timing: Timing, own: Own) -> Timing:
    """The stage's timing as it holds for this person: the narrowest override has the last word."""
    for override in sorted(own.overrides, key=lambda one: _BREADTH[one.kind]):
        window = Window(
            override.opens or timing.window.opens, override.closes or timing.window.closes
        )
        timing = Timing(window, override.duration or timing.duration, timing.start, timing.cut)
    return timing


def allowed(duration: timedelta, allowance: Fraction) -> timedelta:
    """The time that an allowance adds to this duration; exact, and rounded up to a microsecond."""
    return math.ceil(duration // _TICK * allowance) * _TICK


def ends_at(timing: Timing, own: Own, started: datetime) -> datetime:
    """The end of a sitting begun at ``started``.

    ``min(start + duration, window's end) + duration x allowance + extensions + pauses``: what a
    person has been given lies beyond the window's end, and is never cut by it.
    """
    timing = meant_for(timing, own)
    common = timing.start is Start.COMMON
    end = (timing.window.opens if common else started) + timing.duration
    if timing.cut and not common:
        end = min(end, timing.window.closes)
    stood = sum((pause.length for pause in own.pauses), _NONE)
    return end + allowed(timing.duration, own.allowance) + own.extension + stood


def phase_at(timing: Timing, own: Own, now: datetime) -> Phase:
    """Whether this person may begin at ``now``; an extension also keeps the door open.

    Nobody begins a sitting that would be over at once.
    """
    window = meant_for(timing, own).window
    phase = Window(window.opens, window.closes + own.extension).phase_at(now)
    if phase is Phase.OPEN and ends_at(timing, own, now) <= now:
        return Phase.CLOSED
    return phase


def full_time(timing: Timing, own: Own) -> timedelta:
    """The time of this person if no window cuts it: duration, allowance and extensions."""
    lasts = meant_for(timing, own).duration
    return lasts + allowed(lasts, own.allowance) + own.extension


def time_left(timing: Timing, own: Own, now: datetime) -> timedelta:
    """How long this person would have if they began at ``now``, or at the opening; never negative."""
    start = max(now, meant_for(timing, own).window.opens)
    return max(ends_at(timing, own, start) - start, _NONE)


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
