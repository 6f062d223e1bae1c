"""Sittings as their receipts speak of them: what was handed in, and what is stored now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlmodel import Session, col, select

from quizapp.contests.tables import Application, Edition, Stage
from quizapp.exam import receipts
from quizapp.exam.audit import Record, Stored
from quizapp.exam.receipt_file import FinalReceipt
from quizapp.exam.receipts import Receipt
from quizapp.sitting.tables import Answer, Sitting


def record_of(db: Session, stage: str, candidate: str) -> Record | None:
    """The sitting of this stage (``edition/stage``) and candidate, as it is stored now."""
    edition, _slash, key = stage.partition("/")
    found = db.exec(
        _SITTINGS.where(Edition.slug == edition, Stage.key == key, Application.number == candidate)
    ).one_or_none()
    if found is None:
        return None
    sitting = found[0]
    rows = db.exec(
        select(Answer).where(Answer.sitting_id == sitting.id).order_by(col(Answer.n))
    ).all()
    return _record(sitting, stage, candidate, rows)


def records(db: Session) -> Iterator[Record]:
    """Every sitting with an answer, as it is stored now."""
    names = {
        sitting.id: (sitting, f"{edition}/{key}", number)
        for sitting, edition, key, number in db.exec(_SITTINGS)
    }
    rows = db.exec(
        select(Answer).order_by(col(Answer.sitting_id), col(Answer.n)),
        execution_options={"yield_per": 1000},
    )
    for sitting_id, answers in groupby(rows, lambda answer: answer.sitting_id):
        yield _record(*names[sitting_id], list(answers))


def final_receipt(db: Session, sitting: Sitting, *, stage: str, candidate: str) -> FinalReceipt:
    """What a closed sitting was when it was closed; what came later is no part of it."""
    if sitting.closed_at is None:
        raise ValueError("this sitting is not closed")
    rows = db.exec(
        select(Answer).where(Answer.sitting_id == sitting.id).order_by(col(Answer.n))
    ).all()
    links = [row.link for row in rows]
    rows = rows[: links.index(sitting.digest) + 1] if sitting.digest in links else []
    chain = _record(sitting, stage, candidate, rows).rows
    return FinalReceipt(
        stage, candidate, sitting.closed_at, tuple(stored.receipt for stored in chain.values()),
        frozenset(row.n for row in rows if row.late),
    )  # fmt: skip


_SITTINGS = (
    select(Sitting, Edition.slug, Stage.key, Application.number)
    .join(Stage, col(Stage.id) == Sitting.stage_id)
    .join(Edition, col(Edition.id) == Stage.edition_id)
    .join(Application, col(Application.id) == Sitting.application_id)
)


def _record(sitting: Sitting, stage: str, candidate: str, rows: Sequence[Answer]) -> Record:
    stored = {}
    previous = receipts.first_link(stage, candidate)
    for row in rows:
        receipt = Receipt(
            stage, candidate, n=row.n, item=row.item, seq=row.seq, flagged=row.flagged,
            at=row.received_at, answer=receipts.fingerprint(row.response), previous=previous,
        )  # fmt: skip
        stored[row.n] = Stored(receipt, row.link)
        previous = row.link
    return Record(stage, candidate, sitting.closed_at, sitting.digest, stored)
