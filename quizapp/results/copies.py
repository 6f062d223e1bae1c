"""The closed sittings of a stage with the answers that count, some hundreds at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.results import lateness, queries
from quizapp.sitting.tables import Sitting

_AT_ONCE = 500  # sittings held in memory

Copy = tuple[Sitting, dict[int, str]]


def closed(db: Session, plan: Plan, *, only: Collection[int] | None = None) -> Iterator[list[Copy]]:
    """Each closed sitting and its answers by item, batch after batch; ``only`` those numbered so.

    Where the edition says so, a sitting that its candidate did not hand in is none.
    """
    wanted = select(Sitting).where(*queries.graded(plan)).order_by(col(Sitting.id)).limit(_AT_ONCE)
    if only is not None:
        wanted = wanted.where(col(Sitting.id).in_(only))
    last = 0
    while sat := db.exec(wanted.where(col(Sitting.id) > last)).all():
        last = sat[-1].id or 0
        answers = lateness.answers_that_count(db, plan, only=[one.id or 0 for one in sat])
        yield [(sitting, answers.get(sitting.id or 0, {})) for sitting in sat]
        for sitting in sat:
            db.expunge(sitting)  # a whole country's papers would fill the memory
