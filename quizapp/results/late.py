"""Answers that came too late: a list, one person's, and the decision with its effect shown first.

What an answer says is never shown here, nor the key, nor marks: the decision is about its hour.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.contests.views import stage_card
from quizapp.people import names
from quizapp.people.staff import staff_name
from quizapp.results import accepting, lateness
from quizapp.results.accepting import ChangedError, StillOpenError
from quizapp.results.forms import DecisionForm
from quizapp.results.late_told import lines, row
from quizapp.results.lateness import Case, Filter
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import hour_s, ngettext
from quizapp.web.moment import now
from quizapp.web.pager import Pager

bp = Blueprint("late", __name__, url_prefix="/organisation/etapes/<stage_key>/tardives")

_DO = {"accepter": accepting.accept, "retirer": accepting.take_back}


def _plan(stage_key: str) -> Plan:
    plan = contests.plan(reading(), stage_key)
    return plan if plan and plan.says.kind == "quiz" else abort(404)


def _application(plan: Plan, number: str) -> tuple[Application, Case]:
    edition = contests.current_edition(reading()) or abort(404)
    found = contests.application_by_number(reading(), edition, number) or abort(404)
    case = lateness.case_of(reading(), plan, found)
    return (found, case) if case and case.late else abort(404)


@bp.get("")
@allow("organiser")
def answers(stage_key: str) -> str:
    """Every answer of a stage that came too late."""
    plan = _plan(stage_key)
    state = request.args.get("voir", "waiting")
    chosen = Filter(
        state=state if state in ("accepted", "all") else "waiting",
        words=request.args.get("q", "").strip()[:100],
        city=request.args.get("ville", ""),
    )
    pager = Pager(lateness.total(reading(), plan, chosen), 50)
    found = lateness.rows(reading(), plan, chosen, start=pager.start, size=pager.size)
    sittings = {sitting.id: sitting for _answer, sitting, _who in found}
    cases = lateness.cases_of(reading(), list(sittings.values()))
    cities = [(code, contests.city_label(code)) for code in lateness.cities(reading(), plan)]
    return render_template(
        "late/answers.html",
        stage=stage_card(plan, now()),
        chosen=chosen,
        states={
            "waiting": _("Non comptées"),
            "accepted": _("Acceptées"),
            "all": _("Toutes"),
        },
        totals={
            one: lateness.total(reading(), plan, Filter(one)) for one in ("waiting", "accepted", "all")
        },
        cities=sorted(cities, key=lambda city: names.fold(city[1])),
        pager=pager,
        rows=[
            {**_person(who), **row(cases[answer.sitting_id], answer.n)}
            for answer, _sitting, who in found
        ],
    )  # fmt: skip


def _person(who: Application) -> dict[str, str]:
    return {
        "number": who.number,
        "name": f"{who.last_name} {who.first_name}".strip() or _("Nom effacé"),
        "city": contests.city_label(who.city),
    }


@bp.get("/<number>")
@allow("organiser")
def person(stage_key: str, number: str) -> str:
    """One candidate's late answers, to decide on some or on all."""
    plan = _plan(stage_key)
    application, case = _application(plan, number)
    found = [row(case, one.n) for one in case.late]
    return render_template(
        "late/person.html",
        stage=stage_card(plan, now()),
        person=_person(application),
        open=case.sitting.closed_at is None,
        rows=found,
        waiting=sum(one["accepted"] is None for one in found),
        accepted=sum(one["accepted"] is not None for one in found),
    )


