"""What the rules say must become of each answer that arrives: a slow model beside the real statement."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from quizapp.exam.clock import Own, Pause, Timing, ends_at
from quizapp.sitting.keeping import Saving, Version


@dataclass
class Desk:
    """One sitting as the rehearsal believes it to be."""

    timing: Timing
    started_at: datetime
    grace: timedelta
    writer: str
    own: Own
    paused_at: datetime | None = None
    closed: bool = False
    keys: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    counts: dict[int, Version] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        """When it ends, by the rule book and this person's own time."""
        return ends_at(self.timing, self.own, self.started_at)

    def extend(self, time: timedelta) -> None:
        """Give it time."""
        self.own = replace(self.own, extensions=(*self.own.extensions, time))

    def resume(self, now: datetime) -> None:
        """Let its clock go on."""
        if self.paused_at is not None:
            stood = Pause(self.paused_at, now)
            self.own, self.paused_at = replace(self.own, pauses=(*self.own.pauses, stood)), None

    def fate(self, version: Version) -> Saving:
        """What must become of this version, noted as done."""
        if version.key in self.keys:
            return Saving.REPEATED
        if not self.closed and self.paused_at is not None:
            return Saving.PAUSED
        if self.closed or self.end < version.at - self.grace:
            self.late.add(version.key)
            return Saving.LATE
        if version.writer != self.writer:
            return Saving.ELSEWHERE
        counts = self.counts.get(version.item)
        if counts is not None and counts.seq >= version.seq:
            return Saving.STALE
        self.keys.add(version.key)
        self.counts[version.item] = version
        return Saving.KEPT
