"""What is open in a stage whose parts or questions have a time of their own, until when, and what counts.

A paper is walked through in steps: one question, or a part in which one moves freely. One step is
open at a time. Opening the next leaves it for good, and no step is opened twice: whatever a person
does, no question is open for longer than its time. Every instant is an aware datetime in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from quizapp.exam.blueprint import Section
from quizapp.exam.clock import Own, allowed, counts

_NONE = timedelta(0)


class Judged(StrEnum):
    """What becomes of an answer by what is open when it arrives."""

    COUNTS = "counts"
    CLOSED = "closed"
    NOT_OPEN = "not-open"


@dataclass(frozen=True, slots=True)
class Part:
    """Sections met together: the items ``first`` to ``last``.

    ``lasts`` is the time of the whole part, ``each`` that of every question. ``forward``: questions
    come one by one, without a way back.
    """

    title: str
    first: int
    last: int
    lasts: timedelta | None = None
    each: timedelta | None = None
    forward: bool = False

    @property
    def total(self) -> int:
        """How many questions it has."""
        return self.last - self.first + 1

    @property
    def longest(self) -> timedelta | None:
        """The time after which it is over, if all of it is used; None if only the stage ends it."""
        ends = (self.lasts, self.each and self.each * self.total)
        return min((end for end in ends if end is not None), default=None)

    def with_allowance(self, factor: Fraction) -> Part:
        """This part as it is for somebody who has this allowance."""
        longer = {
            name: time + allowed(time, factor)
            for name in ("lasts", "each")
            if (time := getattr(self, name)) is not None
        }
        return replace(self, **longer)


@dataclass(frozen=True, slots=True)
class Step:
    """What is open at one time: the items ``first`` to ``last`` of a part; counted from 1."""

    number: int
    first: int
    last: int
    part: Part

    @property
    def begins_part(self) -> bool:
        """Whether a part begins with it: it is announced before its clock runs."""
        return self.first == self.part.first


@dataclass(frozen=True, slots=True)
class Open:
    """The items that may be answered, none if ``last`` lies before ``first``.

    ``until`` is their own end; None if only the stage's ends them.
    """

    first: int
    last: int
    until: datetime | None = None

    def end(self, ends: datetime) -> datetime:
        """When these items close, in a sitting that ends at ``ends``: the stage's end always holds."""
        return ends if self.until is None else min(self.until, ends)

    def judge(self, item: int, *, received: datetime, ends: datetime, grace: timedelta) -> Judged:
        """Whether an answer to ``item`` received then counts: up to the end plus the grace, included.

        What was left behind is closed at once: a grace is for the network, not a way back.
        """
        if item > self.last:
            return Judged.NOT_OPEN
        if item < self.first or not counts(received, self.end(ends), grace):
            return Judged.CLOSED
        return Judged.COUNTS


NOTHING = Open(1, 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """The way through a stage's paper."""

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]

    def place(self, opened: Open) -> int:
        """The number of the step that is open; 0 before the first."""
        if opened.last < opened.first:
            return 0
        return next(step.number for step in self.steps if step.first == opened.first)

    def following(self, place: int) -> Step | None:
        """The step after this one, if there is one."""
        return self.steps[place] if place < len(self.steps) else None

    def opened(self, own: Own, instants: Sequence[datetime]) -> Open:
        """What is open once the steps were opened at these instants, one after the other.

        A question ends ``each`` after its opening, a part ``lasts`` after the opening of its first
        step, each longer by the person's allowance and by the pauses since. An extension lengthens
        the part that is open when it is given, or the first if none is yet; never the time of a
        question, which is stated in seconds and would lose its sense.
        """
        if not instants:
            return NOTHING
        step = self.steps[len(instants) - 1]
        part = step.part
        begun = instants[self.place(Open(part.first, part.first)) - 1]
        ends = []
        if part.each is not None:
            ends.append(_end(instants[-1], part.each, own))
        if part.lasts is not None:
            since = None if part is self.parts[0] else begun
            ends.append(_end(begun, part.lasts, own) + own.extended(since))
        return Open(step.first, step.last, min(ends, default=None))


def _end(begun: datetime, lasts: timedelta, own: Own) -> datetime:
    since = (pause.ends - max(pause.begins, begun) for pause in own.pauses)
    stood = sum((max(one, _NONE) for one in since), _NONE)
    return begun + lasts + allowed(lasts, own.allowance) + stood


def pace_of(sections: Sequence[Section], *, forward_only: bool = False) -> Pace | None:
    """The way through the paper of these sections; None where everything is open at once.

    ``forward_only`` is what the stage says, for sections that do not say it. Neighbouring sections
    that state nothing are one part.
    """
    parts: list[Part] = []
    item = 1
    for stated, some in groupby(sections, key=lambda one: _paced(one, forward_only)):
        for together in [[one] for one in some] if stated else [list(some)]:
            part = _part(together, item, forward_only)
            parts.append(part)
            item = part.last + 1
    if not any(part.lasts or part.forward for part in parts):
        return None
    steps = (
        (first, first if part.forward else part.last, part)
        for part in parts
        for first in range(part.first, part.last + 1, 1 if part.forward else part.total)
    )
    return Pace(
        tuple(parts), tuple(Step(number, *one) for number, one in enumerate(steps, start=1))
    )


def _paced(section: Section, forward_only: bool) -> bool:
    return section.minutes is not None or _forward(section, forward_only)


def _forward(section: Section, forward_only: bool) -> bool:
    if section.seconds_per_question is not None:
        return True
    return forward_only if section.forward_only is None else section.forward_only


def _part(sections: Sequence[Section], first: int, forward_only: bool) -> Part:
    """The part of one section that states something, or of some that do not."""
    one = sections[0]
    return Part(
        title=", ".join(section.title for section in sections),
        first=first,
        last=first + sum(section.questions for section in sections) - 1,
        lasts=timedelta(minutes=one.minutes) if one.minutes else None,
        each=timedelta(seconds=one.seconds_per_question) if one.seconds_per_question else None,
        forward=_forward(one, forward_only),
    )
