"""Before the paper: the candidate's page, the waiting room, the start."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.banks.queries import banks_of
from quizapp.contests import queries as contests
from quizapp.contests.queries import Phase, Plan
from quizapp.contests.views import stage_card
from quizapp.exam import clock
from quizapp.exam.clock import Own
from quizapp.exam.visibility import Moment, open_sights
from quizapp.people import places
from quizapp.sitting import actions, queries, times
from quizapp.sitting.admission import admit
from quizapp.sitting.pages import told_parts
from quizapp.sitting.tables import Sitting
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import hour, moment
from quizapp.web.moment import now

bp = Blueprint("sitting", __name__)


def device() -> str:
    """The name of this browser: the one that last began or took a sitting over writes in it."""
    return str(session.setdefault("device", secrets.token_hex(8)))


@bp.get("/mon-espace")
@allow("candidate")
def my_page() -> str:
    """Where a candidate stands: the stages, and what to do now."""
    application = contests.application(reading(), current_user.id) or abort(404)
    edition = contests.current_edition(reading()) or abort(404)
    at = now()
    return render_template(
        "sitting/my_page.html",
        application={
            "number": application.number,
            "full_name": application.full_name,
            "first_name": application.first_name,
            "city_label": contests.city_label(application.city),
        },
        stages=[_my_stage(plan, at) for plan in contests.plans(reading(), edition)],
        may_practise=any(may_practise(plan, at) for plan in contests.tries(reading(), edition)),
    )


def may_practise(plan: Plan, at: datetime) -> bool:
    """Whether this try is open to the candidate at ``at``, and its bank is there."""
    own = times.own_of(reading(), plan, current_user.id)
    return times.phase_of(plan, own, at) is Phase.OPEN and bool(banks_of(reading(), plan.id))


def _my_stage(plan: Plan, at: datetime) -> dict[str, Any]:
    sitting = queries.sitting_at(reading(), current_user.id, plan.id)
    own = times.own_of(reading(), plan, current_user.id)
    phase = times.phase_of(plan, own, at)
    over = sitting is not None and queries.is_over(sitting, plan, at)
    receipt = url_for(".receipt", sitting_id=sitting.id) if sitting and over else ""
    action = None
    if sitting and (phase is Phase.PUBLISHED or _sees_something(plan, over=over, at=at)):
        action = (_("Voir mon résultat"), url_for("results.mine", stage_key=plan.key))
    elif receipt:
        action, receipt = (_("Voir mon reçu"), receipt), ""
    elif sitting:
        action = (_("Reprendre l’épreuve"), url_for(".paper", sitting_id=sitting.id))
    elif plan.says.kind == "quiz" and phase in (Phase.FUTURE, Phase.OPEN):
        begun = phase is Phase.OPEN
        label = _("Entrer dans l’épreuve") if begun else _("Entrer dans la salle d’attente")
        action = (label, url_for(".waiting", stage_key=plan.key))
    return {
        **_my_card(plan, own, at),
        "action": {"label": action[0], "url": action[1]} if action else None,
        "receipt": receipt,
        "sitting": _my_state(sitting, plan, at) if sitting else None,
    }


def _sees_something(plan: Plan, *, over: bool, at: datetime) -> bool:
    """Whether anything of this candidate’s result is open."""
    stand = Moment(
        at, handed_in=over, closed=plan.row.closed_at is not None,
        published=plan.row.published_at is not None,
    )  # fmt: skip
    return bool(open_sights(plan.says.shows, plan.edition.zone, stand))


def _my_card(plan: Plan, own: Own, at: datetime) -> dict[str, Any]:
    """A stage as it holds for this candidate: their window, their time."""
    mine = clock.meant_for(plan.timing, own)
    extra = clock.allowed(mine.duration, own.allowance) + own.extension
    return {
        **stage_card(plan, at),
        "opens_at": mine.window.opens,
        "closes_at": mine.window.closes,
        "phase": times.phase_of(plan, own, at).value,
        "duration": clock.full_time(plan.timing, own).total_seconds(),
        "extra": extra.total_seconds(),
        "common": mine.start is clock.Start.COMMON,
        "expiry": plan.says.expiry.value,
        "parts": told_parts(plan.says.pace, own) if plan.says.pace else [],
    }


def _my_state(sitting: Sitting, plan: Plan, at: datetime) -> dict[str, str]:
    if queries.is_over(sitting, plan, at):
        return {"state": "closed", "label": _("Copie remise")}
    if sitting.paused_at:
        return {"state": "paused", "label": _("En pause")}
    return {"state": "running", "label": _("En cours, fin à %(hour)s", hour=hour(sitting.ends_at))}


@bp.get("/epreuve/<stage_key>")
@allow("candidate")
def waiting(stage_key: str) -> str | Response:
    """The waiting room; it opens by itself."""
    plan, at = _quiz(stage_key), now()
    if sitting := queries.sitting_at(reading(), current_user.id, plan.id):
        return redirect(url_for(".paper", sitting_id=sitting.id), 303)
    own = times.own_of(reading(), plan, current_user.id)
    phase = times.phase_of(plan, own, at)
    if phase not in (Phase.FUTURE, Phase.OPEN):
        raise _closed(plan, own)
    admit(plan.says.access, stage_key)
    left = clock.time_left(plan.timing, own, at)
    return render_template(
        "sitting/waiting.html",
        stage=_my_card(plan, own, at),
        now=at,
        phase=phase.value,
        time_left=left.total_seconds(),
        late=left < clock.full_time(plan.timing, own),
        local_times=_local_times(plan, own),
        page=plan.says.page,
    )


def _local_times(plan: Plan, own: Own) -> list[dict[str, str]]:
    """The opening in this candidate's own zone, where it is another than the edition's."""
    application = contests.application(reading(), current_user.id) or abort(404)
    city = places.city(application.city)
    if city is None or city.region.zone == plan.edition.zone:
        return []
    opens = clock.meant_for(plan.timing, own).window.opens
    return [{"label": city.region.name, "moment": moment(opens, city.region.zone)}]


def _quiz(stage_key: str) -> Plan:
    plan = contests.plan(reading(), stage_key)
    return plan if plan and plan.says.kind == "quiz" else abort(404)


def _closed(plan: Plan, own: Own) -> Refused:
    end = plan.row.closed_at or clock.meant_for(plan.timing, own).window.closes
    return Refused(
        403,
        "closed",
        _("L’épreuve est terminée"),
        _("Elle est close depuis le %(moment)s.", moment=moment(end)),
        safe=_("En cas de difficulté technique, signalez-la : l’heure de votre message est notée."),
        action=(_("Aide et messages"), url_for("helping.help_page", stage_key=plan.key)),
    )


@bp.get("/epreuve/<stage_key>/etat")
@allow("candidate")
def state(stage_key: str) -> Response:
    """What the waiting room asks while it waits."""
    plan, at = _quiz(stage_key), now()
    own = times.own_of(reading(), plan, current_user.id)
    opens = clock.meant_for(plan.timing, own).window.opens
    phase = times.phase_of(plan, own, at)
    return jsonify(now=at.isoformat(), opens_at=opens.isoformat(), phase=phase.value)


@bp.post("/epreuve/<stage_key>/commencer")
@allow("candidate")
def start(stage_key: str) -> Response:
    """Begin, or go on."""
    plan, at = _quiz(stage_key), now()
    admit(plan.says.access, stage_key)
    try:
        with writing() as db:
            sitting = actions.start(
                db, plan, application_id=current_user.id, seed=secrets.token_hex(16),
                writer=device(), now=at,
            )  # fmt: skip
    except actions.NotOpenError:
        own = times.own_of(reading(), plan, current_user.id)
        if times.phase_of(plan, own, at) is not Phase.FUTURE:
            raise _closed(plan, own) from None
        raise Refused(
            403,
            "too_early",
            _("L’épreuve n’est pas encore ouverte"),
            _(
                "Elle ouvre le %(moment)s.",
                moment=moment(clock.meant_for(plan.timing, own).window.opens),
            ),
            action=(_("Salle d’attente"), url_for(".waiting", stage_key=stage_key)),
        ) from None
    return redirect(url_for(".paper", sitting_id=sitting.id), 303)
