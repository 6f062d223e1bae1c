"""The wall: every sitting of a stage, one page at a time, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Centre
from quizapp.exam.clock import EVERYONE
from quizapp.invigilation.filters import Filter, Order, State
from quizapp.people import names
from quizapp.results.tables import Exclusion
from quizapp.sitting.tables import Answer, Fact, Sitting

# After how long without a sign of life a sitting that runs is said to be silent.
SILENT = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate on the wall."""

    id: int
    number: str
    last_name: str
    first_name: str
    city: str
    region: str
    company: str
    centre: int
    sitting: int | None
    state: State
    ends_at: datetime | None
    closed_at: datetime | None
    paused_at: datetime | None
    seen_at: datetime | None
    answered: int
    devices: int
    excluded: bool


def state_at(sitting: Sitting | None, now: datetime) -> State:
    """Where a sitting stands at ``now``; ``_in_state`` says the same in SQL."""
    if sitting is None:
        return State.NONE
    if sitting.closed_at is not None:
        return State.EXPIRED if sitting.closed_by == "expiry" else State.HANDED_IN
    if sitting.paused_at is not None:
        return State.PAUSED
    if sitting.ends_at < now:
        return State.EXPIRED
    seen = sitting.seen_at
    return State.SILENT if seen is None or seen < now - SILENT else State.RUNNING


def _in_state(state: State, now: datetime) -> ColumnElement[bool]:
    closed, by = col(Sitting.closed_at), col(Sitting.closed_by)
    paused, ends, seen = col(Sitting.paused_at), col(Sitting.ends_at), col(Sitting.seen_at)
    running = and_(closed.is_(None), paused.is_(None), ends >= now)
    silent = or_(seen.is_(None), seen < now - SILENT)
    return {
        State.NONE: col(Sitting.id).is_(None),
        State.RUNNING: and_(running, ~silent),
        State.SILENT: and_(running, silent),
        State.PAUSED: and_(closed.is_(None), paused.is_not(None)),
        State.EXPIRED: or_(
            and_(closed.is_not(None), by == "expiry"),
            and_(closed.is_(None), paused.is_(None), ends < now),
        ),
        State.HANDED_IN: and_(closed.is_not(None), by != "expiry"),
    }[state]


def counts(db: Session, plan: Plan, chosen: Filter, *, now: datetime) -> dict[State, int]:
    """How many are in each state, among those whom the filter shows whatever their state."""
    wide = chosen.but(state=None, excluded=False)
    begun = [state for state in State if state is not State.NONE]
    if wide.words or wide.place is not EVERYONE:
        base = _joined(select(func.count(), *_tallies(begun, now)), plan).where(
            *_conditions(plan, wide, now)
        )
        everyone, *found = db.execute(base).one()
    else:  # all of them: the sittings alone, from one index
        everyone = db.execute(
            select(func.count()).where(col(Application.edition_id) == plan.row.edition_id)
        ).scalar_one()
        found = list(
            db.execute(select(*_tallies(begun, now)).where(col(Sitting.stage_id) == plan.id)).one()
        )
    told = dict(zip(begun, found, strict=True))
    return {State.NONE: everyone - sum(found), **told}


def _tallies(states: Sequence[State], now: datetime) -> list[Any]:
    return [func.count(col(Sitting.id)).filter(_in_state(state, now)) for state in states]


def matching(db: Session, plan: Plan, chosen: Filter, *, now: datetime) -> int:
    """How many candidates the filter shows."""
    if chosen.state is None and not chosen.excluded:
        return sum(counts(db, plan, chosen, now=now).values())
    statement = _joined(select(func.count()), plan).where(*_conditions(plan, chosen, now))
    return int(db.execute(statement).scalar_one())


def rows(
    db: Session, plan: Plan, chosen: Filter, order: Order, *, now: datetime, start: int, size: int
) -> list[Row]:
    """A page of the wall: the page is cut first, then its answers and devices are counted."""
    page = (
        _joined(
            select(col(Application.id).label("application"), col(Sitting.id).label("sitting")), plan
        )
        .where(*_conditions(plan, chosen, now))
        .order_by(*_order(order))
        .offset(start)
        .limit(size)
        .subquery()
    )
    statement = (
        select(
            Application, Sitting, col(Centre.company), _answered(page.c.sitting),
            _devices(page.c.sitting), _excluded(plan),
        )
        .join(page, page.c.application == col(Application.id))
        .join(Centre, col(Centre.id) == col(Application.centre_id))
        .outerjoin(Sitting, col(Sitting.id) == page.c.sitting)
        .order_by(*_order(order))
    )  # fmt: skip
    return [_row(*found, now=now) for found in db.execute(statement)]


