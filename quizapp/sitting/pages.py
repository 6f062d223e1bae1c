"""A sitting as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from markupsafe import Markup
from sqlmodel import Session

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Plan
from quizapp.exam.paper import Item
from quizapp.exam.questions.base import Question, Shown
from quizapp.sitting import queries
from quizapp.sitting.queries import Kept
from quizapp.sitting.tables import Sitting


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One item of the paper on screen; the question itself only where it is shown."""

    number: int
    section: str
    type: str
    answered: bool
    flagged: bool
    seq: int
    url: str
    save_url: str
    saved_at: datetime | None
    question: Shown | None = None


def paper_items(db: Session, sitting: Sitting, plan: Plan, *, shown: set[int]) -> list[PaperItem]:
    """All items of a sitting's paper, with the question of those that are ``shown``."""
    banks = banks_of(db, plan.id)
    titles = {section.bank: section.title for section in plan.says.blueprint.sections}
    kept = queries.answers_of(db, sitting.id or 0)
    return [
        _item(
            sitting,
            item,
            titles[item.bank],
            banks[item.bank].by_id[item.question],
            kept.get(item.number),
            item.number in shown,
        )
        for item in sitting.paper.items
    ]


def _item(
    sitting: Sitting, item: Item, section: str, question: Question, mine: Kept | None, shown: bool
) -> PaperItem:
    response = mine.response if mine else None
    return PaperItem(
        number=item.number,
        section=section,
        type=question.kind,
        answered=response is not None,
        flagged=mine is not None and mine.flagged,
        seq=mine.seq if mine else 0,
        url=url_for("sitting.paper", sitting_id=sitting.id, q=item.number),
        save_url=f"/composition/{sitting.id}/reponses/{item.number}",
        saved_at=mine.at if mine else None,
        question=_safe(question.show(item.order, response)) if shown else None,
    )


def _safe(question: Shown) -> Shown:
    """The question with its HTML marked as such; the core has cleaned it."""
    return replace(
        question,
        stem=Markup(question.stem),  # noqa: S704
        choices=tuple(
            replace(choice, label=Markup(choice.label))  # noqa: S704
            for choice in question.choices
        ),
    )
