"""What is done for a public draw: commit to the list, then enter the value that came later."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from quizapp.contests.queries import Plan
from quizapp.exam import lots
from quizapp.exam.problems import ToldError
from quizapp.kit import journal
from quizapp.results import drawn, queries
from quizapp.results.actions import hold_closed
from quizapp.results.ranking import rerank
from quizapp.results.tables import Draw


def commit(
    db: Session, plan: Plan, *, source: str, due_at: datetime, by: str, now: datetime
) -> Draw:
    """Commit to the list of those who sat, before the value that ``source`` announces is known.

    Until that time the list may be committed to anew. Raises ToldError where a draw is not to be
    made, or too late; NotNowError before the stage is closed.
    """
    hold_closed(db, plan)
    known = drawn.of_stage(db, plan)
    if plan.says.lots != "public":
        raise ToldError("Cette étape ne prévoit pas de tirage public.")
    if queries.publications(db, plan):
        raise ToldError("Le classement est publié : le tirage ne peut plus changer.")
    if known is not None and (known.source, known.due_at, known.committed_by) == (
        source,
        due_at,
        by,
    ):
        return known
    if known is not None and now >= known.due_at:
        raise ToldError("L’heure annoncée est passée : la liste ne peut plus changer.")
    if due_at <= now:
        raise ToldError("La valeur doit être connue plus tard : annoncez une date à venir.")
    numbers = lots.written(drawn.ranked(db, plan))
    row = Draw(
        stage_id=plan.id, numbers=numbers, digest=lots.fingerprint(numbers), source=source,
        due_at=due_at, committed_at=now, committed_by=by,
    )  # fmt: skip
    db.add(row)
    journal.record(
        db, at=now, who=by, what="draw.commit", subject=f"stage:{plan.key}",
        before=known.digest if known else "", after=f"{row.digest} {due_at.isoformat()}",
        why=source,
    )  # fmt: skip
    db.flush()
    return row


def enter(db: Session, plan: Plan, *, value: str, found_at: str, by: str, now: datetime) -> Draw:
    """Enter the public value, once: from now on the lots of the stage are drawn from it.

    The same value again changes nothing. Raises ToldError without a list, or before its time.
    """
    hold_closed(db, plan)
    row, tidy = drawn.of_stage(db, plan), lots.tidy(value)
    if row is None:
        raise ToldError("Arrêtez d’abord la liste.")
    if row.value is not None:
        if row.value == tidy:
            return row
        raise ToldError("La valeur est déjà entrée : elle ne change plus.")
    if now < row.due_at:
        raise ToldError("L’heure annoncée n’est pas encore venue.")
    if queries.publications(db, plan):
        raise ToldError("Le classement est publié : le tirage ne peut plus changer.")
    row.value, row.found_at, row.entered_at, row.entered_by = tidy, found_at, now, by
    plan.row.lot_seed = lots.public_seed(row.numbers.split(), tidy)
    db.add(row)
    db.add(plan.row)
    journal.record(
        db, at=now, who=by, what="draw.enter", subject=f"stage:{plan.key}", before=row.digest,
        after=f"{tidy} {plan.row.lot_seed}", why=found_at,
    )  # fmt: skip
    rerank(db, plan)
    return row
