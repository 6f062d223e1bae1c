"""An act of the desk: its effect first, then a reason, then done; a conflict is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlmodel import Session
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Scope
from quizapp.invigilation import acts, effects, wall
from quizapp.invigilation.acts import ConflictError, Terms
from quizapp.invigilation.desk import STAFF, bp, limit, plan_of, scope_labels
from quizapp.invigilation.filters import CONCERNS, LASTING, Act, Filter, Order, State
from quizapp.invigilation.forms import ActForm
from quizapp.invigilation.told import told
from quizapp.kit import log
from quizapp.sitting.retiming import NotPossibleError
from quizapp.sitting.tables import Sitting
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import hour, spoken
from quizapp.web.moment import now

# How many people an act may be done to one by one, and how many of them are named.
_MOST, _NAMED = 5000, 8
_ORGANISER_ONLY = frozenset({Act.EXCLUDE, Act.READMIT})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom an act is for: everyone of a place, now and later; or these people."""

    filter: Filter
    numbers: tuple[str, ...]
    scope: Scope | None
    counts: dict[State, int]
    ends: tuple[Any, Any] | None
    names: list[str]

    @property
    def total(self) -> int:
        """How many they are now."""
        return sum(self.counts.values())


@bp.get("/<stage_key>/actes")
@allow(*STAFF)
def act_on(stage_key: str) -> Response:
    """The wall’s buttons lead here: on to the act that was pressed, with what was ticked."""
    plan_of(stage_key)
    given = request.args.to_dict(flat=False)
    name = (given.pop("acte", None) or [""])[0]
    if name not in set(Act):
        abort(404)
    if given.pop("qui", [""])[0] == "coches":
        if not given.get("c"):
            flash(_("Cochez d’abord au moins une ligne."), "error")
            return redirect(_url(".sittings", stage_key=stage_key, **request.args.to_dict()), 303)
    else:
        given.pop("c", None)
    return redirect(_url(".act", stage_key=stage_key, name=name, **given), 303)


def _url(endpoint: str, **values: Any) -> str:
    """As ``url_for``, with values read from an address."""
    values = {name: value for name, value in values.items() if not name.startswith("_")}
    return url_for(endpoint, **values)


@bp.route("/<stage_key>/actes/<name>", methods=["GET", "POST"])
@allow(*STAFF)
def act(stage_key: str, name: str) -> str | Response | tuple[str, int]:
    """One act: what it would do, then done with a reason."""
    plan = plan_of(stage_key)
    if name not in set(Act):
        abort(404)
    what = Act(name)
    if what in _ORGANISER_ONLY and "organiser" not in current_user.roles:
        abort(404)
    chosen = _chosen(plan, what)
    form = ActForm(act=what.value)
    if request.method == "GET":
        form.seen.data = acts.version(reading())
        return _confirm(plan, what, chosen, form)
    if not form.validate_on_submit():
        return _confirm(plan, what, chosen, form), 422
    try:
        done, left = _do(plan, what, chosen, form)
    except _DoneBeforeError:
        flash(_("Cet acte était déjà fait : il ne l’a pas été une seconde fois."), "info")
        return redirect(_back(plan, chosen), 303)
    except ConflictError as conflict:
        log.get().info("edit.conflict", act=name, stage=stage_key)
        form.seen.data = form.seen.raw_data = None
        form.seen.data = acts.version(reading())
        return _confirm(plan, what, chosen, form, conflict=told(conflict.entries)), 409
    except NotPossibleError as error:
        raise Refused(
            409, "not_possible", _("Cet acte n’est pas possible"), spoken(error),
            safe=_("Rien n’a été modifié."), action=(_("Revenir au mur"), _back(plan, chosen)),
        ) from None  # fmt: skip
    flash(effects.done(what, done, chosen.total - done), "success")
    if left:
        flash(_left(left), "error")
    return redirect(_back(plan, chosen), 303)


def _chosen(plan: Plan, what: Act) -> Chosen:
    """Whom the address names: those ticked, or everyone whom its filter shows."""
    numbers = tuple(dict.fromkeys(request.args.getlist("c")))[:200]
    mine = Filter.read(request.args, limit())
    scope = mine.place if what in LASTING and not numbers else None
    if scope is not None:
        counts = wall.counts(reading(), plan, mine, now=now())
        rows = wall.rows(
            reading(), plan, mine, Order.NAME, now=now(), start=0, size=_NAMED
        )  # fmt: skip
        named = [f"{one.first_name} {one.last_name}" for one in rows]
        return Chosen(mine, (), scope, counts, wall.ends(reading(), plan, mine, now=now()), named)
    people = wall.people(reading(), plan, mine, now=now(), numbers=numbers, most=_MOST + 1)
    if len(people) > _MOST:
        raise Refused(
            409, "too_many", _("Trop de personnes à la fois"),
            _("Au plus %(most)s personnes une à une : choisissez une région ou une ville.",
              most=_MOST),
            safe=_("Rien n’a été modifié."),
            action=(_("Revenir au mur"), url_for(".sittings", stage_key=plan.key)),
        )  # fmt: skip
    states = Counter(wall.state_at(sitting, now()) for _one, sitting in people)
    ends = _ends(people)
    named = [one.full_name for one, _sitting in people[:_NAMED]]
    return Chosen(mine, numbers, None, {one: states[one] for one in State}, ends, named)


