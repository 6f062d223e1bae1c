"""What is read of the time that people have: their own, and what an outage took from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import sqlalchemy
from sqlmodel import Session, col, or_, select

from quizapp.contests.queries import Phase, Plan
from quizapp.contests.tables import Application
from quizapp.exam import clock
from quizapp.exam.clock import Override, Own, Pause, Scope, ScopeKind, Whereabouts
from quizapp.sitting.tables import (
    Allowance,
    Answer,
    Contact,
    Sitting,
    SittingPause,
    TimeGrant,
    TimeOverride,
)

_MINUTE = timedelta(minutes=1)
# Where each kind of scope is written in an application.
_COLUMNS: dict[ScopeKind, Any] = {
    ScopeKind.REGION: col(Application.region),
    ScopeKind.CITY: col(Application.city),
    ScopeKind.CENTRE: col(Application.centre_id),
    ScopeKind.PERSON: col(Application.id),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody whom an outage took time from: how much, and whether their sitting has ended."""

    sitting_id: int
    application_id: int
    number: str
    lost: timedelta
    closed: bool


def person(application_id: int) -> Scope:
    """The scope of one candidate."""
    return Scope(ScopeKind.PERSON, str(application_id))


def within(scope: Scope) -> list[Any]:
    """The conditions under which a row of ``Application`` is in this scope."""
    if scope.kind is ScopeKind.EVERYONE:
        return []
    numbered = scope.kind in (ScopeKind.CENTRE, ScopeKind.PERSON)
    return [_COLUMNS[scope.kind] == (int(scope.target) if numbered else scope.target)]


def grants(db: Session, plan: Plan) -> Sequence[TimeGrant]:
    """The extensions of a stage that count, in the order in which they were given."""
    return db.exec(
        select(TimeGrant)
        .where(TimeGrant.stage_id == plan.id, col(TimeGrant.undone_at).is_(None))
        .order_by(col(TimeGrant.id))
    ).all()


def overrides(db: Session, plan: Plan) -> Sequence[TimeOverride]:
    """The overrides of a stage that count."""
    return db.exec(
        select(TimeOverride)
        .where(TimeOverride.stage_id == plan.id, col(TimeOverride.undone_at).is_(None))
        .order_by(col(TimeOverride.id))
    ).all()


def own_of(db: Session, plan: Plan, application_id: int) -> Own:
    """The time of this candidate in this stage."""
    return own_times(db, plan, person(application_id)).get(application_id, clock.PLAIN)


def own_times(db: Session, plan: Plan, scope: Scope = clock.EVERYONE) -> dict[int, Own]:
    """The time of every candidate in a scope, by application; five statements, however many."""
    given: dict[Scope, list[TimeGrant]] = {}
    for grant in grants(db, plan):
        given.setdefault(Scope(ScopeKind(grant.scope), grant.target), []).append(grant)
    stated = {
        Scope(ScopeKind(one.scope), one.target): _override(one) for one in overrides(db, plan)
    }
    factors = allowances(db, scope)
    stood = _pauses(db, plan, scope)
    people = db.execute(
        sqlalchemy.select(
            col(Application.id), col(Application.region), col(Application.city),
            col(Application.centre_id),
        ).where(col(Application.edition_id) == plan.row.edition_id, *within(scope))
    )  # fmt: skip
    return {
        number: Own(
            allowance=factors.get(number, Fraction(0)),
            extensions=tuple(timedelta(seconds=one.seconds) for one in mine),
            given_at=tuple(one.at for one in mine),
            pauses=tuple(stood.get(number, ())),
            overrides=tuple(stated[one] for one in scopes if one in stated),
        )
        for number, region, city, centre in people
        for scopes in [Whereabouts(region, city, str(centre), str(number)).scopes]
        for mine in [[grant for one in scopes for grant in given.get(one, ())]]
    }


def _override(row: TimeOverride) -> Override:
    lasts = None if row.duration is None else timedelta(seconds=row.duration)
    return Override(ScopeKind(row.scope), row.opens_at, row.closes_at, lasts)


def allowances(db: Session, scope: Scope) -> dict[int, Fraction]:
    """The allowances, by application: the newest row of each counts."""
    rows = db.exec(
        select(Allowance)
        .join(Application, col(Application.id) == Allowance.application_id)
        .where(*within(scope))
        .order_by(col(Allowance.id))
    )
    return {row.application_id: row.factor for row in rows}


def _pauses(db: Session, plan: Plan, scope: Scope) -> dict[int, list[Pause]]:
    """The pauses that are over, by application; one that lasts has no length yet."""
    rows = db.exec(
        select(Sitting.application_id, SittingPause.begins_at, SittingPause.ends_at)
        .join(Sitting, col(Sitting.id) == SittingPause.sitting_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .where(Sitting.stage_id == plan.id, col(SittingPause.ends_at).is_not(None), *within(scope))
    )
    found: dict[int, list[Pause]] = {}
    for number, begins, ends in rows:
        if ends is not None:
            found.setdefault(number, []).append(Pause(begins, ends))
    return found


def phase_of(plan: Plan, own: Own, now: datetime) -> Phase:
    """Where a stage stands for this candidate."""
    if plan.row.published_at or plan.row.closed_at:
        return plan.phase(now)
    return Phase(clock.phase_at(plan.timing, own, now).value)


def hit_by_outage(
    db: Session, plan: Plan, *, begins: datetime, ends: datetime, scope: Scope = clock.EVERYONE
) -> list[Hit]:
    """Who was composing in an outage and gave no sign of life in it, by candidate number.

    A sign of life is an answer, or a minute of contact that lies wholly in the interval. Whoever
    has handed in, or was given time for an outage that overlaps this one, is left out.
    """
    first = begins.replace(second=0, microsecond=0)
    first += _MINUTE if first < begins else timedelta(0)
    answered = select(Answer.sitting_id).where(
        Answer.received_at >= begins, Answer.received_at < ends
    )
    seen = select(Contact.sitting_id).where(
        Contact.minute >= first, Contact.minute <= ends - _MINUTE
    )
    rows = db.exec(
        select(Sitting, Application.number)
        .join(Application, col(Application.id) == Sitting.application_id)
        .where(Sitting.stage_id == plan.id, Sitting.started_at < ends, Sitting.ends_at > begins)
        .where(or_(col(Sitting.closed_at).is_(None), Sitting.closed_by == "expiry"))
        .where(col(Sitting.id).not_in(answered), col(Sitting.id).not_in(seen), *within(scope))
        .order_by(col(Application.number))
    )
    given = {
        one.target
        for one in grants(db, plan)
        if one.outage_from and one.outage_to and one.outage_from < ends and one.outage_to > begins
    }
    stood = _pauses(db, plan, scope)
    return [
        Hit(sitting.id or 0, sitting.application_id, number, lost, sitting.closed_at is not None)
        for sitting, number in rows
        if str(sitting.application_id) not in given
        and (lost := _lost(sitting, stood.get(sitting.application_id, []), begins, ends))
    ]


def _lost(sitting: Sitting, stood: list[Pause], begins: datetime, ends: datetime) -> timedelta:
    """The part of an outage in which this sitting ran: a clock that stands still loses nothing."""
    begins = max(begins, sitting.started_at)
    ends = min(ends, sitting.paused_at or sitting.ends_at)
    saved = (min(one.ends, ends) - max(one.begins, begins) for one in stood)
    return max(
        ends - begins - sum((max(one, timedelta(0)) for one in saved), timedelta(0)), timedelta(0)
    )
