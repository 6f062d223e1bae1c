"""Any interleaving of devices, replays, takeovers, lost replies and endings: nothing acknowledged is
lost, doubled or counted twice, and what counts is what was acknowledged last."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from quizapp.contests import queries as contests
from quizapp.contests.tables import Application
from quizapp.kit.store import Store
from quizapp.sitting import actions, queries
from quizapp.sitting.keeping import Saving, Version, keep
from quizapp.sitting.tables import Sitting
from tests import history, world
from tests.history import Acknowledged
from tests.world import NOON, World

DEVICES = ("poste", "téléphone", "tablette")
ITEMS = st.integers(1, 3)
RESPONSES = st.none() | st.sampled_from(["0", "1", "2"])
GRACE = timedelta(seconds=30)


@cache
def _made_once(edition: str) -> tuple[Path, World]:
    """A file with the small world in it, to copy for each run."""
    file = Path(tempfile.mkdtemp()) / "q.db"
    store = Store(f"sqlite:///{file}")
    made = world.build(store, edition=edition)
    store.dispose()
    return file, made


class OneSitting(RuleBasedStateMachine):
    """A candidate with three devices on bad networks, against the real statements in SQLite."""

    edition = world.EDITION

    @initialize()
    def open_the_paper(self) -> None:
        """Begin, on the first device."""
        self.folder = Path(tempfile.mkdtemp())
        made, self.world = _made_once(self.edition)
        shutil.copy(made, self.folder / "q.db")
        self.store = Store(f"sqlite:///{self.folder / 'q.db'}")
        self.now: datetime = NOON
        with self.store.writing() as db:
            plan = contests.plan(db, "premier-tour")
            assert plan is not None
            sitting = actions.start(
                db, plan, application_id=self.world.camille.id, seed="graine", writer=DEVICES[0],
                now=self.now,
            )  # fmt: skip
            self.id, self.ends = sitting.id or 0, sitting.ends_at
            owner = db.get_one(Application, sitting.application_id)
            self.stamp, self.number = owner.stamp, owner.number
        self.writer, self.closed = DEVICES[0], False
        self.seqs: dict[tuple[str, int], int] = {}
        self.sent: list[Version] = []
        self.acknowledged: list[Acknowledged] = []
        self.counts: dict[int, tuple[int, str | None]] = {}

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "store"):
            self.store.dispose()
            shutil.rmtree(self.folder)

    @rule(device=st.sampled_from(DEVICES), item=ITEMS, response=RESPONSES, heard=st.booleans())
    def answer(self, device: str, item: int, response: str | None, heard: bool) -> None:
        """A device sends a new version, and may never hear the reply."""
        self.seqs[device, item] = self.seqs.get((device, item), 0) + 1
        self._arrives([self._version(device, item, self.seqs[device, item], response)], heard)

    @rule(device=st.sampled_from(DEVICES), item=ITEMS)
    def reload(self, device: str, item: int) -> None:
        """A device reads which version the server has, and goes on from it."""
        self.seqs[device, item] = self.counts.get(item, (0, None))[0]

    @rule(place=st.integers(0, 1_000), heard=st.booleans())
    def replay(self, place: int, heard: bool) -> None:
        """A delivery arrives once more, perhaps much later."""
        if self.sent:
            self._arrives([self.sent[place % len(self.sent)]], heard, again=True)

    @rule(items=st.lists(ITEMS, min_size=2, max_size=4), response=RESPONSES)
    def burst(self, items: list[int], response: str | None) -> None:
        """Several answers arrive in one moment, two of them perhaps to the same question."""
        versions = []
        for item in items:
            self.seqs[self.writer, item] = self.seqs.get((self.writer, item), 0) + 1
            versions.append(
                self._version(self.writer, item, self.seqs[self.writer, item], response)
            )
        self._arrives(versions, heard=True)

    @rule(device=st.sampled_from(DEVICES))
    def take_over(self, device: str) -> None:
        """The candidate goes on with another device."""
        with self.store.writing() as db:
            actions.take_over(db, db.get_one(Sitting, self.id), writer=device, now=self.now)
        self.writer = device

    @rule(seconds=st.sampled_from([1, 60, 600]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def hand_in(self) -> None:
        """The candidate hands in."""
        self._close(lambda db, sitting, plan: actions.hand_in(
            db, sitting, plan, number=self.number, now=self.now
        ))  # fmt: skip

    @rule()
    def tidy(self) -> None:
        """The worker closes what has expired."""
        with self.store.writing() as db:
            if actions.close_expired(db, now=self.now):
                self.closed = True

    def _close(self, act: object) -> None:
        with self.store.writing() as db:
            plan = contests.plan(db, "premier-tour")
            act(db, db.get_one(Sitting, self.id), plan)  # type: ignore[operator]
        self.closed = True

    def _version(self, device: str, item: int, seq: int, response: str | None) -> Version:
        version = Version(
            sitting=self.id, application=self.world.camille.id, stamp=self.stamp, writer=device,
            stage="essai/premier-tour", candidate=self.number, item=item, seq=seq,
            key=f"clef-{len(self.sent):06}", response=response, flagged=False, at=self.now,
            grace=GRACE,
        )  # fmt: skip
        self.sent.append(version)
        return version

    def _arrives(self, versions: list[Version], heard: bool, again: bool = False) -> None:
        waiting = versions
        while waiting:
            with self.store.changing() as connection:
                fates = keep(connection, waiting)
            for version, saved in zip(waiting, fates, strict=True):
                if saved is not None:
                    self._judge(version, saved.outcome, heard, again)
            waiting = [one for one, saved in zip(waiting, fates, strict=True) if saved is None]

    def _judge(self, version: Version, outcome: Saving, heard: bool, again: bool) -> None:
        """What the rules say should have become of it."""
        if again and outcome is Saving.REPEATED:
            pass  # that it was stored is checked below
        elif self.closed or version.at > self.ends + GRACE:
            assert outcome is Saving.LATE
        elif version.writer != self.writer:
            assert outcome is Saving.ELSEWHERE
        elif refused := self._by_what_is_open(version):
            assert outcome is refused
        elif version.seq <= self.counts.get(version.item, (0, None))[0]:
            assert outcome is Saving.STALE
        else:
            assert outcome is Saving.KEPT
            self.counts[version.item] = (version.seq, version.response)
        if heard and outcome in (Saving.KEPT, Saving.REPEATED):
            self.acknowledged.append(
                Acknowledged(self.id, version.key, version.item, version.seq, version.response)
            )

    def _by_what_is_open(self, _version: Version) -> Saving | None:
        """What refuses it, where not all of the paper is open at once."""
        return None

    @invariant()
    def nothing_acknowledged_is_lost_or_doubled(self) -> None:
        """Against the tables themselves."""
        if hasattr(self, "store"):
            assert history.problems(self.store, self.acknowledged) == []

    @invariant()
    def what_counts_is_what_was_kept_last(self) -> None:
        """By item, with its version."""
        if hasattr(self, "store"):
            with self.store.reading() as db:
                kept = queries.answers_of(db, self.id)
            assert {item: (one.seq, one.response) for item, one in kept.items()} == self.counts


TestOneSitting = OneSitting.TestCase
TestOneSitting.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
