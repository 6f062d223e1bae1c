"""Results, corrections and those who made them, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.correcting import Kind
from quizapp.exam.effects import OUT
from quizapp.exam.questions.base import Question
from quizapp.exam.stages import Reason, Status
from quizapp.people import queries as staff
from quizapp.results import corrections, queries
from quizapp.results.tables import Correction, CorrectionMove
from quizapp.web.database import reading


def status_text(status: str, place: int, reason: str = Reason.RANK) -> str:
    """What a ranking decides for somebody, in words."""
    if status == OUT:
        return _("Hors classement")
    reserve = _("Liste complémentaire, n° %(place)s", place=place)
    told = _("Qualifié") if status == Status.QUALIFIED else reserve
    because = {
        Reason.LOT: _("tirage au sort"),
        Reason.TIE: _("ex æquo à la dernière place"),
    }.get(Reason(reason))
    return f"{told} ({because})" if because else told


def staff_name(who: str) -> str:
    """The name of whoever the journal means by ``who``."""
    kind, _kind, number = who.partition(":")
    if kind != "staff" or not number.isdecimal():
        return who
    found = staff.person(reading(), int(number))
    return found.name if found else who


def kind_label(kind: Kind) -> str:
    """What a correction of this kind would do, as a choice to make."""
    return {
        Kind.VOID: _("Neutraliser la question : elle ne compte plus pour personne"),
        Kind.ACCEPT: _("Accepter une autre réponse, en plus de la clé"),
        Kind.REPLACE: _("Remplacer la clé : seule l’autre réponse est juste"),
        Kind.FULL: _("Donner tous les points à chaque candidat qui a eu la question"),
        Kind.RULE: _("Changer la règle de notation"),
        Kind.WEIGHT: _("Changer le nombre de points"),
    }[kind]


def rule_label(name: str) -> str:
    """A scoring rule by its name on screen."""
    return {
        "all-or-nothing": _("tout ou rien"),
        "right-minus-wrong": _("bonnes moins mauvaises"),
        "per-option": _("choix par choix"),
        "kprim": _("quatre affirmations (kprim)"),
        "fractions": _("une part par choix"),
    }.get(name, name)


def what(row: Correction, question: Question | None, *, key: bool = True) -> str:
    """What a correction does, in words; without ``key`` it says nothing of the right answer."""
    kind = Kind(row.kind)
    answer = question.told(row.value) if question and key else ""
    return {
        Kind.VOID: _("question neutralisée"),
        Kind.ACCEPT: _("autre réponse acceptée : %(answer)s", answer=answer)
        if answer
        else _("autre réponse acceptée"),
        Kind.REPLACE: _("clé remplacée par : %(answer)s", answer=answer)
        if answer
        else _("clé remplacée"),
        Kind.FULL: _("tous les points donnés à chacun"),
        Kind.RULE: _("règle de notation : %(rule)s", rule=rule_label(row.value)),
        Kind.WEIGHT: _("question notée sur %(points)s", points=row.value),
        Kind.UNDO: _(
            "correction n° %(number)s annulée", number=corrections.place_of(reading(), row.undoes)
        ),
    }[kind]


def correction(plan: Plan, row: Correction, *, key: bool = True) -> dict[str, Any]:
    """A correction as a line of a list."""
    question = corrections.question_of(reading(), plan, row.bank, row.question)
    titles = {part.bank: part.title for part in plan.says.sections}
    return {
        "id": row.id,
        "place": row.place,
        "bank": row.bank,
        "section": titles.get(row.bank, row.bank),
        "question": row.question,
        "kind": row.kind,
        "what": what(row, question, key=key),
        "reason": row.reason,
        "by": staff_name(row.by),
        "proposed_at": row.proposed_at,
        "applied_at": row.applied_at,
        "applied_by": staff_name(row.applied_by),
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_by": staff_name(row.withdrawn_by),
        "counts": corrections.counts_of(row),
    }


def move(moved: CorrectionMove, one: Application) -> dict[str, Any]:
    """Somebody who moves, as a line of a list."""
    return {
        "name": f"{one.last_name} {one.first_name}".strip() or _("Nom effacé"),
        "number": one.number,
        "city": contests.city_label(one.city),
        "region": queries.region_name(one.region),
        "sign": moved.sign,
        "crossing": moved.crossing,
        "points": (moved.points_before, moved.points_after),
        "maximum": (moved.maximum_before, moved.maximum_after),
        "ranks": {
            group: (getattr(moved, f"{group}_before"), getattr(moved, f"{group}_after"))
            for group in ("city", "region", "nation")
        },
        "status": (
            status_text(moved.status_before, moved.place_before),
            status_text(moved.status_after, moved.place_after),
        ),
    }
