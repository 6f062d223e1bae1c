"""The way through a paced paper: what is open, what is told before the next step, and the step to it."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.exam.pace import Open, Pace, Step
from quizapp.sitting import express, pacing, queries, saving, times
from quizapp.sitting.lobby import bp, device
from quizapp.sitting.pages import cells, pages, told_parts
from quizapp.sitting.passes import Pass
from quizapp.sitting.queries import Seat, Standing
from quizapp.sitting.tables import Sitting
from quizapp.web.database import connection, reading, writing
from quizapp.web.errors import wants_json
from quizapp.web.guard import allow
from quizapp.web.i18n import hour_s
from quizapp.web.moment import now


def paper(
    seat: Seat, pace: Pace, standing: Standing, *, at: datetime, me: dict[str, str]
) -> str | Response:
    """The page of the step that is open, or what is told before the next one begins."""
    here = queries.open_in(standing) or abort(404)
    place, over = pace.place(here), here.end(standing.ends_at) < at
    following = pace.following(place)
    if following is None and over:
        return redirect(url_for(".summary", sitting_id=standing.sitting_id), 303)
    announced = place == 0 or over or "suite" in request.args
    if following and (over or (announced and following.begins_part)):
        return _before(seat, pace, standing, following, over=over and place > 0, me=me)
    kept = queries.answers_of(connection(), standing.sitting_id)
    return pages().paper(
        seat,
        kept,
        current=_asked(seat, here),
        step=pace.steps[place - 1],
        values={
            **me,
            **_clock(here, standing, at),
            "csrf": generate_csrf(),
            "flashes": render_template("parts/flashes.html") if "_flashes" in session else "",
        },
    )


def _asked(seat: Seat, here: Open) -> int:
    """The item that the address asks for, if it is open; where not, that is said."""
    asked = request.args.get("q", here.first, type=int)
    if 1 <= asked < here.first:
        flash(_("On ne revient pas en arrière : la question %(n)s est close.", n=asked), "error")
    elif here.last < asked <= seat.total:
        flash(_("La question %(n)s n’est pas encore ouverte.", n=asked), "error")
    return min(max(asked, here.first), here.last)


def _clock(here: Open, standing: Standing, at: datetime) -> dict[str, str]:
    """The own end of what is open, for its clock."""
    end = here.end(standing.ends_at)
    left = str((end - at).total_seconds())
    return {
        "step_until": end.isoformat(), "step_until_hour": hour_s(end), "step_left": left,
    }  # fmt: skip


def _before(
    seat: Seat, pace: Pace, standing: Standing, step: Step, *, over: bool, me: dict[str, str]
) -> str:
    """What comes next, before its clock runs; ``over``: the time of what was open has run out."""
    plan = contests.plan_of(reading(), seat.stage_id)
    own = times.own_of(reading(), plan, current_user.id)
    parts = told_parts(pace, own)
    return render_template(
        "sitting/next_step.html",
        title=seat.title,
        key=plan.key,
        sitting_id=standing.sitting_id,
        me=me,
        cells=cells(seat, queries.answers_of(reading(), standing.sitting_id)),
        part=parts[pace.parts.index(step.part)],
        parts=len(parts),
        step=step,
        over=over,
        ends_at=standing.ends_at,
    )


def step_at(seat: Seat, standing: Standing, at: datetime) -> Step | None:
    """The step of a paced paper that is open at ``at``, if one is."""
    here = queries.open_in(standing)
    if seat.pace is None or here is None or here.end(standing.ends_at) < at:
        return None
    place = seat.pace.place(here)
    return seat.pace.steps[place - 1] if place else None


def open_items(seat: Seat, standing: Standing, at: datetime) -> range:
    """The items to which one may go back."""
    if seat.pace is None:
        return range(1, seat.total + 1)
    step = step_at(seat, standing, at)
    return range(step.first, step.last + 1) if step else range(0)


@bp.post("/composition/<int:sitting_id>/suite")
@allow("candidate")
def go_on(sitting_id: int) -> Response:
    """Keep the answers of the page, and open what follows the step that it shows."""
    sitting = queries.sitting_of(reading(), current_user.id, sitting_id) or abort(404)
    back = redirect(url_for(".paper", sitting_id=sitting_id), 303)
    if sitting.writer == device():
        holder = Pass(sitting_id, current_user.id, current_user.stamp, device())
        refused = saving.keep_page(express.answers(), holder)
        for message in refused:
            flash(message, "error")
        leaving = request.form.get("leaving", -1, type=int)
        plan = contests.plan_of(reading(), sitting.stage_id)
        if _announced(plan.says.pace, leaving) and "begin" not in request.form:
            return redirect(url_for(".paper", sitting_id=sitting_id, suite=1), 303)
        if not refused or _is_over(sitting):
            _open_next(sitting_id, plan, leaving)
    return jsonify(opened=True) if wants_json() else back


def _announced(pace: Pace | None, leaving: int) -> bool:
    """Whether a part begins after this step: it is told first, and begun with a button of its own."""
    following = pace.following(leaving) if pace and leaving >= 0 else None
    return following is not None and following.begins_part


def _is_over(sitting: Sitting) -> bool:
    """Whether the own time of what is open has run out: nothing on its page can be mended."""
    here = queries.open_in(sitting)
    return here is not None and here.end(sitting.ends_at) < now()


def _open_next(sitting_id: int, plan: Plan, leaving: int) -> None:
    with writing() as db:
        mine = queries.sitting_of(db, current_user.id, sitting_id) or abort(404)
        pacing.go_on(db, mine, plan, leaving=leaving, now=now())
