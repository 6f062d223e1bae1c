"""The desk hears and answers: what waits, private answers, messages sent and taken back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam import codes
from quizapp.invigilation import actions, queries
from quizapp.invigilation.desk import (
    STAFF,
    bp,
    frame,
    in_hand,
    in_reach,
    limit,
    plan_of,
    scope_labels,
)
from quizapp.invigilation.forms import SettleForm
from quizapp.invigilation.tables import Message, Report
from quizapp.people.staff import staff_name
from quizapp.results.forms import ReasonForm
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import hour_s
from quizapp.web.moment import now
from quizapp.web.pager import Pager

_SIZE = 30


@bp.get("/<stage_key>/demandes")
@allow(*STAFF)
def reports(stage_key: str) -> str:
    """What candidates sent: what waits, the oldest first, or what is settled."""
    return _reports(plan_of(stage_key), SettleForm(formdata=None))


def _reports(plan: Plan, form: SettleForm, wrong: str = "") -> str:
    settled, mine = request.args.get("voir") == "traitees", limit()
    waiting = queries.waiting(reading(), plan, mine)
    total = queries.reports_in_all(reading(), plan, mine) - waiting if settled else waiting
    pager = Pager(total, _SIZE, endpoint="invigilation.reports")
    found = queries.reports(
        reading(), plan, mine, settled=settled, start=pager.start, size=_SIZE
    )  # fmt: skip
    return render_template(
        "invigilation/reports.html",
        **frame(plan),
        settled=settled,
        pager=pager,
        form=form,
        wrong=wrong,
        rows=[_report(plan, *row) for row in found],
    )


def _report(
    plan: Plan, row: Report, application: Application, answer: Message | None
) -> dict[str, Any]:
    return {
        "code": row.code,
        "code_label": codes.grouped(row.code),
        "kind": row.kind,
        "item": row.item,
        "body": row.body,
        "at": row.received_at,
        "noted_at": row.noted_at,
        "waited": (now() - row.received_at).total_seconds(),
        "name": application.full_name,
        "city": contests.city_label(application.city),
        "url": url_for(".candidate", stage_key=plan.key, number=application.number),
        "settled_at": row.settled_at,
        "settled_by": staff_name(row.settled_by) if row.settled_at else "",
        "answer": answer.body if answer else "",
    }


@bp.post("/<stage_key>/demandes/<code>")
@allow(*STAFF)
def settle(stage_key: str, code: str) -> Response | tuple[str, int]:
    """Answer a report in private, or settle it without an answer."""
    plan, form = plan_of(stage_key), SettleForm()
    body = (form.body.data or "").strip()
    silent = request.form.get("go") == "sans-reponse"
    if not form.validate_on_submit() or not (body or silent):
        if not form.body.errors:
            form.body.errors = [_("Écrivez la réponse, ou classez la demande sans réponse.")]
        return _reports(plan, form, wrong=code), 422
    try:
        with writing() as db:
            found = queries.report_by_code(db, plan, code, limit()) or abort(404)
            actions.answer(
                db, contests.plan_of(db, plan.id), found[0], body="" if silent else body,
                by=current_user.who, now=now(),
            )  # fmt: skip
    except actions.SettledError:
        raise _settled(plan, code) from None
    flash(_("Demande classée.") if silent else _("Réponse envoyée."), "success")
    return redirect(url_for(".reports", stage_key=stage_key), 303)


def _settled(plan: Plan, code: str) -> Refused:
    row, _application = queries.report_by_code(reading(), plan, code) or abort(404)
    return Refused(
        409,
        "conflict",
        _("Cette demande vient d’être traitée"),
        _(
            "%(who)s l’a traitée à %(hour)s. Votre réponse n’a pas été envoyée.",
            who=staff_name(row.settled_by),
            hour=hour_s(row.settled_at or row.received_at),
        ),
        action=(
            _("Voir les demandes traitées"),
            url_for(".reports", stage_key=plan.key, voir="traitees"),
        ),
    )


@bp.get("/<stage_key>/messages")
@allow(*STAFF)
def messages(stage_key: str) -> str:
    """What the desk has said, to whom, and the way to say more."""
    plan, mine = plan_of(stage_key), limit()
    found = [row for row, _report in queries.messages(reading(), plan) if in_reach(row.scope, mine)]
    labels = scope_labels(row.scope for row in found)
    return render_template(
        "invigilation/messages.html",
        **frame(plan),
        rows=[
            {
                "id": row.id,
                "body": row.body,
                "at": row.sent_at,
                "who": staff_name(row.by),
                "whom": labels[row.scope],
                "private": row.report_id is not None,
                "withdrawn_at": row.withdrawn_at,
                "mine": in_hand(row.scope, mine),
            }
            for row in found
        ],
    )


@bp.route("/<stage_key>/messages/<int:number>/retirer", methods=["GET", "POST"])
@allow(*STAFF)
def withdraw(stage_key: str, number: int) -> str | Response | tuple[str, int]:
    """Take a message back."""
    plan, form = plan_of(stage_key), ReasonForm()
    row = queries.message(reading(), plan, number) or abort(404)
    if not in_hand(row.scope, limit()):
        abort(404)
    back = url_for(".messages", stage_key=stage_key)
    if form.validate_on_submit():
        with writing() as db:
            mine = queries.message(db, plan, number) or abort(404)
            done = actions.withdraw(
                db, mine, by=current_user.who, reason=form.reason.data, now=now()
            )
        text = _("Message retiré.") if done else _("Ce message était déjà retiré.")
        flash(text, "success" if done else "info")
        return redirect(back, 303)
    page = render_template(
        "results/confirm.html",
        title=_("Retirer un message"),
        effect=[
            _("« %(body)s »", body=row.body),
            _("Envoyé à : %(whom)s.", whom=scope_labels([row.scope])[row.scope]),
            _("Il disparaît des épreuves à leur prochaine page ; la page « Aide et messages » "
              "dit qu’il est retiré."),
        ],
        form=form,
        danger=False,
        submit_label=_("Retirer ce message"),
        back_url=back,
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page
