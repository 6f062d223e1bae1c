"""What a ranking compares, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from quizapp.exam.clock import Pause


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate's score with everything that a tie key may ask for.

    ``number`` is the candidate's public number; ``groups`` maps a kind of group to the group this
    candidate belongs to: ``{"city": "69123", "region": "84"}``. ``time_used`` is ``composing``.
    """

    number: str
    points: Fraction
    sections: Mapping[str, Fraction] = field(default_factory=dict)
    wrong: int = 0
    distance: Fraction | None = None
    applied_at: datetime | None = None
    time_used: timedelta | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


def composing(started: datetime, ended: datetime, pauses: Iterable[Pause]) -> timedelta:
    """How long somebody composed: while their clock stood still, nobody did."""
    stood = (max(min(one.ends, ended) - max(one.begins, started), timedelta(0)) for one in pauses)
    return ended - started - sum(stood, timedelta(0))


class Row(NamedTuple):
    """An entry in its place; ``tied`` says that others share the rank (*ex æquo*)."""

    rank: int
    tied: bool
    entry: Entry
