"""The erratum register: every correction that a published total rests on, and what it did."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from flask import abort, render_template, request
from flask_login import current_user

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.contests.views import stage_card
from quizapp.exam.visibility import Sight
from quizapp.results import corrections, queries, seeing, told
from quizapp.results.desk import bp, plan_of
from quizapp.results.tables import Publication
from quizapp.sitting.queries import sitting_at
from quizapp.web.database import reading
from quizapp.web.guard import ANYONE, allow
from quizapp.web.moment import now


@bp.get("/organisation/etapes/<stage_key>/corrections")
@allow("organiser")
def corrections_register(stage_key: str) -> str:
    """The register: what was decided, in order, with the versions; one person’s marks on request."""
    plan = plan_of(stage_key)
    every = [told.correction(plan, row) for row in corrections.of_stage(reading(), plan)]
    number = request.args.get("candidat", "").strip()[:12]
    return render_template(
        "results/corrections_register.html",
        stage=stage_card(plan, now()),
        closed_at=plan.row.closed_at,
        waiting=[one for one in every if not one["applied_at"] and not one["withdrawn_at"]],
        withdrawn=[one for one in every if one["withdrawn_at"]],
        events=_events(plan, [one for one in every if one["applied_at"]]),
        applied=sum(1 for one in every if one["applied_at"]),
        number=number,
        person=_person(plan, number) if number else None,
    )


def _events(plan: Plan, applied: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Corrections and versions, in order: a version follows the corrections that it counts."""
    found: list[tuple[int, int, datetime, dict[str, Any]]] = [
        (one["place"], 0, one["applied_at"], {"correction": one}) for one in applied
    ]
    found += [
        (one.corrections, 1, one.published_at, {"publication": one})
        for one in queries.publications(reading(), plan)
    ]
    return [event for *_order, event in sorted(found, key=lambda event: event[:3])]


def _person(plan: Plan, number: str) -> dict[str, Any]:
    edition = contests.current_edition(reading()) or abort(404)
    one = contests.application_by_number(reading(), edition, number)
    score = corrections.score_of(reading(), plan, one.id or 0) if one else None
    if one is None or score is None:
        return {"found": False}
    most = len(corrections.applied(reading(), plan))
    return {
        "found": True,
        "name": f"{one.first_name} {one.last_name}".strip(),
        "number": one.number,
        "history": history(plan, one, score.points, score.maximum, most=most),
    }


def history(
    plan: Plan, one: Application, last: Fraction, maximum: int, *, most: int, key: bool = True
) -> dict[str, Any]:
    """Somebody’s marks from the first to the last, each step in words."""
    found = corrections.history(reading(), plan, one.id or 0, last=last, maximum=maximum, most=most)
    return {
        "first": found.first,
        "last": found.last,
        "maximum": maximum,
        "steps": [
            {
                "correction": told.correction(plan, step.correction, key=key)
                if step.correction
                else None,
                "item": _item(plan, one, step.correction.bank, step.correction.question)
                if step.correction
                else None,
                "difference": step.after - step.before,
                "after": step.after,
                "maximum": step.maximum,
            }
            for step in found.steps
        ],
    }


def noted(plan: Plan, publication: Publication, one: Application) -> list[dict[str, Any]]:
    """What a version corrects, for one candidate: the questions by their numbers on this paper."""
    return [
        {
            "what": told.correction(plan, row, key=False)["what"],
            "item": _item(plan, one, row.bank, row.question),
        }
        for row in corrections.new_in(reading(), plan, publication)
    ]


def _item(plan: Plan, one: Application, bank: str, question: str) -> int | None:
    """The number that a question has on this person’s paper, if it is on it."""
    sitting = sitting_at(reading(), one.id or 0, plan.id)
    return next(
        (
            item.number
            for item in (sitting.paper.items if sitting else ())
            if (item.bank, item.question) == (bank, question)
        ),
        None,
    )


@bp.get("/resultats/<stage_key>/corrections")
@allow(ANYONE)
def errata(stage_key: str) -> str:
    """The register once published: for everybody; with their own marks for a candidate who is in."""
    plan = plan_of(stage_key)
    published = queries.publications(reading(), plan)
    if not published:
        abort(404)
    return render_template(
        "results/errata.html",
        stage=stage_card(plan, now()),
        publications=published,
        versions=[
            {
                "publication": one,
                "corrections": [
                    told.correction(plan, row, key=False)
                    for row in corrections.new_in(reading(), plan, one)
                ],
            }
            for one in reversed(published)
        ],
        mine=_mine(plan, published[0]),
    )


def _mine(plan: Plan, publication: Publication) -> dict[str, Any] | None:
    if not current_user.is_authenticated or current_user.kind != "candidate":
        return None
    one = contests.application(reading(), current_user.id)
    standing = queries.published_result(reading(), publication, current_user.id)
    if one is None or standing is None:
        return None
    moment = seeing.moment_of(reading(), plan, one, now())
    if Sight.SCORE not in seeing.sights(plan, moment):
        return None
    return history(
        plan, one, standing.points, standing.maximum, most=publication.corrections, key=False
    )
