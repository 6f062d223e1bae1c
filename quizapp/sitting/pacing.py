"""How a sitting goes on in a paced paper: its steps are opened one after the other, for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
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
    own = times.own_of(db, plan, sitting.application_id)
    opened = pace.opened(own, [*openings(db, sitting.id or 0), now])
    db.add(Opening(sitting_id=sitting.id or 0, step=step.number, opened_at=now))
    sitting.open_first, sitting.open_last = opened.first, opened.last
    sitting.open_until = opened.until
    db.add(sitting)
    db.flush()
    return True


def openings(db: Session, sitting_id: int) -> Sequence[datetime]:
    """When the steps of a sitting were opened, in their order."""
    return db.exec(
        select(Opening.opened_at)
        .where(Opening.sitting_id == sitting_id)
        .order_by(col(Opening.step))
    ).all()
