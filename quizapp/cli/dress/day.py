"""The simulated day: arrivals, answers, faults and acts of the desk in order of time, without waiting."""

from __future__ import annotations

import heapq
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from quizapp.banks.queries import banks_of
from quizapp.cli.dress.plans import Course, Fault, Sending, course
from quizapp.cli.dress.rules import Desk
from quizapp.cli.dress.world import BY, Adviser
from quizapp.contests.queries import Plan, plan_of
from quizapp.contests.tables import Application
from quizapp.exam.clock import Own, Scope, ScopeKind
from quizapp.kit.store import Store
from quizapp.results import actions as results
from quizapp.sitting import actions, timing
from quizapp.sitting.keeping import Saving, Version, keep
from quizapp.sitting.queries import expired
from quizapp.sitting.tables import Sitting

_MINUTE = timedelta(minutes=1)
EXTENSION = timedelta(minutes=10)
PAUSE = timedelta(minutes=3)


@dataclass
class Seen:
    """What happened: how long each kind of step took (seconds), each fault and how it ended."""

    times: dict[str, list[float]] = field(default_factory=dict)
    faults: Counter[Fault] = field(default_factory=Counter)
    fates: Counter[Saving] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    acknowledged: list[Version] = field(default_factory=list)
    handed_in: int = 0
    expired: int = 0
    extended: str = ""
    paused: str = ""
    excluded: str = ""

    @contextmanager
    def step(self, kind: str) -> Iterator[None]:
        """Time one step."""
        began = time.perf_counter()
        yield
        self.times.setdefault(kind, []).append(time.perf_counter() - began)


