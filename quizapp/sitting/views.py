"""The candidate's desk: the paper, the summary, the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.forms import NothingForm
from quizapp.contests.queries import Plan
from quizapp.contests.views import stage_card
from quizapp.exam import codes, receipt_file, rescue
from quizapp.exam.clock import Expiry
from quizapp.kit import log
from quizapp.proof.keyring import keyring
from quizapp.sitting import (
    actions,
    audit,
    express,
    heartbeat,
    practice,  # noqa: F401  # its routes
    preflight,  # noqa: F401  # its routes
    queries,
    saving,
    walk,
)
from quizapp.sitting.admission import admit
from quizapp.sitting.forms import HandInForm
from quizapp.sitting.lobby import bp, device
from quizapp.sitting.pages import bar, cells, key_of, pages, states
from quizapp.sitting.passes import Pass
from quizapp.sitting.queries import Seat, Standing
from quizapp.sitting.tables import Sitting
from quizapp.web.database import connection, reading, writing
from quizapp.web.guard import allow
from quizapp.web.moment import now
from quizapp.web.secret import secret

__all__ = ["bp"]


def _mine(sitting_id: int) -> tuple[Sitting, Plan]:
    sitting = queries.sitting_of(reading(), current_user.id, sitting_id)
    if sitting is None:
        log.get().warning("authz.denied", person=current_user.who, sitting=sitting_id)
        abort(404)
    return sitting, contests.plan_of(reading(), sitting.stage_id)


@bp.get("/composition/<int:sitting_id>")
@allow("candidate")
def paper(sitting_id: int) -> str | Response:
    """The paper, one question a page or all on one."""
    seat, standing, at = *_seated(sitting_id), now()
    if queries.has_ended(standing, seat.grace, at):
        return redirect(url_for(".receipt", sitting_id=sitting_id), 303)
    if queries.out_of_time(standing, at):
        return redirect(url_for(".summary", sitting_id=sitting_id), 303)
    if standing.writer != device():
        return _elsewhere(*_mine(sitting_id))
    if standing.paused_at:
        return _paused(*_mine(sitting_id))
    admit(seat.access, key_of(seat))
    heartbeat.note(sitting_id, at)  # a page without a script asks nothing by itself
    if seat.pace is not None:
        return walk.paper(seat, seat.pace, standing, at=at, me=_bar(seat, standing, at))
    return pages().paper(
        seat,
        queries.answers_of(connection(), sitting_id),
        current=min(max(request.args.get("q", 1, type=int), 1), seat.total),
        values={
            **_bar(seat, standing, at),
            "csrf": generate_csrf(),
            "flashes": render_template("parts/flashes.html") if "_flashes" in session else "",
        },
    )


def _seated(sitting_id: int) -> tuple[Seat, Standing]:
    """What never changes about a sitting of this candidate’s, and where it stands now."""
    standing = queries.standing_of(connection(), current_user.id, sitting_id)
    seat = express.answers().seat(sitting_id, current_user.id) if standing else None
    if standing is None or seat is None:
        log.get().warning("authz.denied", person=current_user.who, sitting=sitting_id)
        abort(404)
    return seat, standing


@bp.get("/composition/<int:sitting_id>/sujet")
@allow("candidate")
def whole_paper(sitting_id: int) -> str:
    """All questions that are open, for the page to show them without asking again."""
    (seat, standing), at = _seated(sitting_id), now()
    shown = standing.writer == device() and standing.paused_at is None
    if queries.has_ended(standing, seat.grace, at) or not shown:
        abort(404)
    admit(seat.access, key_of(seat))
    step = walk.step_at(seat, standing, at) or abort(404) if seat.pace else None
    return pages().whole(seat, queries.answers_of(connection(), sitting_id), step)


def _bar(seat: Seat, standing: Standing, at: datetime) -> dict[str, str]:
    """What the page carries of its own: the pass to save with, and the key to seal a rescue file."""
    holder = Pass(standing.sitting_id, current_user.id, current_user.stamp, device())
    return bar(
        seat,
        standing,
        writing_pass=holder.signed(secret()),
        rescue_page=rescue.for_page(
            keyring().sealing(now=at),
            secret(),
            stage=seat.stage,
            candidate=seat.candidate,
            at=at,
        ),
        now=at,
        announced=heartbeat.announced(standing.sitting_id),
    )


def _paused(sitting: Sitting, plan: Plan) -> str:
    """The clock stands still, and the questions are out of sight."""
    at, number = now(), sitting.id or 0
    seat, standing = _seated(number)
    return render_template(
        "sitting/paused.html",
        stage=stage_card(plan, at),
        me=_bar(seat, standing, at),
        cells=cells(seat, queries.answers_of(reading(), number)),
        seconds_left=queries.time_left(sitting, at).total_seconds(),
    )


def _elsewhere(sitting: Sitting, plan: Plan) -> str:
    """Another device writes: one confirmation, and this one does."""
    return render_template(
        "sitting/elsewhere.html", sitting=sitting, stage=stage_card(plan, now()), form=NothingForm()
    )


@bp.post("/composition/<int:sitting_id>/ici")
@allow("candidate")
def take_over(sitting_id: int) -> Response:
    """Go on here: this device writes from now on, the other one is told."""
    _mine(sitting_id)
    with writing() as db:
        mine = queries.sitting_of(db, current_user.id, sitting_id) or abort(404)
        actions.take_over(db, mine, writer=device(), now=now())
    log.get().info("sitting.takeover", person=current_user.who, sitting=sitting_id)
    return redirect(url_for(".paper", sitting_id=sitting_id), 303)


@bp.post("/composition/<int:sitting_id>/page")
@allow("candidate")
def save_page(sitting_id: int) -> Response:
    """Keep the answers of a page that was posted whole, and go where its button says."""
    _mine(sitting_id)
    holder = Pass(sitting_id, current_user.id, current_user.stamp, device())
    refused = saving.keep_page(express.answers(), holder)
    for message in refused:
        flash(message, "error")
    current = request.args.get("q", 1, type=int)
    go = request.form.get("go", "stay")
    if go == "summary" and not refused:
        return redirect(url_for(".summary", sitting_id=sitting_id), 303)
    step = {"previous": -1, "next": 1}.get(go, 0) if not refused else 0
    return redirect(url_for(".paper", sitting_id=sitting_id, q=current + step), 303)


@bp.get("/composition/<int:sitting_id>/recapitulatif")
@allow("candidate")
def summary(sitting_id: int) -> str | Response:
    """Every question with its state, and the button that hands in."""
    (sitting, plan), at = _mine(sitting_id), now()
    if queries.out_of_time(sitting, at) and not sitting.closed_at:
        _expire(sitting, plan)
    if sitting.closed_at or queries.out_of_time(sitting, at):
        return redirect(url_for(".receipt", sitting_id=sitting_id), 303)
    if sitting.writer != device():
        return _elsewhere(sitting, plan)
    if sitting.paused_at:
        return _paused(sitting, plan)
    return _summary(sitting, plan, HandInForm())


def _summary(sitting: Sitting, plan: Plan, form: HandInForm) -> str:
    at = now()
    seat, standing = _seated(sitting.id or 0)
    kept = queries.answers_of(reading(), sitting.id or 0)
    items = states(seat, kept)
    return render_template(
        "sitting/summary.html",
        sitting=sitting,
        stage=stage_card(plan, at),
        me=_bar(seat, standing, at),
        cells=cells(seat, kept),
        items=items,
        open_items=walk.open_items(seat, standing, at),
        unanswered=[item.number for item in items if not item.answered],
        only_handed_in=plan.says.expiry is Expiry.NOT_COUNTED,
        form=form,
    )


@bp.post("/composition/<int:sitting_id>/remise")
@allow("candidate")
def hand_in(sitting_id: int) -> Response | tuple[str, int]:
    """Hand the paper in."""
    sitting, plan = _mine(sitting_id)
    if sitting.writer != device() or (sitting.paused_at and not sitting.closed_at):
        return redirect(url_for(".paper", sitting_id=sitting_id), 303)
    form, at = HandInForm(), now()
    answered = len(queries.responses(queries.answers_of(reading(), sitting_id)))
    whole = answered == len(sitting.paper)
    running = not sitting.closed_at and not queries.out_of_time(sitting, at)
    if running and not whole and not form.confirm.data:
        form.confirm.errors = [_("Cochez cette case pour remettre votre copie ainsi.")]
        return _summary(sitting, plan, form), 422
    _hand_in(sitting, plan)
    return redirect(url_for(".receipt", sitting_id=sitting_id), 303)


def _hand_in(sitting: Sitting, plan: Plan) -> None:
    number = (contests.application(reading(), current_user.id) or abort(404)).number
    with writing() as db:
        mine = queries.sitting_of(db, current_user.id, sitting.id or 0) or abort(404)
        actions.hand_in(db, mine, plan, number=number, now=now())


def _expire(sitting: Sitting, plan: Plan) -> None:
    """The time is over, and nobody has pressed anything."""
    number = (contests.application(reading(), current_user.id) or abort(404)).number
    with writing() as db:
        mine = queries.sitting_of(db, current_user.id, sitting.id or 0) or abort(404)
        actions.expire(db, mine, plan, number=number, now=now())


@bp.get("/composition/<int:sitting_id>/recu")
@allow("candidate")
def receipt(sitting_id: int) -> str | Response:
    """The receipt: what was stored, when, and a code that only this server could have made."""
    (sitting, plan), at = _mine(sitting_id), now()
    if not sitting.closed_at:
        if not queries.is_over(sitting, plan, at):
            return redirect(url_for(".summary", sitting_id=sitting_id), 303)
        _expire(sitting, plan)
        return redirect(url_for(".receipt", sitting_id=sitting_id), 303)
    return render_template(
        "sitting/receipt.html",
        stage=stage_card(plan, at),
        receipt=_receipt(sitting),
        counted=sitting.closed_by != "expiry" or plan.says.expiry is Expiry.HAND_IN,
    )


def _receipt(sitting: Sitting) -> dict[str, Any]:
    assert sitting.digest is not None  # noqa: S101  # it is closed
    assert sitting.closed_at is not None  # noqa: S101
    return {
        "code": codes.grouped(receipt_file.code(sitting.digest, sitting.closed_at)),
        "handed_in_at": sitting.closed_at,
        "answered": sitting.answered,
        "total": len(sitting.paper),
        "by": sitting.closed_by,
        "digest": sitting.digest,
        "sitting_id": sitting.id,
    }


@bp.get("/composition/<int:sitting_id>/recu.txt")
@allow("candidate")
def receipt_text(sitting_id: int) -> Response:
    """The receipt as a file to keep: the whole chain, signed."""
    sitting, plan = _mine(sitting_id)
    seat = queries.seat_of(reading(), sitting_id)
    if not sitting.closed_at or seat is None:
        abort(404)
    paper = audit.final_receipt(reading(), sitting, stage=seat.stage, candidate=seat.candidate)
    head = render_template(
        "sitting/receipt.txt", edition_name=plan.edition.name, stage=plan, candidate=seat.candidate,
        receipt=_receipt(sitting),
    )  # fmt: skip
    text = receipt_file.write(paper, keyring().signing(now=now()), head=head)
    answer = Response(text, mimetype="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="recu-{plan.key}.txt"'
    return answer
