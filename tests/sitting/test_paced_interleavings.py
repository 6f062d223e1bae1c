"""Any interleaving in a paced paper: what is open, and what counts, is what the pure rule says of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.exam.clock import Own, Pause
from quizapp.exam.pace import Judged, Open, Pace
from quizapp.sitting import pacing, queries, timing
from quizapp.sitting.keeping import Saving, Version
from quizapp.sitting.tables import Sitting
from tests import world
from tests.sitting.running import LYON, WHY
from tests.sitting.test_interleavings import GRACE, OneSitting


class PacedSitting(OneSitting):
    """The same candidate, whose questions have 45 seconds each, against the rule in ``exam/pace.py``."""

    edition = world.PACED

    @initialize()
    def open_the_paper(self) -> None:
        """Begin, with nothing open yet."""
        super().open_the_paper()
        self.opened: list[datetime] = []
        self.paused: datetime | None = None
        self.pauses: list[Pause] = []
        self.given: list[tuple[timedelta, datetime]] = []
        with self.store.reading() as db:
            pace = self._plan(db).says.pace
        assert pace is not None
        self.pace: Pace = pace

    def _plan(self, db: object) -> Plan:
        plan = contests.plan(db, "premier-tour")  # type: ignore[arg-type]
        assert plan is not None
        return plan

    @property
    def here(self) -> Open:
        """What is open, by the rule alone."""
        own = Own(
            extensions=tuple(time for time, _at in self.given),
            given_at=tuple(at for _time, at in self.given),
            pauses=tuple(self.pauses),
        )
        return self.pace.opened(own, self.opened)

    @rule(page=st.integers(0, 5), ahead=st.booleans())
    def go_on(self, page: int, ahead: bool) -> None:
        """A button is pressed on the page that is in front, or on an older one, or twice."""
        leaving = len(self.opened) if ahead else page
        with self.store.writing() as db:
            sitting = db.get_one(Sitting, self.id)
            done = pacing.go_on(db, sitting, self._plan(db), leaving=leaving, now=self.now)
        may = not (self.closed or self.paused) and self.now <= self.ends
        assert done is (may and leaving == len(self.opened) < len(self.pace.steps))
        if done:
            self.opened.append(self.now)

    @rule()
    def stop_or_run(self) -> None:
        """The organisers pause the sitting, or let it go on."""
        if self.closed or (self.now > self.ends and not self.paused):
            return
        with self.store.writing() as db:
            sitting = db.get_one(Sitting, self.id)
            if self.paused is None:
                timing.pause(db, sitting, now=self.now, **WHY)
                self.paused = self.now
                return
            timing.resume(db, sitting, now=self.now, **WHY)
            self.pauses.append(Pause(self.paused, self.now))
            self.paused, self.ends = None, sitting.ends_at

    @rule(minutes=st.integers(1, 3))
    def extend(self, minutes: int) -> None:
        """The city is given time."""
        with self.store.writing() as db:
            timing.extend(db, self._plan(db), scope=LYON, minutes=minutes, now=self.now, **WHY)
        self.given.append((timedelta(minutes=minutes), self.now))
        if not self.closed:
            self.ends += timedelta(minutes=minutes)

    def _judge(self, version: Version, outcome: Saving, heard: bool, again: bool) -> None:
        """A clock that stands still takes nothing; then as for every sitting."""
        if self.paused is None or self.closed or outcome is Saving.REPEATED:
            super()._judge(version, outcome, heard, again)
        else:
            assert outcome is Saving.PAUSED

    def _by_what_is_open(self, version: Version) -> Saving | None:
        judged = self.here.judge(version.item, received=version.at, ends=self.ends, grace=GRACE)
        return {Judged.CLOSED: Saving.CLOSED, Judged.NOT_OPEN: Saving.NOT_OPEN}.get(judged)

    @invariant()
    def what_is_open_is_what_the_rule_says(self) -> None:
        """In the row that the save asks."""
        if hasattr(self, "pace") and not self.closed:
            with self.store.reading() as db:
                assert queries.open_in(db.get_one(Sitting, self.id)) == self.here


TestPacedSitting = PacedSitting.TestCase
TestPacedSitting.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
