"""Papers that are alike beyond chance: a list for human eyes, and two papers side by side.

It opens once a stage is closed, for organisers only, and each look is written down. It decides
nothing: no score, no rank and no exclusion follows from it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.views import stage_card
from quizapp.exam.collusion import Pair
from quizapp.kit import journal
from quizapp.results import likeness
from quizapp.results.likeness import Person, Side
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import number as spaced
from quizapp.web.i18n import percent, points
from quizapp.web.moment import now
from quizapp.web.pager import Pager

bp = Blueprint("alike", __name__, url_prefix="/organisation/etapes/<stage_key>/ressemblances")

_RAREST = 1_000_000


def _plan(stage_key: str) -> Plan:
    plan = contests.plan(reading(), stage_key)
    if plan is None or plan.says.kind != "quiz":
        abort(404)
    if plan.row.closed_at is None:
        raise Refused(
            409,
            "not_now",
            _("Les copies ne sont pas encore comparées"),
            _("Elles le sont une fois l’étape close, quand plus personne ne compose."),
            action=(plan.title, url_for("results.stage", stage_key=stage_key)),
        )
    return plan


def _note(plan: Plan, looked_at: str) -> None:
    with writing() as db:
        journal.record(
            db, at=now(), who=current_user.who, what="likeness.view",
            subject=f"stage:{plan.key}", after=looked_at,
        )  # fmt: skip


@bp.get("")
@allow("organiser")
def report(stage_key: str) -> str:
    """The pairs that share more identical wrong answers than chance gives; that it was read is noted."""
    plan = _plan(stage_key)
    found = likeness.likeness(reading(), plan).report
    pager = Pager(len(found.pairs), 50)
    shown = pager.cut(found.pairs)
    people = likeness.people(reading(), plan, {n for one in shown for n in (one.first, one.second)})
    _note(plan, "report")
    return render_template(
        "alike/report.html",
        stage=stage_card(plan, now()),
        report=found,
        quiet=100 - round(100 * found.level),
        pager=pager,
        rows=[_row(one, people[one.first], people[one.second]) for one in shown],
    )


def _row(pair: Pair, first: Person, second: Person) -> dict[str, Any]:
    return {
        "people": [_person(first), _person(second)],
        "both_wrong": pair.both_wrong,
        "alike": pair.alike,
        "common": pair.common,
        "expected": _one_place(pair.expected),
        "once_in": _once_in(pair.false_alarms),
        "facts": _facts(first, second),
    }


def _person(one: Person) -> dict[str, str]:
    who = one.application
    return {
        "number": who.number,
        "name": f"{who.last_name} {who.first_name}".strip() or _("Nom effacé"),
        "city": contests.city_label(who.city),
        "company": one.centre.company,
    }


def _one_place(value: float) -> str:
    """``4,2``, in tenths."""
    return points(Fraction(round(value * 10), 10))


def _once_in(false_alarms: float) -> str:
    """How rarely chance alone would put such a pair among all those compared."""
    if false_alarms * _RAREST < 1:
        return _("moins d’une fois sur %(count)s", count=spaced(_RAREST))
    return _("une fois sur %(count)s", count=spaced(max(round(1 / false_alarms), 1)))


def _facts(first: Person, second: Person) -> list[str]:
    """What the two have in common outside their answers: facts, and nothing that follows from them."""
    if first.application.centre_id == second.application.centre_id:
        return [_("même centre de contact")]
    if first.application.city == second.application.city:
        return [_("même ville, centres différents")]
    return [_("villes différentes")]


@bp.get("/<first>/<second>")
@allow("organiser")
def pair(stage_key: str, first: str, second: str) -> str:
    """Two papers of the list, question by question; that they were read is noted."""
    plan = _plan(stage_key)
    found = likeness.likeness(reading(), plan)
    told = found.pair(first, second) or abort(404)
    people = likeness.people(reading(), plan, {first, second})
    one, other = people[first], people[second]
    sides = [_side(side) for side in likeness.side_by_side(reading(), plan, found, one, other)]
    sittings = [one.sitting, other.sitting]
    _note(plan, f"{first} {second}")
    return render_template(
        "alike/pair.html",
        stage=stage_card(plan, now()),
        pair=_row(told, one, other),
        spans=[(sitting.started_at, sitting.closed_at) for sitting in sittings],
        sides=sides,
    )


def _side(side: Side) -> dict[str, Any]:
    return {
        "stem": side.question.stem,
        "key": side.question.told_key,
        "answers": [side.first, side.second],
        "alike": side.alike,
        "verdict": _verdict(side),
        "share": percent(*side.shared_by) if side.alike else "",
    }


def _verdict(side: Side) -> str:
    if side.alike:
        return _("Même réponse fausse")
    if side.first.right and side.second.right:
        return _("Juste pour les deux")
    if side.first.right or side.second.right:
        return _("Juste pour un des deux")
    return _("Deux réponses fausses différentes")
