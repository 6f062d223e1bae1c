"""What becomes of the answers in a rescue file that an organiser brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from quizapp.exam.problems import NotAnAnswerError, ToldError
from quizapp.exam.rescue import Pending, Rescue
from quizapp.kit import journal
from quizapp.sitting import queries
from quizapp.sitting.answers import Answers
from quizapp.sitting.keeping import Saving
from quizapp.sitting.passes import Pass


class Fate(StrEnum):
    """What became of one version in the file."""

    NEW = "new"
    REPLACED = "replaced"
    KNOWN = "known"
    OLDER = "older"
    LATE = "late"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One version of the file: what became of it, and when the device says it was given."""

    item: int
    fate: Fate
    at: datetime | None
    why: ToldError | None = None


class UnknownSittingError(LookupError):
    """This installation has no sitting of this candidate in this stage."""


def bring(answers: Answers, db: Session, rescue: Rescue, *, now: datetime) -> tuple[Line, ...]:
    """Keep every version of a rescue file that still counts, as if its page had sent it now.

    The hour of arrival decides, as for every answer: what comes after the end and the grace is kept
    as evidence. ``db`` is only read from. Raises UnknownSittingError.
    """
    found = queries.sitting_named(db, rescue.stage, rescue.candidate)
    if found is None or found[0].id is None:
        raise UnknownSittingError
    sitting, stamp = found
    holder = Pass(found[0].id, sitting.application_id, stamp, sitting.writer)
    stored = {item: one.seq for item, one in queries.answers_of(db, holder.sitting).items()}
    ordered = sorted(rescue.pending, key=lambda one: (one.item, one.seq))
    return tuple(_bring_one(answers, holder, one, stored, now) for one in ordered)


def _bring_one(
    answers: Answers, holder: Pass, pending: Pending, stored: dict[int, int], now: datetime
) -> Line:
    seat = answers.seat(holder.sitting, holder.application)
    if seat is None:
        raise UnknownSittingError
    try:
        response = answers.read(seat, item=pending.item, posted=pending.answer)
    except NotAnAnswerError as error:
        return Line(pending.item, Fate.REFUSED, pending.at, error)
    saved = answers.keep(
        seat, holder, item=pending.item, response=response, flagged=pending.flagged,
        seq=pending.seq, key=pending.key, at=now,
    )  # fmt: skip
    replaced = Fate.REPLACED if pending.item in stored else Fate.NEW
    fate = {
        Saving.KEPT: replaced,
        Saving.REPEATED: Fate.KNOWN,
        Saving.STALE: Fate.OLDER,
        Saving.LATE: Fate.LATE,
        Saving.CLOSED: Fate.LATE,
    }.get(saved.outcome, Fate.REFUSED)
    if saved.outcome is Saving.KEPT:
        stored[pending.item] = pending.seq
    return Line(pending.item, fate, pending.at)


def note(db: Session, rescue: Rescue, lines: tuple[Line, ...], *, by: str, now: datetime) -> None:
    """Write the import down in the journal."""
    counts = {fate: sum(line.fate is fate for line in lines) for fate in Fate}
    journal.record(
        db, at=now, who=by, what="rescue.import",
        subject=f"sitting:{rescue.stage}:{rescue.candidate}",
        after=", ".join(f"{fate}: {count}" for fate, count in counts.items() if count),
        why=f"sealed {rescue.sealed_at.isoformat()}",
    )  # fmt: skip
