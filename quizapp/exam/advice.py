"""What an item analysis means for whoever wrote the question, in words a trainer uses.

Limits: Ebel, 1965 (an index under 0.20 is poor); Haladyna and Downing, 1993 (a wrong choice works if
5 % choose it). To add advice, add a function here with ``@advice``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizapp.exam.statistics import ENOUGH, Item

Advice = Callable[[Item], Iterator[str]]
_ADVICE: list[Advice] = []


def advice(function: Advice) -> Advice:
    """Make a piece of advice known."""
    _ADVICE.append(function)
    return function


def advise(item: Item) -> list[str]:
    """What to look at in a question, the gravest first; nothing where too few were asked."""
    if item.asked < ENOUGH:
        return []
    return [told for one in _ADVICE for told in one(item)]


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"


@advice
def attracts_the_best(item: Item) -> Iterator[str]:
    """A wrong choice that the best take more often than the weakest."""
    for choice in item.choices:
        if not choice.right and choice.share >= 0.05 and choice.discrimination > 0.10:
            yield (
                f"« {choice.label} » attire les meilleurs candidats ({_percent(choice.upper)} d’entre "
                f"eux, {_percent(choice.lower)} des plus faibles) : clé à vérifier."
            )


@advice
def turned_round(item: Item) -> Iterator[str]:
    """A question that the weakest answer better than the best."""
    if item.index is not None and item.item_rest is not None and item.item_rest < -0.05:
        yield "Les plus faibles y répondent mieux que les meilleurs : clé ou énoncé à vérifier."


@advice
def hardly_parts(item: Item) -> Iterator[str]:
    """A question that does not tell the best from the others."""
    if (
        item.index is not None and 0.20 <= item.facility <= 0.90
        and 0 <= item.index < 0.20 and not (item.item_rest or 0) < -0.05
    ):  # fmt: skip
        yield "Elle distingue peu les meilleurs des autres : énoncé ou choix à préciser."


@advice
def too_hard_or_too_easy(item: Item) -> Iterator[str]:
    """A question that almost nobody, or almost everybody, gets right."""
    if item.facility < 0.15:
        yield f"Presque personne ne la réussit ({_percent(item.facility)}) : trop difficile, ou clé fausse."
    elif item.facility > 0.95:
        yield f"Presque tout le monde la réussit ({_percent(item.facility)}) : elle ne départage personne."


@advice
def attracts_nobody(item: Item) -> Iterator[str]:
    """Wrong choices that hardly anyone takes."""
    idle = [one.label for one in item.choices if not one.right and one.share < 0.05]
    # A list of free answers always ends with rare ones.
    if idle and len(item.choices) <= 10 and item.facility <= 0.95:
        named = ", ".join(f"« {label} »" for label in idle)
        yield f"Moins de 5 % choisissent {named} : un choix à remplacer."


@advice
def left_open(item: Item) -> Iterator[str]:
    """A question that many leave open."""
    if item.omitted > 0.15:
        yield f"{_percent(item.omitted)} la laissent sans réponse : énoncé trop long, ou temps trop court."
