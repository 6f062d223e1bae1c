"""The desk on the day: the wall of sittings, live."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Phase, Plan
from quizapp.invigilation import acting, lists, talking, wall  # noqa: F401  # their routes
from quizapp.invigilation.desk import STAFF, bp, current_plan, frame, limit, plan_of
from quizapp.invigilation.filters import Filter, Order, State
from quizapp.invigilation.queries import areas, centres
from quizapp.invigilation.wall import Row
from quizapp.people import names
from quizapp.results.queries import region_name
from quizapp.web.database import reading
from quizapp.web.guard import allow
from quizapp.web.i18n import duration, hour, hour_s, moment
from quizapp.web.moment import now
from quizapp.web.pager import Pager

__all__ = ["bp"]

_SIZE = 50


@bp.get("")
@allow(*STAFF)
def home() -> str | Response:
    """The wall of the stage that matters now."""
    plan = current_plan()
    if plan is None:
        return render_template("invigilation/none.html")
    return redirect(url_for(".sittings", stage_key=plan.key), 303)


@bp.get("/<stage_key>")
@allow(*STAFF)
def sittings(stage_key: str) -> str:
    """Every sitting of a stage: where it stands, and what can be done."""
    return render_template("invigilation/sittings.html", **_state(plan_of(stage_key)))


@bp.get("/<stage_key>/etat")
@allow(*STAFF)
def sittings_now(stage_key: str) -> Response:
    """The wall alone, for the page to renew itself."""
    state = _state(plan_of(stage_key))
    answer = make_response(render_template("invigilation/_sittings.html", **state))
    # The tag stands for what is told, not for the time at which it was read.
    told = (state["rows"], state["sentence"], state["states"], state["waiting"], state["faults"])
    answer.set_etag(hashlib.sha256(repr(told).encode()).hexdigest())
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def _state(plan: Plan) -> dict[str, Any]:
    chosen, at = Filter.read(request.args, limit()), now()
    given = request.args.get("tri", "")
    order = Order(given) if given in set(Order) else Order.NAME
    counts = wall.counts(reading(), plan, chosen, now=at)
    total = sum(counts.values())
    if chosen.state:
        total = counts[chosen.state]
    elif chosen.excluded:
        total = wall.matching(reading(), plan, chosen, now=at)
    pager = Pager(total, _SIZE, endpoint="invigilation.sittings")
    rows = wall.rows(
        reading(), plan, chosen, order, now=at, start=pager.start, size=pager.size
    )  # fmt: skip
    return {
        **frame(plan),
        "chosen": chosen,
        "order": order.value,
        "orders": _orders(),
        "states": _states(plan, chosen, counts),
        "sentence": _sentence(plan, counts),
        "rows": [_row(one, plan) for one in rows],
        "pager": pager,
        "address": {**chosen.address, **({"tri": order.value} if given else {})},
        "updated_at": at,
        "questions": plan.says.blueprint.questions,
        **_places(plan, chosen),
    }


def _orders() -> dict[str, str]:
    return {
        Order.NAME.value: _("Nom"),
        Order.CITY.value: _("Ville"),
        Order.END.value: _("Fin la plus proche"),
        Order.CONTACT.value: _("Contact le plus ancien"),
    }


def state_label(state: State) -> str:
    """A state in words."""
    return {
        State.NONE: _("Pas commencée"),
        State.RUNNING: _("En cours"),
        State.SILENT: _("Sans contact"),
        State.PAUSED: _("En pause"),
        State.EXPIRED: _("Expirée"),
        State.HANDED_IN: _("Remise"),
    }[state]


# The badge of each state: its colour only repeats the word.
_BADGES = {
    State.NONE: "off", State.RUNNING: "ok", State.SILENT: "alert", State.PAUSED: "wait",
    State.EXPIRED: "off", State.HANDED_IN: "off",
}  # fmt: skip


def _states(plan: Plan, chosen: Filter, counts: dict[State, int]) -> list[dict[str, Any]]:
    """The states one can filter by, each with its count and its address."""
    wide = chosen.but(state=None, excluded=False)

    def told(label: str, count: int | None, one: Filter, current: bool) -> dict[str, Any]:
        url = url_for(".sittings", stage_key=plan.key, **one.address)  # type: ignore[arg-type]
        return {"label": label, "count": count, "url": url, "current": current}

    every = not chosen.state and not chosen.excluded
    return [
        told(_("Toutes"), sum(counts.values()), wide, every),
        *(
            told(state_label(state), counts[state], wide.but(state=state), chosen.state is state)
            for state in State
        ),
        told(_("Exclus"), None, wide.but(excluded=True), chosen.excluded),
    ]


def _sentence(plan: Plan, counts: dict[State, int]) -> str:
    if plan.phase(now()) is Phase.FUTURE:
        return ngettext(
            "%(num)s candidat attendu. L’épreuve ouvre le %(moment)s.",
            "%(num)s candidats attendus. L’épreuve ouvre le %(moment)s.",
            sum(counts.values()),
            moment=moment(plan.row.opens_at),
        )
    under_way = counts[State.RUNNING] + counts[State.SILENT] + counts[State.PAUSED]
    told = [
        ngettext("%(num)s composition en cours", "%(num)s compositions en cours", under_way)
        if under_way
        else _("Aucune composition en cours")
    ]
    if silent := counts[State.SILENT]:
        told.append(
            ngettext(
                "dont %(num)s sans contact depuis plus de %(span)s",
                "dont %(num)s sans contact depuis plus de %(span)s",
                silent,
                span=_("une minute et demie"),
            )
        )
    if paused := counts[State.PAUSED]:
        told.append(ngettext("%(num)s en pause", "%(num)s en pause", paused))
    handed = counts[State.HANDED_IN] + counts[State.EXPIRED]
    told.append(ngettext("%(num)s terminée", "%(num)s terminées", handed))
    told.append(
        ngettext("%(num)s pas commencée", "%(num)s pas commencées", counts[State.NONE])
    )  # fmt: skip
    return ", ".join(told) + "."


def _row(one: Row, plan: Plan) -> dict[str, Any]:
    at = now()
    return {
        "number": one.number,
        "name": f"{one.last_name} {one.first_name}",
        "url": url_for(".candidate", stage_key=plan.key, number=one.number),
        "city": contests.city_label(one.city),
        "city_url": url_for(".sittings", stage_key=plan.key, ville=one.city),
        "company": one.company,
        "badge": _BADGES[one.state],
        "label": _state_now(one),
        "excluded": one.excluded,
        "end": hour(one.closed_at or one.ends_at) if one.ends_at else "",
        "answered": one.answered if one.sitting else None,
        "seen": _seen(one, at),
        "devices": one.devices,
    }


def _state_now(one: Row) -> str:
    if one.state is State.SILENT and one.seen_at:
        gone = duration((now() - one.seen_at).total_seconds())
        return _("Sans contact depuis %(span)s", span=gone)
    if one.state is State.PAUSED and one.paused_at:
        return _("En pause depuis %(hour)s", hour=hour(one.paused_at))
    return state_label(one.state)


def _seen(one: Row, at: Any) -> str:
    """The last contact: to the minute while it is fresh, so that a quiet wall stays the same."""
    if one.seen_at is None:
        return ""
    return hour(one.seen_at) if at - one.seen_at < wall.SILENT else hour_s(one.seen_at)


def _places(plan: Plan, chosen: Filter) -> dict[str, Any]:
    """The regions, cities and centres that the filter offers: those that have candidates."""
    found = areas(reading(), plan, chosen.limit)
    regions = {code: region_name(code) for code, _city in found}
    cities = [city for code, city in found if not chosen.region or code == chosen.region]
    labelled = [(city, contests.city_label(city)) for city in cities]
    return {
        "regions": sorted(regions.items(), key=lambda one: names.fold(one[1])),
        "cities": sorted(labelled, key=lambda one: names.fold(one[1])),
        "centres": [
            (one.id, one.company)
            for one in centres(reading(), plan, chosen.city or chosen.limit.city)
        ],
    }