@bp.route("/<number>/<act>", methods=["GET", "POST"])
@allow("organiser")
def decide(stage_key: str, number: str, act: str) -> str | Response | tuple[str, int]:
    """Accept late answers, or take that back: what counts then, and the decision with a reason."""
    if act not in _DO:
        abort(404)
    plan, form = _plan(stage_key), DecisionForm()
    application, case = _application(plan, number)
    late = {one.n for one in case.late}
    chosen = late & set(request.args.getlist("n", type=int))
    if not chosen and "coches" in request.args:
        flash(_("Cochez d’abord au moins une réponse."), "error")
        return redirect(url_for(".person", stage_key=stage_key, number=number), 303)
    if not chosen and (every := _concerned(case, act)):
        # The address names them: what is confirmed is what was shown, whatever arrives meanwhile.
        explicit = url_for(".decide", stage_key=stage_key, number=number, act=act, n=every)
        return redirect(explicit, 303)
    if request.method == "GET":
        form.seen.data = case.state
        return _confirm(plan, application, case, act, chosen, form)
    if not form.validate_on_submit():
        return _confirm(plan, application, case, act, chosen, form), 422
    try:
        with writing() as db:
            done = _DO[act](
                db, contests.plan_of(db, plan.id), application, numbers=chosen,
                seen=form.seen.data, by=current_user.who, reason=form.reason.data, now=now(),
            )  # fmt: skip
    except ChangedError:
        _who, case = _application(plan, number)
        form.seen.data = form.seen.raw_data = None
        form.seen.data = case.state
        told = _last_decision(case)
        return _confirm(plan, application, case, act, chosen, form, conflict=told), 409
    except StillOpenError:
        raise _still_open(plan, number) from None
    flash(_done(act, done), "success")
    return redirect(url_for(".person", stage_key=stage_key, number=number), 303)


def _concerned(case: Case, act: str) -> list[int]:
    """All the late answers that an act would change something about."""
    return [one.n for one in case.late if (one.n in case.accepted) is (act == "retirer")]


def _done(act: str, done: int) -> str:
    if act == "accepter":
        return ngettext(
            "%(num)s réponse acceptée.", "%(num)s réponses acceptées.", done
        ) if done else _("Cette décision était déjà enregistrée.")  # fmt: skip
    return ngettext(
        "%(num)s réponse ne compte plus.", "%(num)s réponses ne comptent plus.", done
    ) if done else _("Cette décision était déjà enregistrée.")  # fmt: skip


def _still_open(plan: Plan, number: str) -> Refused:
    return Refused(
        409,
        "not_possible",
        _("Cette épreuve est encore en cours"),
        _("Décidez quand la copie sera remise, ou que son temps sera écoulé."),
        safe=_("Rien n’a été modifié."),
        action=(_("Réponses tardives"), url_for(".person", stage_key=plan.key, number=number)),
    )


def _last_decision(case: Case) -> str:
    """Who has decided last, as far as it still holds."""
    if not case.accepted:
        return _("Une décision a été retirée, ou une réponse est arrivée.")
    last = max(case.accepted.values(), key=lambda one: (one.at, one.id or 0))
    return _(
        "La dernière acceptation est de %(who)s, à %(hour)s. Motif : %(why)s",
        who=staff_name(last.by), hour=hour_s(last.at), why=last.reason,
    )  # fmt: skip


def _confirm(
    plan: Plan,
    application: Application,
    case: Case,
    act: str,
    chosen: Collection[int],
    form: DecisionForm,
    conflict: str = "",
) -> str:
    if case.sitting.closed_at is None:
        raise _still_open(plan, application.number)
    accepting_them = act == "accepter"
    name = _person(application)["name"]
    title = (
        _("Accepter des réponses tardives : %(name)s", name=name)
        if accepting_them
        else _("Ne plus compter des réponses tardives : %(name)s", name=name)
    )
    return render_template(
        "results/confirm.html",
        title=title,
        effect=lines(plan, application, case, accepting_them, chosen),
        conflict=conflict,
        form=form,
        danger=False,
        hint=_(
            "Le candidat le lira avec son résultat. Il est inscrit au journal avec votre nom et l’heure."
        )
        if accepting_them
        else "",
        submit_label=_("Accepter ces réponses") if accepting_them else _("Ne plus les compter"),
        back_url=url_for(".person", stage_key=plan.key, number=application.number),
    )
