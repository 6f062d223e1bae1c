"""What is read of papers that are alike: the report of a stage, and two papers side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Centre
from quizapp.exam import collusion
from quizapp.exam.bank import Bank
from quizapp.exam.collusion import Habits, Pair, Report, Sheet
from quizapp.exam.paper import Paper
from quizapp.exam.questions.base import Question
from quizapp.results import corrections, lateness
from quizapp.sitting.tables import Sitting


@dataclass(frozen=True, slots=True)
class Likeness:
    """The report of a stage, with what it was made of."""

    report: Report
    sheets: Mapping[str, Sheet]
    habits: Habits

    def pair(self, first: str, second: str) -> Pair | None:
        """The pair of these two candidates, if the report tells it."""
        return next(
            (one for one in self.report.pairs if {one.first, one.second} == {first, second}), None
        )


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate of a pair, with the facts that the installation knows."""

    application: Application
    centre: Centre
    sitting: Sitting


@dataclass(frozen=True, slots=True)
class Given:
    """What one candidate answered to one question: its number in their paper, when, and in words."""

    item: int
    at: datetime | None
    told: str
    right: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One question that both answered; how many gave the same wrong answer, of how many wrong."""

    question: Question
    first: Given
    second: Given
    alike: bool
    shared_by: tuple[int, int]


def likeness(db: Session, plan: Plan) -> Likeness:
    """The report of a closed stage, from the answers that count."""
    sheets = {sheet.number: sheet for sheet in _sheets(db, plan)}
    every = list(sheets.values())
    return Likeness(collusion.compare(every), sheets, Habits(every))


def _sheets(db: Session, plan: Plan) -> Iterator[Sheet]:
    """What each right and wrong answer is, under the corrections that stand."""
    standard = corrections.standard(db, plan)
    answers = lateness.answers_that_count(db, plan)
    marks: dict[tuple[str, str, str], bool | None] = {}
    rows = db.exec(
        select(Sitting.id, Sitting.drawn, Application.number)
        .join(Application, col(Application.id) == Sitting.application_id)
        .where(Sitting.stage_id == plan.id)
    )
    for sitting_id, drawn, number in rows:
        right, wrong = set(), {}
        given = answers.get(sitting_id or 0, {})
        for item in Paper.load(drawn).items if given else ():
            if (answer := given.get(item.number)) is None:
                continue
            entry = item.bank, item.question, answer
            if entry not in marks:
                question = standard.banks[item.bank].by_id[item.question]
                neutral = (item.bank, item.question) in standard.void | standard.given
                marks[entry] = None if neutral else _is_right(question, answer)
            name = f"{item.bank}/{item.question}"
            if marks[entry]:
                right.add(name)
            elif marks[entry] is not None:
                wrong[name] = answer
        yield Sheet(number, frozenset(right), wrong)


def _is_right(question: Question, answer: str) -> bool | None:
    """Whether an answer is wholly right; None where nobody is wrong, or a person has to say it."""
    part = question.mark(answer)
    if not question.earns or question.is_unsure(answer) or part is None:
        return None
    return part == 1


def people(db: Session, plan: Plan, numbers: set[str]) -> dict[str, Person]:
    """The candidates of these numbers who sat, by number."""
    rows = db.exec(
        select(Application, Centre, Sitting)
        .join(Centre, col(Centre.id) == Application.centre_id)
        .join(Sitting, col(Sitting.application_id) == Application.id)
        .where(Sitting.stage_id == plan.id, col(Application.number).in_(numbers))
    )
    return {one.number: Person(one, centre, sitting) for one, centre, sitting in rows}


def side_by_side(
    db: Session, plan: Plan, found: Likeness, first: Person, second: Person
) -> list[Side]:
    """Every question that both answered, in the order of the first one's paper."""
    banks = banks_of(db, plan.id)
    mine, theirs = (_given(db, one, found, banks) for one in (first, second))
    sheets = [found.sheets[one.application.number] for one in (first, second)]
    sides = []
    for name in (one for one in mine if one in theirs):
        bank, _, question = name.partition("/")
        answers = [sheet.wrong.get(name) for sheet in sheets]
        alike = answers[0] is not None and answers[0] == answers[1]
        sides.append(
            Side(
                banks[bank].by_id[question], mine[name], theirs[name], alike,
                found.habits.given(name, answers[0] or "") if alike else (0, 0),
            )
        )  # fmt: skip
    return sides


def _given(
    db: Session, person: Person, found: Likeness, banks: Mapping[str, Bank]
) -> dict[str, Given]:
    """What somebody answered that the report looks at, by question."""
    sheet, sitting = found.sheets[person.application.number], person.sitting
    case = lateness.cases_of(db, [sitting])[sitting.id or 0]
    counts = case.counts
    given = {}
    for item in sitting.paper.items:
        name = f"{item.bank}/{item.question}"
        if name in sheet.answered:
            version = counts[item.number]
            told = banks[item.bank].by_id[item.question].told(version.response)
            given[name] = Given(
                item.number, case.received.get(version.n), told, name in sheet.right
            )
    return given
