"""What every page of the desk needs: the stage, who may see whom, and whom something is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort
from flask_babel import gettext as _
from flask_login import current_user
from sqlmodel import col, select

from quizapp.contests import queries as contests
from quizapp.contests.queries import Phase, Plan
from quizapp.contests.tables import Application, Centre
from quizapp.contests.views import stage_card
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.invigilation import queries
from quizapp.invigilation.queries import UNLIMITED, Limit
from quizapp.people import places
from quizapp.people import queries as staff
from quizapp.results.queries import region_name
from quizapp.results.told import staff_name as staff_name
from quizapp.web.database import reading
from quizapp.web.moment import now

bp = Blueprint("invigilation", __name__, url_prefix="/surveillance")

# Who works here; what only organisers may do says so itself.
STAFF = ("organiser", "invigilator")


def plan_of(stage_key: str) -> Plan:
    """The quiz stage of this key."""
    plan = contests.plan(reading(), stage_key)
    return plan if plan and plan.says.kind == "quiz" else abort(404)


def current_plan() -> Plan | None:
    """The stage that matters now: the first quiz that is not published, or the last."""
    edition = contests.current_edition(reading())
    plans = contests.plans(reading(), edition) if edition else []
    quizzes = [plan for plan in plans if plan.says.kind == "quiz"]
    waiting = [plan for plan in quizzes if plan.phase(now()) is not Phase.PUBLISHED]
    return waiting[0] if waiting else quizzes[-1] if quizzes else None


def limit() -> Limit:
    """Whom the person at this desk may see."""
    if "organiser" in current_user.roles:
        return UNLIMITED
    return Limit(*staff.limit_of(reading(), current_user.id))


def frame(plan: Plan) -> dict[str, Any]:
    """What the head of every page of the desk shows."""
    mine = limit()
    return {
        "stage": stage_card(plan, now()),
        "limited_to": limit_label(mine),
        "waiting": queries.waiting(reading(), plan, mine),
        "faults": queries.recent_faults(reading(), now=now()),
        "is_organiser": "organiser" in current_user.roles,
    }


def limit_label(mine: Limit) -> str:
    """The place to which a desk is limited, in words; empty without a limit."""
    if mine.city:
        return contests.city_label(mine.city)
    return region_name(mine.region) if mine.region else ""


def scope_labels(scopes: Iterable[Scope]) -> dict[Scope, str]:
    """Each scope in words; two statements, however many there are."""
    every = set(scopes)
    centres = _centres([int(one.target) for one in every if one.kind is ScopeKind.CENTRE])
    people = _people([int(one.target) for one in every if one.kind is ScopeKind.PERSON])
    return {one: _label(one, centres, people) for one in every}


def _label(one: Scope, centres: dict[str, str], people: dict[str, str]) -> str:
    if one.kind is ScopeKind.EVERYONE:
        return _("tous les candidats")
    if one.kind is ScopeKind.REGION:
        return _("région %(name)s", name=region_name(one.target))
    if one.kind is ScopeKind.CITY:
        return contests.city_label(one.target)
    found = centres if one.kind is ScopeKind.CENTRE else people
    return found.get(one.target, one.target)


def _centres(numbers: list[int]) -> dict[str, str]:
    if not numbers:
        return {}
    rows = reading().exec(select(Centre).where(col(Centre.id).in_(numbers)))
    return {str(one.id): f"{one.company}, {contests.city_label(one.city)}" for one in rows}


def _people(numbers: list[int]) -> dict[str, str]:
    if not numbers:
        return {}
    rows = reading().exec(select(Application).where(col(Application.id).in_(numbers)))
    return {str(one.id): one.full_name for one in rows}


def in_reach(scope: Scope, mine: Limit) -> bool:
    """Whether a desk with this limit sees what is said to this scope."""
    if mine == UNLIMITED or scope.kind is ScopeKind.EVERYONE:
        return True
    if scope.kind is ScopeKind.REGION:
        return scope.target == (mine.region or _region_of(mine.city))
    if scope.kind is ScopeKind.CITY:
        inside = _region_of(scope.target) == mine.region
        return scope.target == mine.city if mine.city else inside
    number = int(scope.target)
    found: Centre | Application | None = (
        reading().get(Centre, number)
        if scope.kind is ScopeKind.CENTRE
        else reading().get(Application, number)
    )
    if found is None:
        return False
    return found.city == mine.city if mine.city else _region_of(found.city) == mine.region


# What is wider than a region, and than a city: by whether a desk is limited to a city.
_WIDER = {
    False: (ScopeKind.EVERYONE,),
    True: (ScopeKind.EVERYONE, ScopeKind.REGION),
}


def in_hand(scope: Scope, mine: Limit) -> bool:
    """Whether a desk with this limit may undo what was done to this scope: all of it lies within."""
    return mine == UNLIMITED or (
        scope.kind not in _WIDER[bool(mine.city)] and in_reach(scope, mine)
    )


def _region_of(city: str) -> str:
    found = places.city(city)
    return found.region.code if found else ""
