"""Publishing a ranking: checked by one person, published by another where the edition asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.contests.views import stage_card
from quizapp.exam.effects import NOWHERE, Crossing, Move, counted
from quizapp.kit import log
from quizapp.results import actions, checking, corrections, queries, told, versions
from quizapp.results.desk import bp, not_now, plan_of
from quizapp.results.forms import CheckForm, PublishForm
from quizapp.results.tables import Publication
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import ngettext
from quizapp.web.i18n import number as told_number
from quizapp.web.moment import now
from quizapp.web.pager import Pager

_STAGE = "/organisation/etapes/<stage_key>"


@bp.route(f"{_STAGE}/publier", methods=["GET", "POST"])
@allow("organiser")
def publish(stage_key: str) -> str | Response | tuple[str, int]:
    """Publish the ranking: first what it would show and change, then with a reason."""
    plan, form = plan_of(stage_key), PublishForm()
    if not plan.row.closed_at:
        raise not_now(plan)
    if form.validate_on_submit():
        return _publish(plan, form)
    last = next(iter(queries.publications(reading(), plan)), None)
    found = actions.digest(reading(), plan)
    form.after.data = last.number if last else 0
    if plan.edition.two_people:
        check = queries.last_check(reading(), plan)
        if check is None or check.digest != found or check.by == current_user.who:
            return _asks_to_check(plan, found, last)
    page = render_template(
        "results/confirm.html",
        title=_("Publier le classement de « %(title)s »", title=plan.title),
        effect=[*_would_show(plan), *_would_change(plan, last)],
        form=form,
        danger=False,
        submit_label=_("Publier"),
        back_url=url_for(".stage", stage_key=stage_key),
    )
    return (page, 422) if request.method == "POST" else page


def _publish(plan: Plan, form: PublishForm) -> Response:
    try:
        with writing() as db:
            published = actions.publish(
                db,
                contests.plan_of(db, plan.id),
                by=current_user.who,
                reason=form.reason.data,
                now=now(),
                after=form.after.data,
            )
    except actions.PublishedMeanwhileError:
        raise _again(
            plan,
            _("Une autre version vient d’être publiée"),
            _("Relisez ce qui changerait depuis celle-ci, puis publiez si besoin."),
        ) from None
    except actions.NotCheckedError:
        raise _again(
            plan,
            _("Ce classement n’a pas été vérifié"),
            _("Il a changé depuis la vérification, ou personne ne l’a faite."),
        ) from None
    except actions.NotDrawnError:
        raise _again(
            plan,
            _("Le tirage public n’a pas encore eu lieu"),
            _("Un tirage au sort décide à la dernière place : entrez d’abord la valeur annoncée."),
        ) from None
    except actions.SamePersonError:
        raise _again(
            plan,
            _("Une autre personne doit publier"),
            _("Vous avez vérifié ce classement, et cette édition demande deux personnes."),
        ) from None
    log.get().info("ranking.publish", stage=plan.key, version=published.number)
    flash(_("Classement publié : version %(number)s.", number=published.number), "success")
    return redirect(url_for(".stage", stage_key=plan.key), 303)


def _again(plan: Plan, title: str, detail: str) -> Refused:
    return Refused(
        409, "publish_again", title, detail, safe=_("Rien n’a été publié."),
        action=(_("Revenir à la publication"), url_for(".publish", stage_key=plan.key)),
    )  # fmt: skip


def _would_show(plan: Plan) -> list[str]:
    ranked, qualified = queries.ranked(reading(), plan)
    return [
        ngettext(
            "%(num)s candidat verra son score et son rang.",
            "%(num)s candidats verront leur score et leur rang.",
            ranked,
        ),
        ngettext("%(num)s est qualifié.", "%(num)s sont qualifiés.", qualified),
        _("Une version publiée ne change plus : une correction sera une nouvelle version."),
    ]


def _would_change(plan: Plan, last: Publication | None) -> list[str]:
    if last is None:
        return []
    found = counted(versions.until_now(reading(), plan, last))
    if not found["moved"]:
        return [_("Rien ne change depuis la version %(number)s.", number=last.number)]
    return [
        ngettext(
            "Depuis la version %(number)s, %(num)s candidat change de points, de rang ou de statut.",
            "Depuis la version %(number)s, %(num)s candidats changent de points, de rang ou de statut.",
            found["moved"], number=last.number,
        ),
        _(
            "Entrent parmi les qualifiés : %(enters)s. En sortent : %(leaves)s.",
            enters=told_number(found["enters"]), leaves=told_number(found["leaves"]),
        ),
    ]  # fmt: skip


def _asks_to_check(plan: Plan, found: str, last: Publication | None) -> str:
    """The page on which one person says that the ranking was checked, or learns that it was."""
    check = queries.last_check(reading(), plan)
    return render_template(
        "results/check.html",
        stage=stage_card(plan, now()),
        effect=[*_would_show(plan), *_would_change(plan, last)],
        digest=found,
        check={"at": check.at, "by": told.staff_name(check.by), "digest": check.digest}
        if check
        else None,
        checked=check is not None and check.digest == found,
        form=CheckForm(formdata=None, seen=found),
    )


@bp.post(f"{_STAGE}/verifier")
@allow("organiser")
def check(stage_key: str) -> Response:
    """Say that the ranking was checked, for another person to publish it."""
    plan, form = plan_of(stage_key), CheckForm()
    if not form.validate_on_submit():
        flash(_("Indiquez un motif : il est inscrit au journal."), "error")
        return redirect(url_for(".publish", stage_key=stage_key), 303)
    try:
        with writing() as db:
            checking.check_ranking(
                db, contests.plan_of(db, plan.id), seen=form.seen.data, by=current_user.who,
                reason=form.reason.data, now=now(),
            )  # fmt: skip
    except (actions.NotCheckedError, actions.NotNowError):
        raise _again(
            plan,
            _("Le classement a changé pendant que vous le lisiez"),
            _("Relisez-le, puis dites de nouveau qu’il est vérifié."),
        ) from None
    flash(_("Classement vérifié. Une autre personne peut le publier."), "success")
    return redirect(url_for(".stage", stage_key=stage_key), 303)


@bp.get(f"{_STAGE}/versions/<int:number>")
@allow("organiser")
def version(stage_key: str, number: int) -> str:
    """One version, compared with the one before: who entered, who left, whose rank changed."""
    plan = plan_of(stage_key)
    this = versions.numbered(reading(), plan, number) or abort(404)
    before = versions.numbered(reading(), plan, number - 1)
    found = versions.between(reading(), before, this) if before else []
    name = request.args.get("liste", "entrent")
    name = name if name in _LISTS else "entrent"
    chosen = [move for move in found if _LISTS[name](move)]
    pager = Pager(len(chosen), 50)
    shown = pager.cut(chosen)
    people = versions.people(reading(), plan, [move.number for move in shown])
    return render_template(
        "results/version.html",
        stage=stage_card(plan, now()),
        publication=this,
        by=told.staff_name(this.by),
        checked_by=told.staff_name(this.checked_by or ""),
        before=before,
        corrections=[
            told.correction(plan, row) for row in corrections.new_in(reading(), plan, this)
        ],
        lists={one: sum(map(test, found)) for one, test in _LISTS.items()},
        chosen=name,
        rows=[_row(move, people[move.number]) for move in shown],
        pager=pager,
    )


_LISTS: dict[str, Callable[[Move], bool]] = {
    "entrent": lambda move: move.crossing is Crossing.ENTERS,
    "sortent": lambda move: move.crossing is Crossing.LEAVES,
    "gagnent": lambda move: move.sign > 0,
    "perdent": lambda move: move.sign < 0,
    "rangs": lambda move: (
        NOWHERE not in (move.before, move.after) and move.before.ranks != move.after.ranks
    ),
    "tous": lambda _move: True,
}


def _row(move: Move, one: Application) -> dict[str, Any]:
    return {
        "name": f"{one.last_name} {one.first_name}".strip() or _("Nom effacé"),
        "number": one.number,
        "city": contests.city_label(one.city),
        "region": queries.region_name(one.region),
        "sign": move.sign,
        "points": (move.before.points, move.after.points),
        "maximum": (move.before.maximum, move.after.maximum),
        "ranks": {
            group: (move.before.ranks[place], move.after.ranks[place])
            for place, group in ((2, "city"), (1, "region"), (0, "nation"))
        },
        "status": (
            told.status_text(move.before.status, move.before.place),
            told.status_text(move.after.status, move.after.place),
        ),
    }
