"""The desk of corrections: the register, a proposal, its effect, and what is decided of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.forms import NothingForm
from quizapp.contests.queries import Plan
from quizapp.contests.views import stage_card
from quizapp.exam import correcting as rules
from quizapp.exam import markup
from quizapp.exam.problems import ToldError
from quizapp.exam.questions.base import Question
from quizapp.kit import log
from quizapp.people import names
from quizapp.results import correcting, corrections, effects, queries, told
from quizapp.results.actions import SamePersonError
from quizapp.results.desk import bp, not_now, plan_of
from quizapp.results.forms import KeyedReasonForm, ProposeForm, SeenForm
from quizapp.results.tables import Correction
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import spoken
from quizapp.web.moment import now
from quizapp.web.pager import Pager

_DESK = "/organisation/etapes/<stage_key>/corrections"


def _closed(stage_key: str) -> Plan:
    plan = plan_of(stage_key)
    if not plan.row.closed_at:
        raise not_now(plan)
    return plan


@bp.get(f"{_DESK}/questions")
@allow("organiser")
def questions(stage_key: str) -> str:
    """The questions of a stage, to choose the one that is to be corrected."""
    plan = _closed(stage_key)
    words = names.fold(request.args.get("q", "")[:100].strip()).split()
    banks = corrections.standard(reading(), plan).banks
    found = [
        {
            "bank": part.bank,
            "section": part.title,
            "id": one.id,
            "text": markup.plain(one.text),
            "topic": one.topic,
        }
        for part in plan.says.sections
        for one in banks[part.bank].questions
        if rules.kinds_for(one, scored=part.scored)
        and all(word in names.fold(f"{one.id} {one.text}") for word in words)
    ]
    pager = Pager(len(found), 50)
    return render_template(
        "results/questions.html",
        stage=stage_card(plan, now()),
        rows=pager.cut(found),
        pager=pager,
        q=request.args.get("q", "")[:100].strip(),
    )


@bp.route(f"{_DESK}/nouvelle/<bank>/<question>", methods=["GET", "POST"])
@allow("organiser")
def propose(stage_key: str, bank: str, question: str) -> str | Response | tuple[str, int]:
    """Propose a correction of one question; its effect is computed, and nothing is changed yet."""
    plan = _closed(stage_key)
    one = corrections.question_of(reading(), plan, bank, question) or abort(404)
    scored = corrections.is_scored(plan, bank)
    answers = effects.given(reading(), plan, (bank, question))
    form = _form(one, scored=scored, answers=[text for text, _count in answers.most_common(100)])
    if form.validate_on_submit():
        try:
            row = _propose(plan, one, bank, form)
        except ToldError as error:
            form.kind.errors = [spoken(error)]
        else:
            return redirect(url_for(".correction", stage_key=stage_key, number=row.id), 303)
    page = render_template(
        "results/propose.html",
        stage=stage_card(plan, now()),
        question=one,
        reviewed=one.review((), None),
        rule=told.rule_label(one.rule) if one.rules else "",
        papers=answers.total(),
        answers=[
            {"told": one.told(text), "count": count, "right": one.mark(text) == 1}
            for text, count in answers.most_common(30)
            if text is not None
        ],
        form=form,
    )
    return (page, 422) if request.method == "POST" else page


def _form(one: Question, *, scored: bool, answers: list[str | None]) -> ProposeForm:
    kinds = rules.kinds_for(one, scored=scored)
    return ProposeForm(
        kinds=[(kind.value, told.kind_label(kind)) for kind in kinds],
        given=[(text, one.told(text)) for text in rules.alternatives(one, answers)],
        rules=[(name, told.rule_label(name)) for name in rules.rules_for(one)],
        typed=rules.is_typed(one),
    )


def _propose(plan: Plan, one: Question, bank: str, form: ProposeForm) -> Correction:
    kind, value = rules.Kind(form.kind.data), form.value
    if form.typed and kind in (rules.Kind.ACCEPT, rules.Kind.REPLACE):
        value = one.read([value], ()) or ""
    said = rules.Correction(bank, one.id, kind, value)
    with writing() as db:
        row = correcting.propose(
            db, contests.plan_of(db, plan.id), said, key=form.key.data, by=current_user.who,
            reason=form.reason.data, now=now(),
        )  # fmt: skip
    log.get().info("correction.propose", stage=plan.key, correction=row.id)
    return row


@bp.get(f"{_DESK}/<int:number>")
@allow("organiser")
def correction(stage_key: str, number: int) -> str:
    """A correction with its effect: who gains and loses, who enters the qualified and who leaves."""
    plan = plan_of(stage_key)
    return _shown(plan, corrections.one(reading(), plan, number) or abort(404))


def _shown(plan: Plan, row: Correction, *, earlier: dict[str, int] | None = None) -> str:
    name = request.args.get("liste", "entrent")
    name = name if name in corrections.LISTS else "entrent"
    pager = Pager(corrections.how_many(reading(), row, name), 50, endpoint="results.correction")
    moved = corrections.moved(reading(), row, name, start=pager.start, size=pager.size)
    return render_template(
        "results/correction.html",
        stage=stage_card(plan, now()),
        correction=told.correction(plan, row),
        waiting=not row.applied_at and not row.withdrawn_at,
        mine=plan.edition.two_people and row.by == current_user.who,
        undoable=_is_effective(plan, row),
        earlier=earlier,
        areas=[_area(one) for one in corrections.areas(reading(), row)],
        lists={one: corrections.how_many(reading(), row, one) for one in corrections.LISTS},
        chosen=name,
        rows=[told.move(*one) for one in moved],
        pager=pager,
        form=SeenForm(seen=row.basis),
    )


def _is_effective(plan: Plan, row: Correction) -> bool:
    return row.id in {one.id for one in corrections.effective(corrections.applied(reading(), plan))}


def _area(one: corrections.Area) -> dict[str, Any]:
    return {
        "city": contests.city_label(one.city),
        "region": queries.region_name(one.region),
        "counts": one,
    }


@bp.post(f"{_DESK}/<int:number>/appliquer")
@allow("organiser")
def apply_correction(stage_key: str, number: int) -> Response | tuple[str, int]:
    """Apply a correction as its effect was shown; if that has changed, show both and ask again."""
    plan, form = plan_of(stage_key), SeenForm()
    known = corrections.one(reading(), plan, number) or abort(404)
    if not form.validate_on_submit():
        abort(400)
    try:
        with writing() as db:
            correcting.apply(
                db, contests.plan_of(db, plan.id), number, by=current_user.who,
                seen=form.seen.data, now=now(),
            )  # fmt: skip
    except correcting.MovedOnError:
        with writing() as db:
            row = correcting.renew(
                db, contests.plan_of(db, plan.id), number, by=current_user.who, now=now()
            )
        log.get().info("edit.conflict", act="correction.apply", stage=plan.key)
        form.seen.data = form.seen.raw_data = None
        return _shown(plan, row, earlier=corrections.counts_of(known)), 409
    except SamePersonError:
        raise _second(plan, number) from None
    except ToldError as error:
        raise _not_possible(plan, number, error) from None
    log.get().info("correction.apply", stage=plan.key, correction=number)
    flash(
        _(
            "Correction appliquée, toutes les copies sont recorrigées. Publiez le nouveau classement."
        ),
        "success",
    )
    return redirect(url_for(".corrections_register", stage_key=stage_key), 303)


def _second(plan: Plan, number: int) -> Refused:
    return Refused(
        403,
        "second_person",
        _("Une autre personne doit appliquer cette correction"),
        _("Vous l’avez proposée, et cette édition demande deux personnes."),
        safe=_("Rien n’a été modifié."),
        action=(_("Revenir"), url_for(".correction", stage_key=plan.key, number=number)),
    )


def _not_possible(plan: Plan, number: int, error: ToldError) -> Refused:
    return Refused(
        409, "not_possible", _("Cet acte n’est pas possible"), spoken(error),
        safe=_("Rien n’a été modifié."),
        action=(_("Revenir"), url_for(".correction", stage_key=plan.key, number=number)),
    )  # fmt: skip


@bp.post(f"{_DESK}/<int:number>/retirer")
@allow("organiser")
def withdraw_correction(stage_key: str, number: int) -> Response:
    """Withdraw a proposal that waits."""
    plan = plan_of(stage_key)
    corrections.one(reading(), plan, number) or abort(404)
    if not NothingForm().validate_on_submit():
        abort(400)
    try:
        with writing() as db:
            correcting.withdraw(
                db, contests.plan_of(db, plan.id), number, by=current_user.who, now=now()
            )
    except ToldError as error:
        raise _not_possible(plan, number, error) from None
    flash(_("Proposition retirée. Rien n’a changé."), "success")
    return redirect(url_for(".corrections_register", stage_key=stage_key), 303)


@bp.route(f"{_DESK}/<int:number>/annuler", methods=["GET", "POST"])
@allow("organiser")
def undo_correction(stage_key: str, number: int) -> str | Response | tuple[str, int]:
    """Propose to undo a correction: that is a correction in its turn, with its own effect."""
    plan, form = plan_of(stage_key), KeyedReasonForm()
    row = corrections.one(reading(), plan, number) or abort(404)
    if form.validate_on_submit():
        try:
            with writing() as db:
                undo = correcting.propose_undoing(
                    db, contests.plan_of(db, plan.id), row, key=form.key.data,
                    by=current_user.who, reason=form.reason.data, now=now(),
                )  # fmt: skip
        except ToldError as error:
            raise _not_possible(plan, number, error) from None
        return redirect(url_for(".correction", stage_key=stage_key, number=undo.id), 303)
    page = render_template(
        "results/undo_correction.html",
        stage=stage_card(plan, now()),
        correction=told.correction(plan, row),
        form=form,
    )
    return (page, 422) if request.method == "POST" else page
