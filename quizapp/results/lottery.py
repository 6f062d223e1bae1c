"""The draw of lots: the desk commits to a list and enters the value; everybody replays it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.views import stage_card
from quizapp.exam.clock import utc
from quizapp.exam.problems import ToldError
from quizapp.kit import log
from quizapp.results import drawing, drawn, told
from quizapp.results.desk import bp, not_now, plan_of
from quizapp.results.forms import CommitForm, ValueForm
from quizapp.web.database import reading, writing
from quizapp.web.guard import ANYONE, allow
from quizapp.web.i18n import spoken
from quizapp.web.moment import now


@bp.route("/organisation/etapes/<stage_key>/tirage", methods=["GET", "POST"])
@allow("organiser")
def draw(stage_key: str) -> str | Response | tuple[str, int]:
    """The public draw: the list first, then the value that came later."""
    plan = plan_of(stage_key)
    if plan.says.lots != "public":
        abort(404)
    if not plan.row.closed_at:
        raise not_now(plan)
    row = drawn.of_stage(reading(), plan)
    commit, value = CommitForm(), ValueForm()
    if request.method == "POST" and _done(plan, commit, value):
        return redirect(url_for(".draw", stage_key=stage_key), 303)
    page = render_template(
        "results/draw.html",
        stage=stage_card(plan, now()),
        draw=row,
        by=told.staff_name(row.committed_by) if row else "",
        entered_by=told.staff_name(row.entered_by or "") if row else "",
        listed=len(row.numbers.split()) if row else len(drawn.ranked(reading(), plan)),
        due=row is not None and now() >= row.due_at,
        published=plan.row.published_at is not None,
        commit=commit,
        value=value,
    )
    return (page, 422) if request.method == "POST" else page


def _done(plan: Plan, commit: CommitForm, value: ValueForm) -> bool:
    """Do what was posted; False if it is refused, with the reason at its field."""
    form = value if "value" in request.form else commit
    if not form.validate_on_submit():
        return False
    try:
        with writing() as db:
            fresh = contests.plan_of(db, plan.id)
            if form is value:
                drawing.enter(
                    db, fresh, value=value.value.data, found_at=value.found_at.data,
                    by=current_user.who, now=now(),
                )  # fmt: skip
            else:
                drawing.commit(
                    db, fresh, source=commit.source.data,
                    due_at=utc(commit.due_at.data, plan.edition.zone),
                    by=current_user.who, now=now(),
                )  # fmt: skip
    except ToldError as error:
        _blame(form, spoken(error))
        return False
    except ValueError as error:  # an hour that daylight saving skips or repeats
        _blame(form, str(error))
        return False
    log.get().info("draw.enter" if form is value else "draw.commit", stage=plan.key)
    flash(
        _("Valeur entrée : le sort est tiré.") if form is value else _("Liste arrêtée."), "success"
    )
    return True


def _blame(form: CommitForm | ValueForm, why: str) -> None:
    field = form.value if isinstance(form, ValueForm) else form.due_at
    field.errors = [why]


@bp.get("/resultats/<stage_key>/tirage")
@allow(ANYONE)
def draw_record(stage_key: str) -> str:
    """The record of the draw, and how anybody replays it."""
    plan = _with_lots(stage_key)
    return render_template(
        "results/draw_record.html",
        stage=stage_card(plan, now()),
        draw=drawn.of_stage(reading(), plan) if plan.says.lots == "public" else None,
        record=drawn.record(reading(), plan),
    )


@bp.get("/resultats/<stage_key>/tirage.json")
@allow(ANYONE)
def draw_json(stage_key: str) -> Response:
    """The record as JSON, for a program to replay."""
    found: dict[str, Any] = drawn.record(reading(), _with_lots(stage_key))
    return jsonify(found)


@bp.get("/resultats/<stage_key>/tirage.txt")
@allow(ANYONE)
def draw_list(stage_key: str) -> Response:
    """The list that was committed to, byte for byte."""
    plan = _with_lots(stage_key)
    row = drawn.of_stage(reading(), plan) if plan.says.lots == "public" else None
    if row is None:
        abort(404)
    return Response(row.numbers, mimetype="text/plain; charset=utf-8")


def _with_lots(stage_key: str) -> Plan:
    """The stage, if its edition draws lots in it."""
    plan = plan_of(stage_key)
    if "lot" not in plan.says.ties:
        abort(404)
    return plan
