"""Lines of the journal, as people say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from quizapp.invigilation.acts import read_subject
from quizapp.invigilation.desk import scope_labels
from quizapp.kit.journal import JournalEntry
from quizapp.people.staff import staff_name


def told(entries: Sequence[JournalEntry]) -> list[dict[str, Any]]:
    """Who did what to whom, when and why."""
    subjects = [read_subject(one.subject.partition("/")[2]) for one in entries]
    labels = scope_labels(scope for scope, _number in subjects if scope)
    return [
        {
            "who": staff_name(one.who),
            "at": one.at,
            "what": act_label(one.what),
            "whom": labels[scope] if scope else _("n° %(number)s", number=number),
            "why": one.why,
        }
        for one, (scope, number) in zip(entries, subjects, strict=True)
    ]


def act_label(what: str) -> str:
    """What was done, by the journal's name for it."""
    return {
        "time.extend": _("a donné du temps"),
        "time.take_back": _("a retiré du temps"),
        "time.override": _("a changé l’horaire ou la durée"),
        "time.outage": _("a rendu le temps d’une panne"),
        "sitting.pause": _("a mis en pause"),
        "sitting.resume": _("a relancé"),
        "sitting.reopen": _("a rouvert"),
        "sitting.hand_in": _("a remis la copie"),
        "candidate.exclude": _("a exclu du classement"),
        "candidate.readmit": _("a remis au classement"),
        "late.accept": _("a accepté des réponses tardives"),
        "late.undo": _("est revenu sur des réponses tardives acceptées"),
    }.get(what, what)