def ends(
    db: Session, plan: Plan, chosen: Filter, *, now: datetime
) -> tuple[datetime, datetime] | None:
    """The earliest and the latest end of the open sittings that the filter shows, if there are any."""
    statement = _joined(select(func.min(Sitting.ends_at), func.max(Sitting.ends_at)), plan)
    first, last = db.execute(
        statement.where(*_conditions(plan, chosen, now), col(Sitting.closed_at).is_(None))
    ).one()
    return (first, last) if first else None


def people(
    db: Session,
    plan: Plan,
    chosen: Filter,
    *,
    now: datetime,
    numbers: Sequence[str] = (),
    most: int = 5000,
) -> list[tuple[Application, Sitting | None]]:
    """Everyone whom the filter shows; or, of those within its limit, the ones with these numbers."""
    if numbers:
        chosen = Filter(limit=chosen.limit)
    statement = _joined(select(Application, Sitting), plan).where(*_conditions(plan, chosen, now))
    if numbers:
        statement = statement.where(col(Application.number).in_(numbers))
    ordered = statement.order_by(*_order(Order.NAME)).limit(most)
    return [(one, sitting) for one, sitting in db.execute(ordered)]


def _joined(statement: Any, plan: Plan) -> Any:
    return statement.select_from(Application).outerjoin(
        Sitting,
        and_(col(Sitting.application_id) == col(Application.id), col(Sitting.stage_id) == plan.id),
    )


def _conditions(plan: Plan, chosen: Filter, now: datetime) -> list[ColumnElement[bool]]:
    found = [col(Application.edition_id) == plan.row.edition_id, chosen.limit.condition]
    if chosen.region:
        found.append(col(Application.region) == chosen.region)
    if chosen.city:
        found.append(col(Application.city) == chosen.city)
    if chosen.centre:
        found.append(col(Application.centre_id) == chosen.centre)
    if chosen.state:
        found.append(_in_state(chosen.state, now))
    if chosen.excluded:
        found.append(_excluded(plan))
    found.extend(
        or_(
            col(Application.sort_key).contains(names.fold(word), autoescape=True),
            col(Application.number).contains(word, autoescape=True),
        )
        for word in chosen.words.split()[:5]
    )
    return found


def _order(order: Order) -> list[Any]:
    last = [col(Application.sort_key), col(Application.id)]
    first: dict[Order, list[Any]] = {
        Order.NAME: [],
        Order.CITY: [col(Application.region), col(Application.city)],
        Order.END: [col(Sitting.ends_at).is_(None), col(Sitting.ends_at)],
        Order.CONTACT: [col(Sitting.seen_at).is_(None), col(Sitting.seen_at)],
    }
    return [*first[order], *last]


def _answered(sitting: ColumnElement[int]) -> ColumnElement[int]:
    """How many items of a sitting have an answer that counts: the newest version in time has one."""
    newer = aliased(Answer)
    kept = (
        select(func.count())
        .select_from(Answer)
        .where(
            col(Answer.sitting_id) == sitting,
            ~col(Answer.late),
            col(Answer.response).is_not(None),
            ~select(col(newer.seq))
            .where(
                col(newer.sitting_id) == col(Answer.sitting_id),
                col(newer.item) == col(Answer.item),
                col(newer.seq) > col(Answer.seq),
                ~col(newer.late),
            )
            .exists(),
        )
    )
    return kept.scalar_subquery().label("answered")


def _devices(sitting: ColumnElement[int]) -> ColumnElement[int]:
    """How often a sitting went over to another device."""
    return (
        select(func.count())
        .select_from(Fact)
        .where(col(Fact.sitting_id) == sitting, col(Fact.kind) == "device")
        .scalar_subquery()
        .label("devices")
    )


def _excluded(plan: Plan) -> ColumnElement[bool]:
    return (
        select(col(Exclusion.id))
        .where(
            col(Exclusion.stage_id) == plan.id,
            col(Exclusion.application_id) == col(Application.id),
            col(Exclusion.lifted_at).is_(None),
        )
        .exists()
    )


def _row(
    application: Application,
    sitting: Sitting | None,
    company: str,
    answered: int,
    devices: int,
    excluded: bool,
    *,
    now: datetime,
) -> Row:
    assert application.id is not None  # noqa: S101  # it was read
    return Row(
        id=application.id, number=application.number, last_name=application.last_name,
        first_name=application.first_name, city=application.city, region=application.region,
        company=company, centre=application.centre_id, sitting=sitting.id if sitting else None,
        state=state_at(sitting, now), ends_at=sitting.ends_at if sitting else None,
        closed_at=sitting.closed_at if sitting else None,
        paused_at=sitting.paused_at if sitting else None,
        seen_at=sitting.seen_at if sitting else None, answered=answered, devices=devices,
        excluded=excluded,
    )  # fmt: skip
