"""The chain of a sitting: what breaks it, link by link, in French."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby, pairwise

from quizapp.exam.receipts import Receipt, first_link


def broken(
    stage: str,
    candidate: str,
    links: Sequence[Receipt],
    *,
    upto: int = 0,
    unreadable: Collection[int] = (),
) -> list[str]:
    """Everything that keeps ``links`` from being the chain of this paper, in its order.

    ``upto`` is the number of the last link that should be there; ``unreadable`` are there, but were
    told of already.
    """
    mine = [one for one in links if (one.stage, one.candidate) == (stage, candidate)]
    found = [
        f"Le maillon {one.n} est celui d’une autre copie : étape {one.stage}, candidat {one.candidate}."
        for one in links
        if (one.stage, one.candidate) != (stage, candidate)
    ]
    count = Counter(one.n for one in mine)
    found += [f"Le maillon {n} figure {times} fois." for n, times in count.items() if times > 1]
    found += [
        f"Le maillon {after.n} est rangé après le maillon {before.n}."
        for before, after in pairwise(links)
        if after.n < before.n
    ]
    last = max([upto, *count, *unreadable])
    found += missing(range(1, last + 1), {*count, *unreadable})
    return found + _loose(stage, candidate, {one.n: one for one in mine})


def missing(expected: Iterable[int], here: Collection[int]) -> list[str]:
    """The links that should be there and are not, told in runs."""
    numbers = [n for n in expected if n not in here]
    runs = [
        [n for _place, n in run]
        for _, run in groupby(enumerate(numbers), lambda one: one[1] - one[0])
    ]
    return [
        f"Il manque le maillon {run[0]}."
        if len(run) == 1
        else f"Il manque les maillons {run[0]} à {run[-1]}."
        for run in runs
    ]


def _loose(stage: str, candidate: str, links: dict[int, Receipt]) -> list[str]:
    """The links that do not hold to the one before them."""
    found = []
    for n, link in links.items():
        if n == 1 and link.previous != first_link(stage, candidate):
            found.append("Le maillon 1 ne commence pas la chaîne de cette copie.")
        if n - 1 in links and link.previous != links[n - 1].link:
            found.append(
                f"Le maillon {n} ne tient pas au maillon {n - 1} : l’un des deux a changé."
            )
    return found
