"""The organiser's view of a stage, its closing and publication; the candidate's own result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlmodel import col
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Phase, Plan
from quizapp.contests.tables import Application
from quizapp.contests.views import stage_card
from quizapp.kit import log
from quizapp.results import (  # noqa: F401  # some for their routes
    actions,
    drafts,
    drawn,
    erratum,
    exclusions,
    lateness,
    lottery,
    own,
    publishing,
    queries,
    regrading,
    told,
)
from quizapp.results.desk import bp, not_now, plan_of
from quizapp.results.drafts import Group
from quizapp.results.forms import ReasonForm
from quizapp.results.lateness import Filter
from quizapp.results.tables import Draft
from quizapp.web.database import reading, writing
from quizapp.web.guard import allow
from quizapp.web.i18n import moment, ngettext, spoken
from quizapp.web.moment import now
from quizapp.web.pager import Pager

__all__ = ["bp"]


@bp.get("/organisation/etapes/<stage_key>")
@allow("organiser")
def stage(stage_key: str) -> str:
    """A stage with its counts, and its ranking once it is closed."""
    plan, at = plan_of(stage_key), now()
    scope = request.args.get("classement", "nation")
    scope = scope if scope in queries.GROUPS else "nation"
    options = drafts.groups(reading(), plan, scope)
    group = request.args.get("groupe", "")
    chosen = [one for one in options if group in ("", one.code)]
    pager = Pager(sum(one.count for one in chosen), 100)
    return render_template(
        "results/stage.html",
        stage=stage_card(plan, at),
        phase=plan.phase(at).value,
        counts=queries.counts(reading(), plan, now=at),
        publications=queries.publications(reading(), plan),
        scope=scope,
        group=group,
        groups=options if scope != "nation" else [],
        sections=[part for part in plan.says.sections if part.scored],
        graded=bool(plan.row.closed_at),
        rows=_rows(plan, scope, chosen, pager),
        pager=pager,
        excluded=exclusions.rows(plan),
        late=lateness.total(reading(), plan, Filter()),
        late_waiting=lateness.total(reading(), plan, Filter("waiting")),
        lots=plan.says.lots,
        awaited=drawn.is_awaited(reading(), plan),
        ties=[spoken(key) for key in plan.says.tie_keys("")],
    )


def _rows(plan: Plan, scope: str, chosen: Sequence[Group], pager: Pager) -> list[dict[str, Any]]:
    """The lines of the ranking that this page shows."""
    wanted = (
        *(col(getattr(Application, name)) for name in ("last_name", "first_name", "number")),
        *(col(getattr(Draft, name)) for name in _SHOWN),
        getattr(Draft, f"{scope}_rank"),
        getattr(Draft, f"{scope}_tied"),
    )
    names = ("last_name", "first_name", "number", *_SHOWN, "rank", "tied")
    found = drafts.rows(
        reading(), plan, wanted, scope, chosen, start=pager.start, size=pager.size
    )  # fmt: skip
    return [_row(dict(zip(names, row, strict=True))) for row in found]


_SHOWN = (
    "city", "region", "points", "maximum", "sections", "distance", "status", "place", "reason",
)  # fmt: skip


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "name": f"{one['last_name']} {one['first_name']}".strip() or _("Nom effacé"),
        "city": contests.city_label(one["city"]),
        "region": queries.region_name(one["region"]),
        "sections": queries.sections_of(one["sections"]),
        "status_label": told.status_text(one["status"], one["place"], one["reason"]),
    }


@bp.route("/organisation/etapes/<stage_key>/clore", methods=["GET", "POST"])
@allow("organiser")
def close(stage_key: str) -> str | Response | tuple[str, int]:
    """Close a stage and grade it: first what it would do, then with a reason."""
    plan, at, form = plan_of(stage_key), now(), ReasonForm()
    if plan.phase(at) is Phase.FUTURE or plan.row.closed_at:
        raise not_now(plan)
    if form.validate_on_submit():
        with writing() as db:
            graded = actions.close_stage(
                db,
                contests.plan_of(db, plan.id),
                by=current_user.who,
                reason=form.reason.data,
                now=at,
            )
        log.get().info("stage.close", stage=plan.key, graded=graded)
        flash(ngettext("%(num)s copie corrigée.", "%(num)s copies corrigées.", graded), "success")
        return redirect(url_for(".stage", stage_key=stage_key), 303)
    page = render_template(
        "results/confirm.html",
        title=_("Clore l’étape « %(title)s »", title=plan.title),
        effect=_closing_effect(plan),
        form=form,
        danger=True,
        submit_label=_("Clore et corriger"),
        back_url=url_for(".stage", stage_key=stage_key),
    )
    return (page, 422) if request.method == "POST" else page


def _closing_effect(plan: Plan) -> list[str]:
    effect = actions.closing(reading(), plan, now=now())
    to_grade = effect.handed_in + effect.expired
    told = [
        ngettext(
            "%(num)s copie remise sera corrigée.",
            "%(num)s copies remises seront corrigées.",
            to_grade,
        )
    ]
    if effect.running:
        told.append(
            ngettext(
                "%(num)s composition en cours sera arrêtée, et corrigée avec ses réponses "
                "enregistrées.",
                "%(num)s compositions en cours seront arrêtées, et corrigées avec leurs réponses "
                "enregistrées.",
                effect.running,
            )
        )
    if effect.absent:
        told.append(
            ngettext(
                "%(num)s candidat qui n’a pas commencé ne pourra plus le faire.",
                "%(num)s candidats qui n’ont pas commencé ne pourront plus le faire.",
                effect.absent,
            )
        )
    if effect.window_open:
        told.insert(
            0,
            _(
                "La fermeture est prévue le %(moment)s : vous l’avancez.",
                moment=moment(plan.row.closes_at),
            ),
        )
    return told
