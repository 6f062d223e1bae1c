"""The effect of a correction, computed before it is applied: everything is graded and ranked twice.

Both sides come from the stored answers alone, by the rule book; the basis is the fingerprint of all
that was read, so that whoever applies a correction applies what was shown.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import insert
from sqlmodel import Session, col, delete, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.correcting import Place, Standard
from quizapp.exam.effects import GROUPS, Move, Seen, counted, moves, outcomes
from quizapp.exam.grading import Grade, Verdict
from quizapp.exam.paper import Paper
from quizapp.exam.ranking.entries import Entry, composing
from quizapp.results import corrections, queries
from quizapp.results.actions import graded
from quizapp.results.lateness import answers_that_count
from quizapp.results.ranking import pauses
from quizapp.results.tables import Correction, CorrectionMove, Exclusion
from quizapp.sitting.tables import Sitting


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person's result is made from: the paper, the answers that count, the tie values."""

    application_id: int
    number: str
    region: str
    city: str
    applied_at: datetime
    time_used: timedelta
    excluded: bool
    drawn: str
    given: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Effect:
    """Whom a correction moves, and the fingerprint of all that this was computed from."""

    basis: str
    moves: tuple[Move, ...]
    ids: Mapping[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """How many move, and how."""
        return counted(self.moves)


def effect(db: Session, plan: Plan, correction: Correction) -> Effect:
    """What applying this correction now would change."""
    before = corrections.standard(db, plan)
    after = corrections.standard(db, plan, and_then=correction)
    sheets = _sheets(db, plan)
    touched = _touched(before, after)
    first = [_grade(plan, before, sheet) for sheet in sheets]
    second = [
        _grade(plan, after, sheet) if _holds(sheet, touched) else grade
        for sheet, grade in zip(sheets, first, strict=True)
    ]
    return Effect(
        basis=_basis(db, plan, before, sheets),
        moves=tuple(moves(_seen(plan, sheets, first), _seen(plan, sheets, second))),
        ids={sheet.number: sheet.application_id for sheet in sheets},
    )


def _touched(before: Standard, after: Standard) -> frozenset[Place]:
    """The questions that the two standards mark otherwise."""
    amended = {
        (slug, one.id)
        for slug, bank in after.banks.items()
        for one in bank.questions
        if bank is not before.banks[slug] and one != before.banks[slug].by_id[one.id]
    }
    return frozenset(amended) | (before.void ^ after.void) | (before.given ^ after.given)


def _holds(sheet: Sheet, touched: frozenset[Place]) -> bool:
    return any((item.bank, item.question) in touched for item in Paper.load(sheet.drawn).items)


def _grade(plan: Plan, standard: Standard, sheet: Sheet) -> Grade:
    return graded(plan, standard, Paper.load(sheet.drawn), sheet.given)


def _sheets(db: Session, plan: Plan) -> list[Sheet]:
    """Everyone whose paper is graded, by number."""
    answers, stood = answers_that_count(db, plan), pauses(db, plan)
    rows = db.exec(
        select(  # type: ignore[call-overload]
            Sitting.id, Application.id, Application.number, Application.region, Application.city,
            Application.applied_at, Sitting.started_at, Sitting.closed_at, Exclusion.id, Sitting.drawn,
        )
        .join(Application, col(Application.id) == Sitting.application_id)
        .outerjoin(
            Exclusion,
            (col(Exclusion.application_id) == Application.id)
            & (col(Exclusion.stage_id) == plan.id)
            & col(Exclusion.lifted_at).is_(None),
        )
        .where(*queries.graded(plan))
        .order_by(col(Application.number))
    )  # fmt: skip
    return [
        Sheet(
            application_id, number, region, city, applied_at,
            composing(started_at, closed_at, stood.get(sitting, ())), excluded is not None, drawn,
            answers.get(sitting, {}),
        )
        for sitting, application_id, number, region, city, applied_at, started_at, closed_at,
        excluded, drawn in rows
    ]  # fmt: skip


def _seen(plan: Plan, sheets: list[Sheet], grades: list[Grade]) -> dict[str, Seen]:
    """Where everyone stands; the excluded keep their points and have no rank."""
    pairs = list(zip(sheets, grades, strict=True))
    ranked = outcomes(
        [_entry(sheet, grade) for sheet, grade in pairs if not sheet.excluded],
        {sheet.number: grade.maximum for sheet, grade in pairs},
        plan.says,
        plan.says.tie_keys(plan.row.lot_seed),
    )
    left_out = {
        sheet.number: Seen(grade.points, grade.maximum) for sheet, grade in pairs if sheet.excluded
    }
    return ranked | left_out


def _entry(sheet: Sheet, grade: Grade) -> Entry:
    return Entry(
        number=sheet.number,
        points=grade.points,
        sections={part.bank: part.points for part in grade.sections},
        wrong=grade.counts.get(Verdict.WRONG, 0),
        distance=grade.distance,
        applied_at=sheet.applied_at,
        time_used=sheet.time_used,
        groups={"nation": "fr", "region": sheet.region, "city": sheet.city},
    )


def _basis(db: Session, plan: Plan, standard: Standard, sheets: list[Sheet]) -> str:
    """SHA-256 over all that decides an effect, but for the correction itself."""
    found = hashlib.sha256()
    for part in _rests_on(db, plan, standard, sheets):
        found.update(part.encode() + b"\x00")
    return found.hexdigest()


def _rests_on(db: Session, plan: Plan, standard: Standard, sheets: list[Sheet]) -> Iterator[str]:
    yield plan.says.model_dump_json()
    yield plan.row.lot_seed
    for slug, bank in sorted(standard.banks.items()):
        yield f"{slug} {bank.digest}"
    for row in corrections.applied(db, plan):
        yield f"{row.place} {row.undoes} {corrections.plain(row)}"
    for sheet in sheets:
        yield repr(
            (
                sheet.number, sheet.region, sheet.city, sheet.applied_at.isoformat(),
                sheet.time_used.total_seconds(), sheet.excluded, sheet.drawn,
                sorted(sheet.given.items()),
            )
        )  # fmt: skip


def given(db: Session, plan: Plan, place: Place) -> Counter[str | None]:
    """How often each answer was given to a question, on all papers that hold it; None is no answer."""
    answers = answers_that_count(db, plan)
    rows = db.exec(select(Sitting.id, Sitting.drawn).where(*queries.graded(plan)))
    return Counter(
        answers.get(sitting or 0, {}).get(item.number)
        for sitting, drawn in rows
        for item in Paper.load(drawn).items
        if (item.bank, item.question) == place
    )


def keep(db: Session, correction: Correction, found: Effect) -> None:
    """Keep the effect of a correction in place of the one that was kept before."""
    db.exec(delete(CorrectionMove).where(col(CorrectionMove.correction_id) == correction.id))
    rows = [_row(correction, move, found.ids[move.number]) for move in found.moves]
    for start in range(0, len(rows), 1000):
        db.execute(insert(CorrectionMove), rows[start : start + 1000])


def _row(
    correction: Correction, move: Move, application_id: int
) -> dict[str, int | str | Fraction]:
    row: dict[str, int | str | Fraction] = {
        "correction_id": correction.id or 0,
        "application_id": application_id,
        "sign": move.sign,
        "crossing": move.crossing.value,
    }
    for when, seen in (("before", move.before), ("after", move.after)):
        row |= {
            f"points_{when}": seen.points,
            f"maximum_{when}": seen.maximum,
            f"status_{when}": seen.status,
            f"place_{when}": seen.place,
        }
        row |= {f"{group}_{when}": rank for group, rank in zip(GROUPS, seen.ranks, strict=True)}
    return row
