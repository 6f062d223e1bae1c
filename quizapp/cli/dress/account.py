"""What the organiser reads of a dress rehearsal: one page in French, or the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizapp.cli.dress.day import EXTENSION, PAUSE, Day
from quizapp.cli.dress.plans import Fault
from quizapp.contests.queries import city_label
from quizapp.exam.schedule import when
from quizapp.sitting.keeping import Saving

_FAULTS = {
    Fault.NETWORK: "réseau perdu, réponses gardées puis envoyées à son retour",
    Fault.UNHEARD: "accusé jamais reçu, même réponse envoyée de nouveau",
    Fault.DOUBLE: "même réponse envoyée deux fois dans la même seconde",
    Fault.REPLAY: "ancienne version rejouée",
    Fault.SECOND_DEVICE: "premier appareil qui répond encore après le second",
    Fault.GRACE: "réponse arrivée après la fin, dans le délai de grâce",
    Fault.LATE: "réponse arrivée après le délai de grâce",
}
_FATES = {
    Saving.KEPT: "enregistrées et accusées",
    Saving.REPEATED: "déjà là, accusées de nouveau",
    Saving.STALE: "refusées : une version plus récente compte",
    Saving.LATE: "gardées sans compter : arrivées trop tard",
    Saving.ELSEWHERE: "refusées : un autre appareil écrit",
    Saving.PAUSED: "à renvoyer : le temps était arrêté",
    Saving.NOBODY: "refusées : accès inconnu",
    Saving.TOO_MANY: "refusées : trop de versions",
}
_CHECKS = {
    "fates": "Chaque envoi a reçu la réponse que dit la règle",
    "kept": "Chaque réponse accusée est en base, telle quelle et une seule fois",
    "chains": "La chaîne de chaque copie est intacte",
    "ends": "Chaque copie finit à l’heure calculée, et elle est close",
    "attendance": "Chaque copie qui compte est corrigée, et elle seule",
    "scores": "Chaque score est celui d’un second calcul, question par question",
    "ranks": "Rangs et qualifiés sont ceux d’un second calcul, lent et séparé",
    "published": "Ce qui est publié est ce qui est classé",
}
_STEPS = {
    "prepare": "préparer la base, l’édition et les candidatures",
    "start": "tirer un sujet et commencer",
    "save": "enregistrer ce qui arrive dans la même seconde",
    "take_over": "changer d’appareil",
    "hand_in": "remettre une copie",
    "extend": "prolonger une ville",
    "pause": "mettre en pause, reprendre",
    "expire": "clore les copies dont le temps est écoulé",
    "close": "clore l’étape et tout corriger",
    "publish": "classer et publier",
    "check": "tout vérifier",
}
_MOST = 5  # problems shown of each check


def told(day: Day, found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The account as plain values; only ``seconds`` differs between two runs of one seed."""
    seen = day.seen
    return {
        "edition": day.plan.edition.edition,
        "stage": day.plan.key,
        "seed": day.seed,
        "candidates": len(day.advisers),
        "sat": len(day.whose),
        "handed_in": seen.handed_in,
        "expired": seen.expired,
        "extended_city": seen.extended,
        "paused": seen.paused,
        "excluded": seen.excluded,
        "answers": {fate.value: seen.fates[fate] for fate in Saving if seen.fates[fate]},
        "faults": {fault.value: seen.faults[fault] for fault in Fault},
        "problems": {name: list(lines) for name, lines in found.items()},
        "sound": not any(found.values()),
        "seconds": {
            kind: {"times": len(times), "longest": max(times), "sum": sum(times)}
            for kind, times in seen.times.items()
        },
    }


def page(day: Day, found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The account as an organiser reads it, line by line."""
    seen, plan = day.seen, day.plan
    opens, closes = (when(at, plan.edition.zone) for at in (plan.row.opens_at, plan.row.closes_at))
    yield f"RÉPÉTITION GÉNÉRALE : {plan.edition.name}, {plan.title}"
    yield f"Journée simulée du {opens} au {closes}, graine {day.seed}."
    yield "Tout s’est passé dans une base à part, qui est déjà effacée."
    yield ""
    yield "Ce qui s’est passé"
    absent = len(day.advisers) - len(day.whose)
    yield f"  {len(day.advisers)} candidatures ; {len(day.whose)} ont composé, {absent} ne sont pas venus."
    yield f"  {seen.handed_in} copies remises, {seen.expired} closes à la fin du temps."
    if seen.extended:
        minutes = EXTENSION.seconds // 60
        yield f"  {minutes} minutes données en pleine épreuve à {city_label(seen.extended)}."
    if seen.paused:
        minutes = PAUSE.seconds // 60
        yield f"  Le candidat {seen.paused} mis en pause {minutes} minutes."
    if seen.excluded:
        yield f"  Le candidat {seen.excluded} exclu du classement."
    yield ""
    yield f"Les {seen.fates.total()} envois de réponses"
    for fate, words in _FATES.items():
        if seen.fates[fate]:
            yield f"  {seen.fates[fate]:>7}  {words}"
    yield ""
    yield f"Les {seen.faults.total()} pannes provoquées"
    for fault, words in _FAULTS.items():
        yield f"  {seen.faults[fault]:>7}  {words}"
    yield ""
    yield "Ce qui a été vérifié"
    for name, words in _CHECKS.items():
        lines = found[name]
        yield f"  {'oui' if not lines else 'NON':>7}  {words}" + (
            f" : {len(lines)}" if lines else ""
        )
        yield from (f"           {line}" for line in lines[:_MOST])
    yield ""
    yield from _times(seen.times)
    yield ""
    if any(found.values()):
        yield "Quelque chose ne va pas : n’ouvrez pas ainsi, et transmettez cette page."
    else:
        yield "Tout est conforme."


def _times(times: Mapping[str, Sequence[float]]) -> Iterator[str]:
    yield "Le temps que cela prend sur cette machine, sans attendre le disque (le plus long d’abord)"
    for kind in sorted(times, key=lambda kind: -max(times[kind])):
        longest = f"{max(times[kind]):.2f}".replace(".", ",")
        yield f"  {longest:>7} s au plus, {len(times[kind])} fois : {_STEPS[kind]}"
