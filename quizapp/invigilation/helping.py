"""The candidate’s side: messages of the organisation, incidents, questions and their answers."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.contests.views import stage_card
from quizapp.exam import codes
from quizapp.invigilation import actions, queries, scopes
from quizapp.invigilation.forms import AskForm, DescribeForm, IncidentForm
from quizapp.invigilation.tables import Kind, Message, Report
from quizapp.kit import log
from quizapp.sitting import queries as sittings
from quizapp.sitting.heartbeat import Announcement
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused, wants_json
from quizapp.web.guard import allow
from quizapp.web.i18n import hour_s
from quizapp.web.moment import now

# A press that took no longer than this to arrive has arrived when it was made.
_AT_ONCE = timedelta(seconds=5)

bp = Blueprint("helping", __name__, url_prefix="/epreuve/<stage_key>")


def _here(stage_key: str) -> tuple[Plan, Application]:
    plan = contests.plan(reading(), stage_key)
    application = contests.application(reading(), current_user.id) or abort(404)
    if plan is None or plan.says.kind != "quiz" or application.edition_id != plan.row.edition_id:
        abort(404)
    return plan, application


@bp.get("/aide")
@allow("candidate")
def help_page(stage_key: str) -> str:
    """Everything said between a candidate and the organisation, and the ways to say more."""
    plan, application = _here(stage_key)
    form = AskForm(items=_items(plan, application))
    form.about.data = request.args.get("question", 0, type=int)
    return _page(plan, application, form)


def _items(plan: Plan, application: Application) -> int:
    """How many questions this candidate’s paper has; none before it has begun."""
    sitting = sittings.sitting_at(reading(), application.id or 0, plan.id)
    return len(sitting.paper) if sitting else 0


def _page(plan: Plan, application: Application, form: AskForm) -> str:
    sitting = sittings.sitting_at(reading(), application.id or 0, plan.id)
    return render_template(
        "helping/help_page.html",
        stage=stage_card(plan, now()),
        sitting=sitting,
        noted=sittings.noted(reading(), sitting.id or 0) if sitting else {},
        over=sitting is not None and sittings.is_over(sitting, plan, now()),
        form=form,
        incident=IncidentForm(),
        describe=DescribeForm(formdata=None),
        messages=list(reversed(_messages(reading(), plan.id, application))),
        reports=[
            _report(plan, *row)
            for row in queries.reports_of(reading(), plan.id, application.id or 0)
        ],
    )


def _messages(
    db: Session, stage_id: int, application: Application, after: int = 0
) -> list[dict[str, Any]]:
    who = scopes.whereabouts(application)
    return [_message(row) for row in queries.messages_for(db, stage_id, who, after=after)]


def _message(row: Message) -> dict[str, Any]:
    return {
        "id": row.id,
        "body": "" if row.withdrawn_at else row.body,
        "at": row.sent_at,
        "private": row.report_id is not None,
        "withdrawn_at": row.withdrawn_at,
    }


def _report(plan: Plan, row: Report, answer: Message | None) -> dict[str, Any]:
    return {
        "code": codes.grouped(row.code),
        "kind": row.kind,
        "item": row.item,
        "body": row.body,
        "at": row.received_at,
        "noted_at": row.noted_at,
        "settled_at": row.settled_at,
        "answer": answer.body if answer and not answer.withdrawn_at else "",
        "describe_url": url_for(".describe", code=row.code, stage_key=plan.key)
        if row.kind == Kind.INCIDENT and not row.body and not row.settled_at
        else None,
    }


@bp.post("/incident")
@allow("candidate")
def incident(stage_key: str) -> Response:
    """Keep the moment of an incident at once, and give its receipt number."""
    plan, _application = _here(stage_key)
    form = IncidentForm()
    if not form.validate_on_submit():
        abort(400)
    ago = timedelta(seconds=form.ago.data or 0)
    # Without a script nothing tells two presses apart, but that one follows the other at once.
    key = form.key.data if form.key.raw_data else f"press-{int(now().timestamp()) // 10}"
    row = _keep(
        plan, kind=Kind.INCIDENT, key=key, noted_at=now() - ago if ago > _AT_ONCE else None
    )  # fmt: skip
    told = _(
        "Incident noté à %(hour)s. Numéro de reçu : %(code)s.",
        hour=hour_s(row.noted_at or row.received_at),
        code=codes.grouped(row.code),
    )
    if wants_json():
        return jsonify(code=codes.grouped(row.code), told=told)
    flash(told, "success")
    return redirect(url_for(".help_page", stage_key=stage_key, _anchor=f"r-{row.code}"), 303)


def _keep(plan: Plan, **values: Any) -> Report:
    try:
        with writing() as db:
            row = actions.report(
                db, plan, application_id=current_user.id, now=now(),
                code=codes.encode(secrets.token_bytes(5), 8), **values,
            )  # fmt: skip
    except actions.TooManyError:
        raise Refused(
            429,
            "too_many",
            _("Vous avez déjà envoyé beaucoup de demandes"),
            _("L’organisation les a toutes reçues et y répond l’une après l’autre."),
            safe=_("Vos réponses enregistrées et vos demandes sont conservées."),
            action=(_("Aide et messages"), url_for(".help_page", stage_key=plan.key)),
        ) from None
    log.get().info("report", kind=row.kind, code=row.code)
    return row


@bp.post("/incident/<code>")
@allow("candidate")
def describe(stage_key: str, code: str) -> str | Response | tuple[str, int]:
    """Say what happened, after the button was pressed."""
    plan, application = _here(stage_key)
    form = DescribeForm()
    if not form.validate_on_submit():
        flash(form.body.errors[0] if form.body.errors else _("Décrivez l’incident."), "error")
        return redirect(url_for(".help_page", stage_key=stage_key, _anchor=f"r-{code}"), 303)
    with writing() as db:
        found = queries.report_by_code(db, plan, code)
        if found is None or found[0].application_id != application.id:
            abort(404)
        actions.describe(db, found[0], body=form.body.data)
    flash(_("Votre description est enregistrée."), "success")
    return redirect(url_for(".help_page", stage_key=stage_key, _anchor=f"r-{code}"), 303)


@bp.post("/aide")
@allow("candidate")
def ask(stage_key: str) -> str | Response | tuple[str, int]:
    """Ask the organisation something, or point at a question of the paper."""
    plan, application = _here(stage_key)
    form = AskForm(items=_items(plan, application))
    if not form.validate_on_submit():
        return _page(plan, application, form), 422
    about = form.about.data or None
    row = _keep(
        plan,
        kind=Kind.ITEM if about else Kind.QUESTION,
        key=form.key.data,
        item=about,
        body=form.body.data,
    )
    flash(
        _(
            "Message reçu à %(hour)s. Numéro de reçu : %(code)s.",
            hour=hour_s(row.received_at),
            code=codes.grouped(row.code),
        ),
        "success",
    )
    return redirect(url_for(".help_page", stage_key=stage_key, _anchor=f"r-{row.code}"), 303)


def announced(db: Session, sitting_id: int) -> list[Announcement]:
    """What the desk has said to a sitting, for its open pages; what was taken back is not said."""
    return [
        Announcement(row.id or 0, row.sent_at, row.body)
        for row in queries.messages_to(db, sitting_id)
    ]
