"""The closed sittings of a stage with the answers that count, some hundreds at a time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.exam.clock import Expiry
from quizapp.sitting.tables import Answer, Sitting

_AT_ONCE = 500  # sittings held in memory

Copy = tuple[Sitting, dict[int, str]]


def closed(db: Session, plan: Plan) -> Iterator[list[Copy]]:
    """Each closed sitting and its answers by item, batch after batch.

    Where the edition says so, a sitting that its candidate did not hand in is none.
    """
    wanted = (
        select(Sitting)
        .where(Sitting.stage_id == plan.id, col(Sitting.closed_at).is_not(None))
        .order_by(col(Sitting.id))
        .limit(_AT_ONCE)
    )
    if plan.says.expiry is Expiry.NOT_COUNTED:
        wanted = wanted.where(Sitting.closed_by != "expiry")
    last = 0
    while sat := db.exec(wanted.where(col(Sitting.id) > last)).all():
        first, last = sat[0].id or 0, sat[-1].id or 0
        answers = _answers(db, plan, first, last)
        yield [(sitting, answers.get(sitting.id or 0, {})) for sitting in sat]
        for sitting in sat:
            db.expunge(sitting)  # a whole country's papers would fill the memory


def _answers(db: Session, plan: Plan, first: int, last: int) -> dict[int, dict[int, str]]:
    """The answers that count, by sitting and item, of the sittings numbered ``first`` to ``last``."""
    rows = db.exec(
        select(Answer.sitting_id, Answer.item, Answer.response)
        .join(Sitting, col(Sitting.id) == Answer.sitting_id)
        .where(
            Sitting.stage_id == plan.id, ~col(Answer.late),
            col(Answer.sitting_id).between(first, last),
        )
        .order_by(col(Answer.seq))
    )  # fmt: skip
    newest: dict[int, dict[int, str | None]] = {}
    for sitting_id, item, response in rows:
        newest.setdefault(sitting_id, {})[item] = response
    return {
        sitting_id: {item: text for item, text in given.items() if text is not None}
        for sitting_id, given in newest.items()
    }
