"""Late answers as the organiser's pages tell them: how late, and what counts if they are accepted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Expiry
from quizapp.exam.counting import Change, Version, changes
from quizapp.people.staff import staff_name
from quizapp.results import queries
from quizapp.results.lateness import Case
from quizapp.web.database import reading
from quizapp.web.i18n import duration, hour_s, moment


def row(case: Case, n: int) -> dict[str, Any]:
    """One late answer: when it came, what it does or would do, and who has accepted it."""
    version = next(one for one in case.late if one.n == n)
    accepted = case.accepted.get(n)
    without = set(case.accepted) - {n}
    [change] = changes(case.versions, without, {*without, n})
    return {
        "n": n,
        "item": version.item,
        "at": case.received[n],
        "past": _past(case, n),
        "effect": _effect(case, change),
        "accepted": {"at": accepted.at, "by": staff_name(accepted.by), "why": accepted.reason}
        if accepted
        else None,
    }


def _past(case: Case, n: int) -> str:
    """How late it is, in words."""
    past = case.past_end(n)
    if past <= timedelta(0):
        return _("avant la fin telle qu’elle est fixée depuis")
    span = duration(past.total_seconds())
    handed_in = case.sitting.closed_by in ("candidate", "office")
    return _("%(span)s après la remise", span=span) if handed_in else _(
        "%(span)s après la fin", span=span
    )  # fmt: skip


def _effect(case: Case, change: Change) -> str:
    """What accepting changes for one question, from what counts without it to what counts with it."""
    before, after = change.before, change.after
    if before == after:
        at = hour_s(case.received[before.n]) if before else ""
        return _("rien ne change : une réponse plus récente, de %(at)s, compte.", at=at)
    if before and after and before.response == after.response:
        return _("rien ne change : c’est la réponse qui compte déjà.")
    return _counts_then(case, before, after)


def _counts_then(case: Case, before: Version | None, after: Version | None) -> str:
    new = hour_s(case.received[after.n]) if after else ""
    old = hour_s(case.received[before.n]) if before else ""
    if after is None or after.response is None:
        if before is None or before.response is None:
            return _("rien ne change : aucune réponse ne compte.")
        return _("aucune réponse ne compte plus : celle de %(old)s est retirée.", old=old)
    if before is None or before.response is None:
        return _("la réponse de %(new)s compte ; aucune ne comptait.", new=new)
    return _("la réponse de %(new)s compte, à la place de celle de %(old)s.", new=new, old=old)


def lines(
    plan: Plan, application: Application, case: Case, accepting_them: bool, chosen: Collection[int]
) -> list[str]:
    """What a decision would change: which answer counts then, and what becomes of the ranking."""
    now_accepted = set(case.accepted)
    then = now_accepted | set(chosen) if accepting_them else now_accepted - set(chosen)
    changed = changes(case.versions, now_accepted, then)
    told = [
        _("Question %(item)s : %(effect)s", item=one.item, effect=_effect(case, one))
        for one in changed
    ] or [_("Rien : tout est déjà ainsi.")]
    if plan.says.expiry is Expiry.NOT_COUNTED and case.sitting.closed_by == "expiry":
        told.append(
            _("Cette copie n’a pas été remise : elle ne compte pas, et cela n’y change rien.")
        )
    if queries.exclusion(reading(), plan, application.id or 0):
        told.append(_("Ce candidat est exclu du classement, et le reste."))
    if plan.row.closed_at is None:
        told.append(_("La correction en tiendra compte à la clôture de l’étape."))
    else:
        told.append(
            _("Sa copie est recorrigée aussitôt, et le classement à publier en tient compte.")
        )
    if published := queries.publications(reading(), plan):
        told.append(
            _(
                "Le classement publié (version %(number)s, %(moment)s) ne change pas : publiez ensuite "
                "une nouvelle version.",
                number=published[0].number, moment=moment(published[0].published_at),
            )
        )  # fmt: skip
    told.append(
        _("Rien de ce qui est enregistré n’est modifié : le reçu du candidat reste valable.")
    )
    told.append(_("Cette décision s’annule de la même façon, avec un motif."))
    return told
