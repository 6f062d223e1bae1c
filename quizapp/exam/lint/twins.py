"""Rules on questions that ask the same thing twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from operator import itemgetter

from rapidfuzz import fuzz

from quizapp.exam.lint import words
from quizapp.exam.lint.entries import Entry, Shelf
from quizapp.exam.lint.rules import Example, Remark, Severity, of_banks

# Two subjects are near if 3 of 5 words of both are common: s = 3/5, and 2s/(1+s) = 3/4.
_ALIKE = 62  # of 100, the letters of both texts with their answers
_MOST = 300  # comparisons a question, where very many share the same few words

_WHY = (
    "Un candidat peut recevoir les deux : la seconde se répond en relisant la première, et le même "
    "savoir compte "
    "double."
)


@of_banks(
    "QA601",
    "Deux questions presque identiques dans la banque",
    why=_WHY,
    severity=Severity.WARNING,
    bad=Example("""\
- text: Quel est le plus long fleuve de France ?
  answer: La Loire
  wrong: [La Seine, Le Rhône]
- text: Parmi ces fleuves, quel est le plus long de France ?
  answer: La Loire
  wrong: [La Garonne, La Meuse]
"""),
    good=Example("""\
- text: Quel est le plus long fleuve de France ?
  answer: La Loire
  wrong: [La Seine, Le Rhône]
- text: Quel est le plus long fleuve d’Espagne ?
  answer: Le Tage
  wrong: [L’Èbre, Le Douro]
"""),
)
def twins_within(shelves: Sequence[Shelf]) -> Iterator[tuple[str, Remark]]:
    """Near-identical questions of one bank."""
    for earlier, later in _twins(tuple(shelves)):
        if earlier.source is later.source:
            yield _remark(later, f"{earlier.question.id} » (ligne {earlier.at('text').line}).")


@of_banks(
    "QA602",
    "La même question dans deux banques",
    why=_WHY,
    severity=Severity.WARNING,
    bad=Example("""\
- text: Quel est le plus long fleuve de France ?
  answer: La Loire
  wrong: [La Seine, Le Rhône]
---
- text: Parmi ces fleuves, quel est le plus long de France ?
  answer: La Loire
  wrong: [La Garonne, La Meuse]
"""),
    good=Example("""\
- text: Quel est le plus long fleuve de France ?
  answer: La Loire
  wrong: [La Seine, Le Rhône]
---
- text: Quel est le plus long fleuve d’Espagne ?
  answer: Le Tage
  wrong: [L’Èbre, Le Douro]
"""),
)
def twins_between(shelves: Sequence[Shelf]) -> Iterator[tuple[str, Remark]]:
    """Near-identical questions of two banks that are checked together."""
    for earlier, later in _twins(tuple(shelves)):
        if earlier.source is not later.source:
            yield _remark(later, f"{earlier.question.id} », {earlier.at('text')}.")


def _remark(entry: Entry, other: str) -> tuple[str, Remark]:
    return entry.question.id, (
        entry.at("text"),
        f"Presque la même question que « {other}",
        "Retirez l’une des deux, ou demandez autre chose.",
    )


@lru_cache(maxsize=1)
def _twins(shelves: tuple[Shelf, ...]) -> list[tuple[Entry, Entry]]:
    """Each question with one that is alike, in the order of the files, without comparing every pair.

    With the words sorted from the rarest, two sets of which a share *s* is common must meet among
    the first n - ceil(s n) + 1 words of the larger, and the first m - ceil(2s/(1+s) m) + 1 of the
    smaller (Xiao, Wang, Lin & Yu, « Efficient Similarity Joins for Near Duplicate Detection », 2008).
    """
    entries = [entry for shelf in shelves for entry in shelf.entries]
    subjects = [entry.subject for entry in entries]
    common = Counter(word for subject in subjects for word in subject)
    meeting: defaultdict[str, list[int]] = defaultdict(list)
    found: list[tuple[int, int]] = []
    for place in sorted(range(len(entries)), key=lambda place: len(subjects[place])):
        subject = subjects[place]
        ordered = sorted(subject, key=lambda word: (common[word], word))
        size = len(ordered)
        least = -(-3 * size // 5)
        seen: set[int] = set()
        for word in ordered[: size - least + 1]:
            seen.update(meeting[word])
        for other in nlargest(_MOST, [one for one in seen if len(subjects[one]) >= least]):
            shared = len(subject & subjects[other])
            union = len(subject) + len(subjects[other]) - shared
            if 5 * shared >= 3 * union and _alike(entries[other], entries[place]):
                found.append((min(place, other), max(place, other)))
                break
        for word in ordered[: size + 3 * -size // 4 + 1]:
            meeting[word].append(place)
    return [(entries[one], entries[other]) for one, other in sorted(found, key=itemgetter(1, 0))]


def _alike(one: Entry, other: Entry) -> bool:
    texts = (
        f"{words.fold(entry.question.text)} {words.fold(entry.told)}" for entry in (one, other)
    )
    return fuzz.token_sort_ratio(*texts) >= _ALIKE