def _ends(people: Sequence[tuple[Application, Sitting | None]]) -> tuple[Any, Any] | None:
    found = [one.ends_at for _who, one in people if one and not one.closed_at]
    return (min(found), max(found)) if found else None


def _do(plan: Plan, what: Act, chosen: Chosen, form: ActForm) -> tuple[int, list[Application]]:
    """Do it; how many it was done to, and who was left as they are since others acted meanwhile.

    Fifty people are one transaction. Raises ConflictError, and nothing is done, if others have acted
    on the first of them; _DoneBeforeError if this very press has been served.
    """
    terms = Terms(
        by=current_user.who, now=now(), reason=form.reason.data if form.reason else "",
        minutes=form.minutes.data if form.minutes else 0, body=_body(what, form),
    )  # fmt: skip
    seen, key = form.seen.data, form.key.data
    if chosen.scope is not None:
        with writing() as db:
            _arrives(db, plan, key, terms)
            acts.do_to_place(
                db, contests.plan_of(db, plan.id), what, chosen.scope, terms, seen=seen
            )
        return sum(chosen.counts[state] for state in CONCERNS[what]), []
    people = [
        one
        for one, _sitting in wall.people(
            reading(), plan, chosen.filter, now=now(), numbers=chosen.numbers
        )
    ]
    done, left = 0, []
    for start in range(0, len(people), acts.AT_ONCE):
        some = people[start : start + acts.AT_ONCE]
        try:
            with writing() as db:
                if not start:
                    _arrives(db, plan, key, terms)
                done += acts.do_to_people(
                    db, contests.plan_of(db, plan.id), what, some, terms, seen=seen
                )
        except ConflictError:
            if not start:
                raise
            left += some
    return done, left


class _DoneBeforeError(Exception):
    """This press of the button has been served: its answer was lost, or it was a double one."""


def _arrives(db: Session, plan: Plan, key: str, terms: Terms) -> None:
    if not acts.arrives(db, plan.id, key=key, now=terms.now):
        raise _DoneBeforeError


def _left(left: list[Application]) -> str:
    """Who was left as they are, so that the desk can look at them again."""
    return ngettext(
        "Rien n’a changé pour %(first)s : quelqu’un vient d’agir sur cette personne. Regardez son "
        "état, puis recommencez au besoin.",
        "Rien n’a changé pour %(num)s personnes, de %(first)s à %(last)s dans l’ordre des noms : "
        "quelqu’un vient d’agir sur l’une d’elles. Regardez leur état, puis recommencez au besoin.",
        len(left), first=left[0].full_name, last=left[-1].full_name,
    )  # fmt: skip


def _body(what: Act, form: ActForm) -> str:
    """What the people concerned are told: the message, or that they have more time."""
    if what is Act.MESSAGE:
        return str(form.body.data)
    if what is Act.EXTEND and form.announce.data:
        # Kept for all who read it: in the contest's language, not that of the organiser's screen.
        with force_locale("fr"):
            return ngettext(
                "L’organisation vous donne %(num)s minute de plus. La fin affichée en tient compte.",
                "L’organisation vous donne %(num)s minutes de plus. La fin affichée en tient compte.",
                form.minutes.data,
            )
    return ""


def _back(plan: Plan, chosen: Chosen) -> str:
    if len(chosen.numbers) == 1:
        return url_for(".candidate", stage_key=plan.key, number=chosen.numbers[0])
    return url_for(".sittings", stage_key=plan.key, **chosen.filter.address)  # type: ignore[arg-type]


def _confirm(
    plan: Plan,
    what: Act,
    chosen: Chosen,
    form: ActForm,
    conflict: list[dict[str, Any]] | None = None,
) -> str:
    return render_template(
        "invigilation/act.html",
        act=what.value,
        title=effects.title(what, people=chosen.total),
        whom=_whom(chosen),
        effect=_effect(what, chosen),
        names=chosen.names,
        others=chosen.total - len(chosen.names),
        nobody=not sum(chosen.counts[state] for state in CONCERNS[what]),
        form=form,
        conflict=conflict or [],
        danger=what in (Act.HAND_IN, Act.EXCLUDE),
        submit=effects.submit(what, people=chosen.total),
        undo=effects.undo(what, people=chosen.total),
        back_url=_back(plan, chosen),
    )


def _whom(chosen: Chosen) -> str:
    if chosen.scope is not None:
        label = scope_labels([chosen.scope])[chosen.scope]
        return ngettext(
            "%(label)s : %(num)s candidat", "%(label)s : %(num)s candidats", chosen.total,
            label=label[:1].upper() + label[1:],
        )  # fmt: skip
    return ngettext("%(num)s candidat choisi", "%(num)s candidats choisis", chosen.total)


def _effect(what: Act, chosen: Chosen) -> list[str]:
    """What the act changes for whom, with numbers."""
    lines = effects.lines(what, chosen.counts)
    if what is Act.EXTEND and chosen.ends:
        lines.append(
            _("Avant cet acte, les fins vont de %(first)s à %(last)s.",
              first=hour(chosen.ends[0]), last=hour(chosen.ends[1]))
        )  # fmt: skip
    if chosen.scope is not None:
        lines.append(_("Qui rejoint ce groupe plus tard est concerné aussi."))
    return lines
