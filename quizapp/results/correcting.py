"""What is done with corrections: propose one, apply it whole or not at all, withdraw or undo it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import Session

from quizapp.contests.queries import Plan
from quizapp.exam.correcting import Correction as Said
from quizapp.exam.correcting import Kind, check
from quizapp.exam.problems import ToldError
from quizapp.kit import journal
from quizapp.results import corrections, effects
from quizapp.results.actions import SamePersonError, grade_stage, hold_closed
from quizapp.results.tables import Correction


class MovedOnError(Exception):
    """What the effect was computed from has changed since it was shown."""


def propose(
    db: Session, plan: Plan, said: Said, *, key: str, by: str, reason: str, now: datetime
) -> Correction:
    """Keep a proposal with its effect; the same ``key`` again is the same proposal.

    Raises NotNowError before the stage is closed, and ToldError for what this question cannot bear.
    """
    hold_closed(db, plan)
    if known := corrections.by_key(db, plan, key):
        return known
    question = corrections.question_of(db, plan, said.bank, said.question)
    if question is None:
        raise ToldError("Cette question n’est pas de cette étape.")
    check(said, question, scored=corrections.is_scored(plan, said.bank))
    return _propose(
        db, plan, Correction(
            stage_id=plan.id, key=key, bank=said.bank, question=said.question,
            kind=said.kind.value, value=said.value, reason=reason, by=by, proposed_at=now,
            basis="", counts="{}",
        ),
    )  # fmt: skip


def propose_undoing(
    db: Session, plan: Plan, target: Correction, *, key: str, by: str, reason: str, now: datetime
) -> Correction:
    """Propose to undo a correction that was applied; that is a correction in its turn.

    Raises ToldError where there is nothing to undo.
    """
    hold_closed(db, plan)
    if known := corrections.by_key(db, plan, key):
        return known
    _undoable(db, plan, target.id or 0)
    return _propose(
        db, plan, Correction(
            stage_id=plan.id, key=key, bank=target.bank, question=target.question,
            kind=Kind.UNDO.value, undoes=target.id, reason=reason, by=by, proposed_at=now,
            basis="", counts="{}",
        ),
    )  # fmt: skip


def _undoable(db: Session, plan: Plan, number: int) -> None:
    """Raise ToldError unless this correction is applied and nothing has undone it."""
    rows = corrections.applied(db, plan)
    if number not in {row.id for row in corrections.effective(rows)}:
        raise ToldError("Cette correction n’est pas appliquée, ou elle est déjà annulée.")


def _propose(db: Session, plan: Plan, row: Correction) -> Correction:
    db.add(row)
    db.flush()
    _renew(db, plan, row)
    journal.record(
        db, at=row.proposed_at, who=row.by, what="correction.propose", subject=_subject(plan, row),
        after=row.counts, why=row.reason,
    )  # fmt: skip
    db.flush()
    return row


def _renew(db: Session, plan: Plan, row: Correction) -> None:
    found = effects.effect(db, plan, row)
    effects.keep(db, row, found)
    row.basis, row.counts = found.basis, json.dumps(found.counts)
    db.add(row)


def _subject(plan: Plan, row: Correction) -> str:
    return f"stage:{plan.key}/correction:{row.id}"


def renew(db: Session, plan: Plan, number: int, *, by: str, now: datetime) -> Correction:
    """Compute the effect of a waiting proposal anew, after something it rests on has changed."""
    hold_closed(db, plan)
    row = _waiting(db, plan, number)
    before = row.counts
    _renew(db, plan, row)
    journal.record(
        db, at=now, who=by, what="correction.renew", subject=_subject(plan, row), before=before,
        after=row.counts,
    )  # fmt: skip
    db.flush()
    return row


def _waiting(db: Session, plan: Plan, number: int) -> Correction:
    row = db.get_one(Correction, number, with_for_update=True)
    if row.stage_id != plan.id or row.applied_at or row.withdrawn_at:
        raise ToldError("Cette proposition n’attend plus : elle est appliquée ou retirée.")
    return row


def apply(db: Session, plan: Plan, number: int, *, by: str, seen: str, now: datetime) -> Correction:
    """Apply a proposal: it joins those that stand, and every paper of the stage is graded anew.

    ``seen`` is the basis of the effect that was shown. Raises MovedOnError if anything it rests on
    has changed, SamePersonError where the edition asks for a second person, ToldError if it was
    withdrawn. Applied already, it stays as it is.
    """
    hold_closed(db, plan)
    row = db.get_one(Correction, number, with_for_update=True)
    if row.applied_at is not None and row.stage_id == plan.id:
        return row
    row = _waiting(db, plan, number)
    if plan.edition.two_people and by == row.by:
        raise SamePersonError
    if row.undoes is not None:
        _undoable(db, plan, row.undoes)
    if not seen == row.basis == effects.effect(db, plan, row).basis:
        raise MovedOnError
    before = corrections.applied(db, plan)
    row.place = len(before) + 1
    row.applied_at, row.applied_by = now, by
    db.add(row)
    db.flush()
    grade_stage(db, plan, now=now)
    journal.record(
        db, at=now, who=by, what="correction.apply", subject=_subject(plan, row),
        before=f"{len(before)} corrections", after=f"{row.basis} {row.counts}", why=row.reason,
    )  # fmt: skip
    db.flush()
    return row


def withdraw(db: Session, plan: Plan, number: int, *, by: str, now: datetime) -> Correction:
    """Withdraw a proposal; withdrawn already, it stays so. Raises ToldError once it is applied."""
    hold_closed(db, plan)
    row = db.get_one(Correction, number, with_for_update=True)
    if row.withdrawn_at is not None and row.stage_id == plan.id:
        return row
    row = _waiting(db, plan, number)
    row.withdrawn_at, row.withdrawn_by = now, by
    db.add(row)
    journal.record(
        db, at=now, who=by, what="correction.withdraw", subject=_subject(plan, row), why=row.reason
    )
    db.flush()
    return row
