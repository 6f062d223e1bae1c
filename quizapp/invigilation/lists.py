"""One candidate with their timeline; time given and taken back; what browsers reported."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Scope
from quizapp.invigilation import given, past, queries, timeline, wall
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
from quizapp.invigilation.effects import title
from quizapp.invigilation.filters import CONCERNS, Act, Filter
from quizapp.people.staff import staff_name
from quizapp.results import queries as results
from quizapp.results.forms import ReasonForm
from quizapp.results.queries import region_name
from quizapp.sitting.retiming import NotPossibleError
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import duration, hour_s, moment, spoken
from quizapp.web.moment import now


def _candidate(plan: Plan, number: str) -> Application:
    """The candidate of this number, if this desk may see them."""
    found = wall.people(reading(), plan, Filter(limit=limit()), now=now(), numbers=[number])
    return found[0][0] if found else abort(404)


@bp.get("/<stage_key>/candidats/<number>")
@allow(*STAFF)
def candidate(stage_key: str, number: str) -> str:
    """One candidate: where they stand, what can be done, and everything that happened."""
    plan = plan_of(stage_key)
    application = _candidate(plan, number)
    found = past.past_of(reading(), plan, application)
    state = wall.state_at(found.sitting, now())
    excluded = results.exclusion(reading(), plan, application.id or 0)
    kind = request.args.get("genre", "")
    every = timeline.events(found, now=now())
    return render_template(
        "invigilation/candidate.html",
        **frame(plan),
        person={
            "number": application.number,
            "name": application.full_name,
            "city": contests.city_label(application.city),
            "region": region_name(application.region),
        },
        state=state.value,
        sitting=found.sitting,
        answered=_answered(found),
        devices=sum(one.kind == "device" for one in found.facts),
        questions=plan.says.blueprint.questions,
        excluded=excluded,
        acts=[
            {"name": one.value, "label": title(one, people=1), "grave": one in _GRAVE}
            for one in Act
            if state in CONCERNS[one] and _offered(one, excluded is not None)
        ],
        kind=kind,
        kinds=timeline.kind_labels(),
        events=[one for one in every if not kind or one.kind == kind],
        total=len(every),
    )


# What stands behind « Autres actes » on a candidate’s page.
_GRAVE = frozenset({Act.HAND_IN, Act.EXCLUDE, Act.READMIT})


def _answered(found: past.Past) -> int:
    last = {one.item: one.response for one in found.answers if not one.late}
    return sum(response is not None for response in last.values())


def _offered(act: Act, excluded: bool) -> bool:
    if act not in (Act.EXCLUDE, Act.READMIT):
        return True
    return "organiser" in current_user.roles and excluded is (act is Act.READMIT)


@bp.get("/<stage_key>/candidats/<number>/chronologie.txt")
@allow(*STAFF)
def candidate_file(stage_key: str, number: str) -> Response:
    """The timeline as a text to keep; the whole of it, whatever is shown."""
    plan = plan_of(stage_key)
    application = _candidate(plan, number)
    found = past.past_of(reading(), plan, application)
    labels = timeline.kind_labels()
    lines = [
        f"{plan.edition.name} · {plan.title}",
        _("Chronologie de %(name)s, n° %(number)s, %(city)s",
          name=application.full_name, number=application.number,
          city=contests.city_label(application.city)),
        _("Établie le %(moment)s, d’après ce qui est enregistré.", moment=moment(now())),
        "",
        *(
            f"{one.at:%Y-%m-%d} {hour_s(one.at)}  [{labels[one.kind]}]  {one.text}"
            for one in timeline.events(found, now=now())
        ),
    ]  # fmt: skip
    answer = Response("\n".join(lines) + "\n", mimetype="text/plain; charset=utf-8")
    name = f"chronologie-{plan.key}-{application.number}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/<stage_key>/temps")
@allow(*STAFF)
def given_time(stage_key: str) -> str:
    """The time that was given on the day, to whom and why, and the way to take it back."""
    plan, mine = plan_of(stage_key), limit()
    gifts = [
        one for one in given.gifts(reading(), plan) if all(in_reach(s, mine) for s in one.scopes)
    ]
    labels = scope_labels(scope for one in gifts for scope in one.scopes)
    return render_template(
        "invigilation/given_time.html",
        **frame(plan),
        rows=[
            {
                "id": one.id,
                "at": one.at,
                "who": staff_name(one.by),
                "span": duration(one.seconds),
                "whom": _whom(one.scopes, labels),
                "why": one.reason,
                "undone_at": one.undone_at,
                "undone_by": staff_name(one.undone_by) if one.undone_by else "",
                "mine": all(in_hand(scope, mine) for scope in one.scopes),
            }
            for one in gifts
        ],
    )


def _whom(scopes: tuple[Scope, ...], labels: dict[Scope, str]) -> str:
    if len(scopes) == 1:
        return labels[scopes[0]]
    return ngettext("%(num)s personne", "%(num)s personnes", len(scopes))


@bp.route("/<stage_key>/temps/<int:number>/retirer", methods=["GET", "POST"])
@allow(*STAFF)
def take_back(stage_key: str, number: int) -> str | Response | tuple[str, int]:
    """Take given time back: whom it concerns, then with a reason."""
    plan, form, mine = plan_of(stage_key), ReasonForm(), limit()
    gift = given.gift(reading(), plan, number) or abort(404)
    if not all(in_hand(one, mine) for one in gift.scopes):
        abort(404)
    back = url_for(".given_time", stage_key=stage_key)
    if gift.undone_at is not None:
        raise Refused(
            409, "conflict", _("Ce temps est déjà retiré"),
            _("%(who)s l’a retiré à %(hour)s.",
              who=staff_name(gift.undone_by or ""), hour=hour_s(gift.undone_at)),
            safe=_("Rien n’a été modifié."), action=(_("Temps donné"), back),
        )  # fmt: skip
    if form.validate_on_submit():
        try:
            with writing() as db:
                shorter = given.take_back(
                    db, gift, by=current_user.who, reason=form.reason.data, now=now()
                )
        except NotPossibleError as error:
            raise Refused(
                409, "not_possible", _("Cet acte n’est pas possible"), spoken(error),
                safe=_("Rien n’a été modifié."), action=(_("Temps donné"), back),
            ) from None  # fmt: skip
        flash(
            ngettext("Temps retiré : %(num)s composition raccourcie.",
                     "Temps retiré : %(num)s compositions raccourcies.", shorter),
            "success",
        )  # fmt: skip
        return redirect(back, 303)
    whom = _whom(gift.scopes, scope_labels(gift.scopes))
    page = render_template(
        "results/confirm.html",
        title=_("Retirer %(span)s", span=duration(gift.seconds)),
        effect=[
            _("Ce temps avait été donné par %(who)s à %(hour)s. Concernés : %(whom)s.",
              who=staff_name(gift.by), hour=hour_s(gift.at), whom=whom),
            _("Les compositions en cours finissent d’autant plus tôt, jamais dans le passé : qui "
              "vit déjà sur ce temps finit maintenant, avec le délai de grâce."),
            _("Les réponses enregistrées restent et comptent."),
        ],
        form=form,
        danger=False,
        submit_label=_("Retirer ce temps"),
        back_url=back,
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


@bp.get("/<stage_key>/navigateurs")
@allow(*STAFF)
def faults(stage_key: str) -> str:
    """What candidates’ browsers have reported, by hour."""
    plan = plan_of(stage_key)
    kinds = {
        "script": _("Erreur de script"),
        "save": _("Enregistrement en échec"),
        "csp": _("Contenu bloqué"),
    }
    return render_template(
        "invigilation/faults.html",
        **frame(plan),
        rows=[
            {"hour": one.hour, "kind": kinds.get(one.kind, one.kind), "place": _place(one.place),
             "count": one.count, "last_at": one.last_at}
            for one in queries.faults(reading(), now=now())
        ],
    )  # fmt: skip


def _place(place: str) -> str:
    return {
        "offline": _("réseau ou serveur sans réponse"),
        "refused": _("réponse refusée"),
    }.get(place, place)
