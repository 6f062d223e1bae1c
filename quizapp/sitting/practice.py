"""Practice: a paper that counts for nothing, sat on the pages of the day, with its answers at once.

Each try is a stage of its own (``exam.edition.PracticeStage``), beside those of the contest: the one
sitting per person and stage holds for it too, and no list, count or ranking ever asks for it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.banks.queries import banks_of
from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.exam.grading import grade
from quizapp.sitting import actions, queries
from quizapp.sitting.lobby import bp, device, may_practise
from quizapp.sitting.tables import Sitting
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.moment import now


@dataclass(frozen=True, slots=True)
class Try:
    """One try: its number, its stage, and the candidate's sitting in it, if it has begun."""

    number: int
    plan: Plan
    sitting: Sitting | None

    def running(self, at: datetime) -> bool:
        """Whether it can still be gone on with."""
        return self.sitting is not None and not queries.is_over(self.sitting, self.plan, at)


def _tries() -> list[Try]:
    edition = contests.current_edition(reading()) or abort(404)
    application = contests.application(reading(), current_user.id) or abort(404)
    plans = contests.tries(reading(), edition) if application.edition_id == edition.id else []
    found = [
        Try(number, plan, queries.sitting_at(reading(), current_user.id, plan.id))
        for number, plan in enumerate(plans, start=1)
    ]
    return found or abort(404)


@bp.get("/entrainement")
@allow("candidate")
def practice() -> str:
    """What practising is, the tries made and their answers, and the next one."""
    at, tries = now(), _tries()
    first = tries[0].plan
    begun = [one for one in tries if one.sitting]
    return render_template(
        "sitting/practice.html",
        practice=True,
        may_begin=_next(tries, at) is not None,
        running=any(one.running(at) for one in begun),
        tries=[_row(one, at) for one in begun],
        most=len(tries),
        questions=first.says.blueprint.questions,
        duration=first.timing.duration.total_seconds(),
        closes_at=first.row.closes_at,
        closed=first.row.closes_at <= at,
    )


def _row(one: Try, at: datetime) -> dict[str, Any]:
    assert one.sitting is not None  # noqa: S101  # only those that have begun
    running = one.running(at)
    return {
        "number": one.number,
        "started_at": one.sitting.started_at,
        "running": running,
        "url": url_for(
            ".paper" if running else ".correction", sitting_id=one.sitting.id
        ),
    }  # fmt: skip


def _next(tries: list[Try], at: datetime) -> Try | None:
    """The try that pressing the button leads to: the one under way, or the first not begun."""
    under_way = (one for one in tries if one.running(at))
    unbegun = (one for one in tries if one.sitting is None and may_practise(one.plan, at))
    return next(under_way, None) or next(unbegun, None)


@bp.post("/entrainement/commencer")
@allow("candidate")
def practise() -> Response:
    """Begin the next try, or go on with the one under way."""
    at = now()
    chosen = _next(_tries(), at)
    if chosen is None:
        raise Refused(
            403,
            "no_practice",
            _("Il n’y a plus d’entraînement à commencer"),
            _("Vous avez fait tous vos essais, ou l’entraînement est fermé."),
            safe=_("Les corrections de vos essais restent à votre disposition."),
            action=(_("Revenir à l’entraînement"), url_for(".practice")),
        )
    with writing() as db:
        sitting = actions.start(
            db, chosen.plan, application_id=current_user.id, seed=secrets.token_hex(16),
            writer=device(), now=at,
        )  # fmt: skip
    return redirect(url_for(".paper", sitting_id=sitting.id), 303)


@bp.get("/composition/<int:sitting_id>/correction")
@allow("candidate")
def correction(sitting_id: int) -> str | Response:
    """A practice paper that is over, with its points, its key and why. No other paper has one."""
    at = now()
    sitting = queries.sitting_of(reading(), current_user.id, sitting_id) or abort(404)
    plan = contests.plan_of(reading(), sitting.stage_id)
    if not plan.says.practice:
        abort(404)
    if not sitting.closed_at:
        return redirect(url_for(".receipt", sitting_id=sitting_id), 303)
    banks = banks_of(reading(), plan.id)
    given = queries.responses(queries.answers_of(reading(), sitting_id))
    graded = grade(sitting.paper, plan.says.blueprint, banks, given)
    return render_template(
        "sitting/correction.html",
        practice=True,
        points=graded.points,
        maximum=graded.maximum,
        may_begin=_next(_tries(), at) is not None,
        reviews=[
            banks[item.bank].by_id[item.question].review(item.order, given.get(item.number))
            for item in sitting.paper.items
        ],
    )
