"""A candidate’s own result and paper, as a page and as JSON; and the organiser’s preview of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.contests.views import stage_card
from quizapp.exam.clock import utc
from quizapp.exam.grading import Verdict
from quizapp.exam.visibility import Moment, Sight, When
from quizapp.results import erratum, exclusions, lateness, queries, seeing, told
from quizapp.results.desk import bp, plan_of
from quizapp.results.seeing import Seen
from quizapp.web.database import reading
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.moment import now


@bp.get("/resultats/<stage_key>/moi")
@allow("candidate")
def mine(stage_key: str) -> str:
    """A candidate's own result, as far as it is open."""
    plan, one = plan_of(stage_key), _me()
    moment = seeing.moment_of(reading(), plan, one, now())
    seen = _seen(plan, one, moment)
    return render_template("results/mine.html", **_page(plan, one, moment, seen))


@bp.get("/resultats/<stage_key>/moi.json")
@allow("candidate")
def mine_json(stage_key: str) -> Response:
    """The same as JSON: what is not open is not in it."""
    plan, one = plan_of(stage_key), _me()
    moment = seeing.moment_of(reading(), plan, one, now())
    seen = _seen(plan, one, moment)
    return jsonify(_plain(plan, seen, seeing.items(reading(), plan, one, moment)))


@bp.get("/resultats/<stage_key>/copie")
@allow("candidate")
def copy(stage_key: str) -> str:
    """A candidate's own paper: answers, key and explanations, each as far as it is open."""
    plan, one = plan_of(stage_key), _me()
    moment = seeing.moment_of(reading(), plan, one, now())
    items = seeing.items(reading(), plan, one, moment)
    if not items:
        raise _nothing_yet()
    return render_template("results/copy.html", **_copy(plan, moment, items))


def _me() -> Application:
    return contests.application(reading(), current_user.id) or abort(404)


def _seen(plan: Plan, one: Application, moment: Moment) -> Seen:
    if not seeing.sights(plan, moment):
        raise _nothing_yet()
    seen = seeing.seen(reading(), plan, one, moment)
    if seen is None:
        if found := queries.exclusion(reading(), plan, one.id or 0):
            raise exclusions.told(found)
        abort(404)
    return seen


def _nothing_yet() -> Refused:
    return Refused(
        403,
        "not_published",
        _("Les résultats ne sont pas encore publiés"),
        _("Ils paraîtront ici même. Rien n’est à faire d’ici là."),
        action=(_("Mon espace"), url_for("sitting.my_page")),
    )


def _page(plan: Plan, one: Application, moment: Moment, seen: Seen) -> dict[str, Any]:
    fate = seen.fate
    return {
        "stage": stage_card(plan, moment.now),
        "name": one.full_name,
        "city": contests.city_label(one.city),
        "region": queries.region_name(one.region),
        "seen": seen,
        "publication": seen.publication,
        "status": fate.status if fate else "",
        "status_text": told.status_text(fate.status, fate.place, fate.reason) if fate else "",
        "accepted": lateness.accepted_in(reading(), seen.publication, one.id or 0)
        if seen.publication
        else [],
        "paper": bool(seen.sights & {Sight.ANSWERS, Sight.KEY}),
        "corrected": erratum.noted(plan, seen.publication, one) if seen.publication else [],
    }


def _copy(plan: Plan, moment: Moment, items: tuple[seeing.ItemSeen, ...]) -> dict[str, Any]:
    return {
        "stage": stage_card(plan, moment.now),
        "items": items,
        "sights": seeing.sights(plan, moment),
        "verdicts": {
            Verdict.RIGHT: _("Juste"),
            Verdict.PARTLY: _("En partie juste"),
            Verdict.WRONG: _("Faux"),
            Verdict.UNANSWERED: _("Sans réponse"),
            Verdict.DONT_KNOW: _("Je ne sais pas"),
            Verdict.TO_MARK: _("Pas encore notée"),
            Verdict.UNSCORED: _("Sans points"),
            Verdict.VOID: _("Neutralisée"),
        },
    }


