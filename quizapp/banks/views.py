"""The author's desk: which banks are loaded, what is in them, how one is checked and loaded."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, render_template

from quizapp.banks import queries
from quizapp.banks.queries import Loaded
from quizapp.contests import queries as contests
from quizapp.people import names
from quizapp.web.database import reading
from quizapp.web.guard import allow

bp = Blueprint("banks", __name__)

DIFFICULTIES = (1, 2, 3)


@bp.get("/banques")
@allow("author", "organiser")
def desk() -> str:
    """The banks as they were last loaded, and the stages that draw from them."""
    edition = contests.current_edition(reading())
    plans = contests.plans(reading(), edition) if edition else []
    plans += contests.tries(reading(), edition)[:1] if edition else []  # all draw from the same
    pinned = queries.pinned(reading(), [plan.id for plan in plans])
    uses = [(plan.title, version) for plan in plans for version in pinned.get(plan.id, ())]
    found = [_card(one, uses) for one in queries.loaded(reading())]
    return render_template(
        "banks/desk.html", banks=found, questions=sum(one["questions"] for one in found)
    )


def _card(loaded: Loaded, uses: list[tuple[str, tuple[str, int]]]) -> dict[str, Any]:
    """A bank as the desk shows it: a line for each topic, with its questions by difficulty."""
    bank = loaded.version.bank
    cells = Counter((question.topic, question.difficulty) for question in bank.questions)
    topics = sorted({topic for topic, _ in cells}, key=names.fold)
    mine = [(title, version) for title, (slug, version) in uses if slug == bank.slug]
    return {
        "slug": bank.slug,
        "title": bank.title,
        "number": loaded.number,
        "loaded_at": loaded.version.loaded_at,
        "digest": loaded.version.digest,
        "questions": len(bank.questions),
        "topics": [
            {"name": topic, "counts": [cells[topic, degree] for degree in DIFFICULTIES]}
            for topic in topics
        ],
        "totals": [sum(cells[topic, degree] for topic in topics) for degree in DIFFICULTIES],
        "current": [title for title, version in mine if version == loaded.version.id],
        "older": [title for title, version in mine if version != loaded.version.id],
    }
