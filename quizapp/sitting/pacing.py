"""How a sitting goes on in a paced paper: its steps are opened one after the other, for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.exam.clock import Own
from quizapp.exam.pace import Step
from quizapp.sitting import queries, times
from quizapp.sitting.retiming import share
from quizapp.sitting.tables import Opening, Sitting


def go_on(db: Session, sitting: Sitting, plan: Plan, *, leaving: int, now: datetime) -> bool:
    """Leave step ``leaving`` (0: none is open yet) and open the next; whether that was done.

    Whoever has left it already stays where they are: a double click, a replay or a second tab skips
    nothing. Nothing is opened in a sitting that is closed, paused or out of time.
    """
    share(db, plan)
    db.refresh(sitting, with_for_update=True)
    pace, here = plan.says.pace, queries.open_in(sitting)
    if pace is None or here is None or sitting.closed_at or sitting.paused_at:
        return False
    step = pace.following(leaving)
    if step is None or pace.place(here) != leaving or queries.out_of_time(sitting, now):
        return False
    own = _own(db, plan, sitting.application_id, step)
    opened = pace.opened(own, [*openings(db, sitting.id or 0), now])
    db.add(Opening(sitting_id=sitting.id or 0, step=step.number, opened_at=now))
    sitting.open_first, sitting.open_last = opened.first, opened.last
    sitting.open_until = opened.until
    db.add(sitting)
    db.flush()
    return True


def _own(db: Session, plan: Plan, application_id: int, step: Step) -> Own:
    """What a step that is being opened needs to know of a person's own time.

    Pauses and extensions so far lie before a question: only its part asks for them. A question is
    what 1,500 people open every half minute, so it asks for no more than it needs.
    """
    if step.part.lasts is not None:
        return times.own_of(db, plan, application_id)
    given = times.allowances(db, times.person(application_id))
    return Own(allowance=given.get(application_id, Fraction(0)))


def openings(db: Session, sitting_id: int) -> Sequence[datetime]:
    """When the steps of a sitting were opened, in their order."""
    return db.exec(
        select(Opening.opened_at)
        .where(Opening.sitting_id == sitting_id)
        .order_by(col(Opening.step))
    ).all()