def _plain(plan: Plan, seen: Seen, items: tuple[seeing.ItemSeen, ...]) -> dict[str, Any]:
    """What is seen, as JSON: points exact, as text such as ``25/2``."""
    found: dict[str, Any] = {"stage": plan.key}
    if seen.publication:
        found["version"] = seen.publication.number
    if seen.points is not None:
        found |= {"points": str(seen.points), "maximum": seen.maximum}
    if seen.sections is not None:
        found["sections"] = [
            {"title": one.title, "points": str(one.points), "maximum": one.maximum}
            for one in seen.sections
        ]
    if seen.fate is not None:
        found |= {
            "ranks": {
                group: {"rank": place.rank, "tied": place.tied, "out_of": place.out_of}
                for group, place in seen.fate.places.items()
            },
            "status": seen.fate.status,
            "place": seen.fate.place,
        }
    if items:
        found["items"] = [_item(one) for one in items]
    return found


def _item(one: seeing.ItemSeen) -> dict[str, Any]:
    found: dict[str, Any] = {"number": one.number}
    if one.told is not None:
        found["answer"] = one.told
    if one.reviewed is not None:
        found["key"] = one.reviewed.told_key
    if one.explanation is not None:
        found["explanation"] = str(one.explanation)
    if one.verdict is not None:
        found |= {"verdict": one.verdict.value, "points": str(one.points)}
    return found


@bp.get("/organisation/etapes/<stage_key>/apercu")
@allow("organiser")
def preview(stage_key: str) -> str:
    """What a candidate sees, now or at another phase, through the same door."""
    plan, at = plan_of(stage_key), now()
    number = request.args.get("candidat", "").strip()[:12]
    edition = contests.current_edition(reading()) or abort(404)
    one = contests.application_by_number(reading(), edition, number) if number else None
    phase = request.args.get("moment", "maintenant")
    moment = _moment(plan, one, phase, at) if one else None
    seen = seeing.seen(reading(), plan, one, moment) if one and moment else None
    opened = seeing.sights(plan, moment) if moment else frozenset()
    items = seeing.items(reading(), plan, one, moment) if one and moment else ()
    return render_template(
        "results/preview.html",
        preview_of=number,
        phase=phase,
        found=one is not None,
        openings=[
            {
                "label": label,
                "phase": opening if isinstance(opening, When) else None,
                "at": None if isinstance(opening, When) else utc(opening, plan.edition.zone),
                "open": sight in opened,
            }
            for sight, label in _labels().items()
            for opening in [getattr(plan.says.shows, sight)]
        ],
        phases={"maintenant": _("Maintenant"), **{one.value: label for one, label in _phases()}},
        shown=seen is not None and bool(opened),
        **{
            **(_page(plan, one, moment, seen) if one and moment and seen else {}),
            **_copy(plan, moment or Moment(at), items),
            "stage": stage_card(plan, at),
        },
    )


def _moment(plan: Plan, one: Application, phase: str, at: datetime) -> Moment:
    if phase in set(When):
        return seeing.as_if(When(phase), at)
    return seeing.moment_of(reading(), plan, one, at)


def _labels() -> dict[Sight, str]:
    return {
        Sight.ANSWERS: _("Ses réponses"),
        Sight.SCORE: _("Son score"),
        Sight.SECTIONS: _("Ses points par section"),
        Sight.KEY: _("Les bonnes réponses"),
        Sight.EXPLANATIONS: _("Les explications"),
        Sight.RANK: _("Son rang et la suite"),
    }


def _phases() -> list[tuple[When, str]]:
    return [
        (When.HANDED_IN, _("Copie remise")),
        (When.CLOSED, _("Étape close")),
        (When.PUBLISHED, _("Classement publié")),
        (When.NEVER, _("Jamais")),
    ]