class Day:
    """One day of one stage. Everything happens at an instant of its own clock."""

    def __init__(self, store: Store, plan: Plan, advisers: list[Adviser], seed: int) -> None:
        self.store, self.plan, self.advisers = store, plan, advisers
        self.chance = random.Random(f"{seed}/day")  # noqa: S311  # a simulation, not a secret
        self.seed, self.seen = seed, Seen()
        self.desks: dict[int, Desk] = {}
        self.whose: dict[int, Adviser] = {}
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = itertools.count()
        self._due: list[tuple[int, Sending]] = []
        self._given: dict[str, timedelta] = {}
        with store.reading() as db:
            self._banks = banks_of(db, plan.id)
            self._stamps = {one.id: db.get_one(Application, one.id).stamp for one in advisers}

    def at(self, when: datetime, what: Callable[[datetime], None]) -> None:
        """Let something happen then."""
        heapq.heappush(self._events, (when.replace(microsecond=0), next(self._order), what))

    def run(self) -> datetime:
        """Let the day happen; the instant of its last event."""
        self._announce()
        now = self.plan.window.opens
        while self._events:
            now = self._events[0][0]
            while self._events and self._events[0][0] == now:
                heapq.heappop(self._events)[2](now)
            self._deliver(now)
        return now + 2 * _MINUTE

    def _announce(self) -> None:
        """Who comes when, and what the desk will do."""
        window = self.plan.window
        length = min(window.closes - window.opens, 3 * self.plan.timing.duration)
        for adviser in self.advisers:
            luck = self.chance.random()
            if luck < 0.03:
                continue
            when = window.opens + length * self.chance.betavariate(1, 5)
            if luck < 0.05:
                when = window.closes - 3 * _MINUTE  # late, but in time
            self.at(min(when, window.closes - _MINUTE), self._starts(adviser))
        middle = window.opens + self.plan.timing.duration / 2
        self.at(middle, self._extend)
        self.at(middle + 2 * _MINUTE, self._pause)
        minute = window.opens
        while minute <= window.closes + 2 * self.plan.timing.duration:
            self.at(minute, self._tidy)
            minute += 2 * _MINUTE

    def _starts(self, adviser: Adviser) -> Callable[[datetime], None]:
        def start(now: datetime) -> None:
            writer = f"{adviser.number}a"
            seed = f"{self.seed}/{adviser.number}"
            with self.seen.step("start"), self.store.writing() as db:
                sitting = actions.start(
                    db, self.plan, application_id=adviser.id, seed=seed, writer=writer, now=now
                )
            number = sitting.id or 0
            given = self._given.get(adviser.city)
            own = Own(adviser.allowance, extensions=(given,) if given else ())
            desk = Desk(self.plan.timing, now, self.plan.says.grace_time, writer, own)
            self.desks[number], self.whose[number] = desk, adviser
            made = course(
                sitting.paper, self._banks, ability=adviser.ability, begins=now, ends=desk.end,
                grace=desk.grace, chance=random.Random(seed),  # noqa: S311
            )  # fmt: skip
            self._follow(number, made)

        return start

    def _follow(self, number: int, made: Course) -> None:
        for sending in made.sendings:
            self.at(sending.at, lambda _now, one=sending: self._due.append((number, one)))  # type: ignore[misc]
        if made.takes_over:
            self.at(made.takes_over, self._takes_over(number))
        if made.hands_in:
            self.at(made.hands_in, self._hands_in(number))

    def _takes_over(self, number: int) -> Callable[[datetime], None]:
        def take(now: datetime) -> None:
            writer = f"{self.whose[number].number}b"
            with self.seen.step("take_over"), self.store.writing() as db:
                actions.take_over(db, db.get_one(Sitting, number), writer=writer, now=now)
            self.desks[number].writer = writer

        return take

    def _hands_in(self, number: int) -> Callable[[datetime], None]:
        def hand_in(now: datetime) -> None:
            desk = self.desks[number]
            if desk.paused_at is not None:
                self.at(now + _MINUTE, hand_in)
                return
            if desk.closed:
                return
            self._deliver(now)
            with self.seen.step("hand_in"), self.store.writing() as db:
                actions.hand_in(
                    db, db.get_one(Sitting, number), self.plan,
                    number=self.whose[number].number, now=now,
                )  # fmt: skip
            desk.closed = True
            self.seen.handed_in += 1

        return hand_in

    def _deliver(self, now: datetime) -> None:
        """Give all that has arrived to the statement that keeps answers, as the writer does."""
        waiting = [(one, self._version(number, one, now)) for number, one in self._due]
        self._due.clear()
        while waiting:
            with self.seen.step("save"), self.store.changing() as connection:
                fates = keep(connection, [version for _, version in waiting])
            again = []
            for (sending, version), saved in zip(waiting, fates, strict=True):
                if saved is None:
                    again.append((sending, version))
                else:
                    self._told(sending, version, saved.outcome)
            waiting = again

    def _version(self, number: int, one: Sending, now: datetime) -> Version:
        adviser, desk = self.whose[number], self.desks[number]
        return Version(
            sitting=number, application=adviser.id, stamp=self._stamps[adviser.id],
            writer=f"{adviser.number}a" if one.old else desk.writer,
            stage=f"{self.plan.edition.edition}/{self.plan.key}", candidate=adviser.number,
            item=one.item, seq=one.seq, key=one.key, response=one.response, flagged=one.flagged,
            at=now, grace=desk.grace,
        )  # fmt: skip

    def _told(self, sending: Sending, version: Version, outcome: Saving) -> None:
        """Compare the server's word with what the rules say, and go on as a page would."""
        due = self.desks[version.sitting].fate(version)
        self.seen.fates[outcome] += 1
        if sending.fault:
            self.seen.faults[sending.fault] += 1
        if outcome is not due:
            self.seen.wrong.append(
                f"candidat {version.candidate}, question {version.item}, à {version.at:%H:%M:%S} : "
                f"« {outcome.value} » au lieu de « {due.value} »"
            )
        if outcome in (Saving.KEPT, Saving.REPEATED):
            self.seen.acknowledged.append(version)
        if outcome is Saving.PAUSED:  # the page tries again by itself
            later = replace(sending, at=version.at + _MINUTE)
            self.at(later.at, lambda _now: self._due.append((version.sitting, later)))

    def _extend(self, now: datetime) -> None:
        """Ten minutes for the city where most people are."""
        cities = Counter(one.city for one in self.advisers)
        city = min(cities, key=lambda code: (-cities[code], code))
        scope = Scope(ScopeKind.CITY, city)
        with self.seen.step("extend"), self.store.writing() as db:
            timing.extend(
                db, self._again(db), scope=scope, minutes=EXTENSION // _MINUTE, by=BY,
                reason="Panne de réseau", now=now,
            )  # fmt: skip
        self._given[city], self.seen.extended = EXTENSION, city
        for number, desk in self.desks.items():
            if self.whose[number].city == city and not desk.closed:
                desk.extend(EXTENSION)

    def _pause(self, now: datetime) -> None:
        """Stop the clock of one person who has time left."""
        left = [n for n, one in self.desks.items() if not one.closed and one.end > now + PAUSE]
        if not left:
            return
        number = self.chance.choice(left)
        with self.seen.step("pause"), self.store.writing() as db:
            timing.pause(db, db.get_one(Sitting, number), by=BY, reason="Malaise", now=now)
        self.desks[number].paused_at, self.seen.paused = now, self.whose[number].number
        self.at(now + PAUSE, lambda later: self._resume(number, later))

    def _resume(self, number: int, now: datetime) -> None:
        with self.seen.step("pause"), self.store.writing() as db:
            timing.resume(db, db.get_one(Sitting, number), by=BY, reason="Reprise", now=now)
        self.desks[number].resume(now)

    def _tidy(self, now: datetime) -> None:
        """What the worker does by itself: close the papers whose time and grace are over."""
        with self.seen.step("expire"), self.store.writing() as db:
            over = [sitting.id or 0 for sitting, _ in expired(db, now=now)]
            actions.close_expired(db, now=now)
            closed = [n for n in over if db.get_one(Sitting, n).closed_at is not None]
        for number in closed:
            self.desks[number].closed = True
        self.seen.expired += len(closed)

    def close(self, now: datetime) -> None:
        """Exclude one person, close the stage, grade, and publish twice."""
        with self.store.writing() as db:
            plan = self._again(db)
            if sat := sorted(self.whose):
                chosen = db.get_one(Application, self.whose[self.chance.choice(sat)].id)
                results.exclude(db, plan, chosen, by=BY, reason="Fraude constatée", now=now)
                self.seen.excluded = chosen.number
        with self.seen.step("close"), self.store.writing() as db:
            results.close_stage(db, self._again(db), by=BY, reason="Fin de l’épreuve", now=now)
        with self.seen.step("publish"), self.store.writing() as db:
            results.publish(db, self._again(db), by=BY, reason="Premier classement", now=now)

    def _again(self, db: Session) -> Plan:
        return plan_of(db, self.plan.id)
