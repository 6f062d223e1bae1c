"""The item analysis of a stage, from its stored answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from quizapp.contests.queries import Plan
from quizapp.exam.bank import Bank
from quizapp.exam.correcting import Standard
from quizapp.exam.grading import Grade, Verdict
from quizapp.exam.paper import Paper
from quizapp.exam.questions.base import Question
from quizapp.exam.statistics import Analysis, Given, analyse
from quizapp.results import copies, corrections
from quizapp.results.actions import graded
from quizapp.results.tables import Draft, Exclusion, Score
from quizapp.sitting.tables import Answer, Sitting

_KEPT = 4  # analyses in memory
MOST = 20_000  # sittings read: more would take minutes, and change no figure that matters


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a stage and the bank it comes from."""

    bank: Bank
    question: Question


@dataclass(frozen=True, slots=True)
class Round:
    """The analysis of a stage: by name (``bank/question``), and of how many sittings out of all."""

    analysis: Analysis
    asked: Mapping[str, Asked]
    sittings: int


# Some seconds of work for thousands of papers: kept until what it rests on changes.
_known: OrderedDict[tuple[int, datetime | None, int], Round] = OrderedDict()


def latest(db: Session, plan: Plan) -> Round:
    """As ``analysed``, computed once for the scores and exclusions as they stand."""
    at, ranked = db.exec(
        select(func.max(Score.graded_at), func.count(col(Draft.application_id)))
        .select_from(Score)
        .join(Sitting, col(Sitting.id) == Score.sitting_id)
        .outerjoin(
            Draft,
            (col(Draft.application_id) == Sitting.application_id)
            & (col(Draft.stage_id) == Sitting.stage_id),
        )
        .where(Sitting.stage_id == plan.id)
    ).one()
    stands = (plan.id, at, ranked)
    if stands not in _known:
        _known[stands] = analysed(db, plan)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return _known[stands]


def analysed(db: Session, plan: Plan) -> Round:
    """What the answers of a closed stage say. Excluded candidates are left out.

    Of more than ``MOST`` sittings, every so manieth is read.
    """
    standard = corrections.standard(db, plan)
    banks = standard.banks
    asked = {
        f"{slug}/{question.id}": Asked(bank, question)
        for slug, bank in banks.items()
        for question in bank.questions
    }
    total = db.exec(
        select(func.count()).select_from(Sitting)
        .where(Sitting.stage_id == plan.id, col(Sitting.closed_at).is_not(None))
    ).one()  # fmt: skip
    found = analyse(
        _papers(db, plan, standard, step=-(-total // MOST) or 1),
        {name: one.question for name, one in asked.items()},
    )
    return Round(found, asked, total)


def _papers(db: Session, plan: Plan, standard: Standard, *, step: int) -> Iterator[list[Given]]:
    out = {
        *db.exec(
            select(Exclusion.application_id).where(
                Exclusion.stage_id == plan.id, col(Exclusion.lifted_at).is_(None)
            )
        )
    }
    at = 0
    for batch in copies.closed(db, plan):
        times = _times(db, [sitting for sitting, _ in batch])
        for sitting, answers in batch:
            at += 1
            if at % step == 0 and sitting.application_id not in out:
                paper = sitting.paper
                marked = graded(plan, standard, paper, answers)
                yield _given(paper, marked, standard.banks, answers, times.get(sitting.id or 0, {}))


def _given(
    paper: Paper,
    marked: Grade,
    banks: Mapping[str, Bank],
    answers: Mapping[int, str],
    times: Mapping[int, float],
) -> list[Given]:
    """One paper as the analysis reads it; what earns nothing has no maximum."""
    silent = (Verdict.VOID, Verdict.UNSCORED, Verdict.TO_MARK)
    return [
        Given(
            question=f"{item.bank}/{item.question}",
            points=float(mark.points),
            maximum=(
                0.0
                if mark.verdict in silent
                else float(banks[item.bank].by_id[item.question].weight)
            ),
            answer=answers.get(item.number),
            seconds=times.get(item.number),
        )
        for item, mark in zip(paper.items, marked.marks, strict=True)
    ]


def _times(db: Session, sittings: Sequence[Sitting]) -> dict[int, dict[int, float]]:
    """How long each item took: what passed before each save, from the save before or the start."""
    before: dict[int, datetime] = {one.id or 0: one.started_at for one in sittings}
    rows = db.exec(
        select(Answer.sitting_id, Answer.item, Answer.received_at)
        .where(col(Answer.sitting_id).in_(before), ~col(Answer.late))
        .order_by(col(Answer.sitting_id), col(Answer.n))
    )
    took: dict[int, dict[int, float]] = {}
    for sitting_id, item, at in rows:
        mine = took.setdefault(sitting_id, {})
        mine[item] = mine.get(item, 0.0) + (at - before[sitting_id]).total_seconds()
        before[sitting_id] = at
    return took
