"""What one candidate sees of their own result: every door, and the preview, asks here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Expiry
from quizapp.exam.correcting import Standard, corrected
from quizapp.exam.grading import Grade, Verdict
from quizapp.exam.markup import Html
from quizapp.exam.questions.shown import Reviewed, Shown
from quizapp.exam.visibility import Moment, Sight, When, open_sights
from quizapp.results import corrections, queries
from quizapp.results.actions import graded
from quizapp.results.lateness import answers_that_count
from quizapp.results.queries import GROUPS
from quizapp.results.tables import Draft, Publication, Standing
from quizapp.sitting import queries as sittings
from quizapp.sitting.tables import Sitting


@dataclass(frozen=True, slots=True)
class SectionSeen:
    """A sub-score; the maximum is None where an old publication has not kept it."""

    title: str
    points: Fraction
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A rank in one group of so many; ``tied`` is *ex æquo*."""

    rank: int
    tied: bool
    out_of: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What the ranking decides: the ranks by group, the status, the place in it, and why."""

    places: Mapping[str, Place]
    status: str
    place: int
    reason: str


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """One question of the paper as far as it is seen: what is None is not open.

    ``reviewed`` has the key, ``explanation`` what is said of it, ``points`` what the answer earned.
    """

    number: int
    shown: Shown
    told: str | None
    reviewed: Reviewed | None
    explanation: Html | None
    source: str | None
    verdict: Verdict | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a candidate sees; what is None is not open to them."""

    sights: frozenset[Sight]
    publication: Publication | None
    points: Fraction | None = None
    maximum: int | None = None
    sections: tuple[SectionSeen, ...] | None = None
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class _Figures:
    """All figures of a result, before anything is held back."""

    points: Fraction
    maximum: int
    sections: Mapping[str, Fraction]
    maxima: Mapping[str, int]
    fate: Fate | None = None
    publication: Publication | None = field(default=None)


def moment_of(db: Session, plan: Plan, one: Application, now: datetime) -> Moment:
    """Where this candidate and the stage stand."""
    sitting = sittings.sitting_at(db, one.id or 0, plan.id)
    return Moment(
        now,
        handed_in=sitting is not None and sittings.is_over(sitting, plan, now),
        closed=plan.row.closed_at is not None,
        published=plan.row.published_at is not None,
    )


def as_if(when: When, now: datetime) -> Moment:
    """A moment to preview: a phase as it has just begun; before the first, nothing is open."""
    return Moment(
        now,
        handed_in=when is When.HANDED_IN,
        closed=when in (When.CLOSED, When.PUBLISHED),
        published=when is When.PUBLISHED,
    )


def sights(plan: Plan, moment: Moment) -> frozenset[Sight]:
    """What is open in this stage at a moment."""
    return open_sights(plan.says.shows, plan.edition.zone, moment)


def seen(db: Session, plan: Plan, one: Application, moment: Moment) -> Seen | None:
    """What this candidate sees at a moment; None where they have no result in it."""
    found = _figures(db, plan, one, moment)
    if found is None:
        return None
    opened = sights(plan, moment)
    titles = {part.bank: part.title for part in plan.says.sections}
    return Seen(
        sights=opened,
        publication=found.publication,
        points=found.points if Sight.SCORE in opened else None,
        maximum=found.maximum if Sight.SCORE in opened else None,
        sections=tuple(
            SectionSeen(titles[bank], points, found.maxima.get(bank))
            for bank, points in found.sections.items()
        )
        if Sight.SECTIONS in opened
        else None,
        fate=found.fate if Sight.RANK in opened else None,
    )


def _figures(db: Session, plan: Plan, one: Application, moment: Moment) -> _Figures | None:
    published = queries.publications(db, plan)
    if moment.published and published:
        standing = queries.published_result(db, published[0], one.id or 0)
        return _of_standing(db, published[0], standing) if standing else None
    sitting = sittings.sitting_at(db, one.id or 0, plan.id)
    uncounted = plan.says.expiry is Expiry.NOT_COUNTED
    if sitting is None or (uncounted and sitting.closed_by == "expiry"):
        return None
    return _of_grade(
        _grade(db, plan, sitting, None), _fate_now(db, plan, one) if moment.published else None
    )


def _of_standing(db: Session, publication: Publication, standing: Standing) -> _Figures:
    return _Figures(
        standing.points,
        standing.maximum,
        queries.sections_of(standing.sections),
        json.loads(standing.maxima),
        _fate(db, standing),
        publication,
    )


def _fate(db: Session, ranked: Standing | Draft) -> Fate:
    sizes = queries.group_sizes(db, ranked)
    places = {
        group: Place(
            getattr(ranked, f"{group}_rank"), getattr(ranked, f"{group}_tied"), sizes[group]
        )
        for group in GROUPS
    }
    return Fate(places, ranked.status, ranked.place, ranked.reason)


def _of_grade(grade: Grade, fate: Fate | None) -> _Figures:
    return _Figures(
        grade.points,
        grade.maximum,
        {part.bank: part.points for part in grade.sections},
        {part.bank: part.maximum for part in grade.sections},
        fate,
    )


def _fate_now(db: Session, plan: Plan, one: Application) -> Fate | None:
    """What the ranking as it stands would decide: for the preview of a first publication."""
    found = db.get(Draft, (plan.id, one.id))
    return _fate(db, found) if found else None


def _grade(db: Session, plan: Plan, sitting: Sitting, publication: Publication | None) -> Grade:
    return graded(plan, _standard(db, plan, publication), sitting.paper, _given(db, plan, sitting))


def _given(db: Session, plan: Plan, sitting: Sitting) -> dict[int, str]:
    """The answers that count, late ones that were accepted among them."""
    number = sitting.id or 0
    return answers_that_count(db, plan, only=[number]).get(number, {})


def _standard(db: Session, plan: Plan, publication: Publication | None) -> Standard:
    """What a publication was graded by; without one, what is graded by now."""
    most = publication.corrections if publication else None
    rows = corrections.standing(corrections.applied(db, plan, most=most))
    return corrected(banks_of(db, plan.id), map(corrections.plain, rows))


def items(db: Session, plan: Plan, one: Application, moment: Moment) -> tuple[ItemSeen, ...]:
    """The questions of this candidate’s paper, as far as they are seen; none where nothing is."""
    opened = sights(plan, moment)
    sitting = sittings.sitting_at(db, one.id or 0, plan.id)
    if sitting is None or not opened & {Sight.ANSWERS, Sight.KEY}:
        return ()
    publication = next(iter(queries.publications(db, plan)), None) if moment.published else None
    standard = _standard(db, plan, publication)
    given = _given(db, plan, sitting)
    marks = graded(plan, standard, sitting.paper, given).marks
    marked = Sight.KEY in opened and Sight.SCORE in opened
    found = []
    for item, mark in zip(sitting.paper.items, marks, strict=True):
        question = standard.banks[item.bank].by_id[item.question]
        answer = given.get(item.number) if Sight.ANSWERS in opened else None
        reviewed = question.review(item.order, answer) if Sight.KEY in opened else None
        explained = Sight.EXPLANATIONS in opened and reviewed is not None
        found.append(
            ItemSeen(
                number=item.number,
                shown=question.show(item.order, answer),
                told=question.told(answer) if Sight.ANSWERS in opened else None,
                reviewed=reviewed,
                explanation=reviewed.explanation if reviewed and explained else None,
                source=reviewed.source if reviewed and explained else None,
                verdict=mark.verdict if marked and Sight.ANSWERS in opened else None,
                points=mark.points if marked and Sight.ANSWERS in opened else None,
            )
        )
    return tuple(found)
