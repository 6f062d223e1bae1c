"""What the pages of results have in common: their blueprint, their stage, and one refusal."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.web.database import reading
from quizapp.web.errors import Refused

bp = Blueprint("results", __name__)


def plan_of(stage_key: str) -> Plan:
    """The stage that an address names."""
    return contests.plan(reading(), stage_key) or abort(404)


def not_now(plan: Plan) -> Refused:
    """What is said where a stage is not where an act needs it to be."""
    return Refused(
        409,
        "not_now",
        _("Cette étape ne peut pas changer ainsi"),
        _("Elle n’est pas encore ouverte, ou elle est déjà close."),
        action=(plan.title, url_for("results.stage", stage_key=plan.key)),
    )
