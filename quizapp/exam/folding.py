"""Typed answers that mean the same: what may differ is declared, and folded away on both sides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from quizapp.exam.problems import ToldError

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"})
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ‛`´′", "'"))
_HYPHENS = re.compile(r"[-‐‑‒–—]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _ligatures(text: str) -> str:
    return text.translate(_LIGATURES)


def _apostrophes(text: str) -> str:
    return text.translate(_APOSTROPHES)


def _accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", bare)


def _hyphens(text: str) -> str:
    return _HYPHENS.sub(" ", text)


def _spacing(text: str) -> str:
    return " ".join(text.split())


# In the order in which they are applied: a hyphen becomes a space, so spacing comes last.
FOLDS = {
    "ligatures": _ligatures,
    "apostrophes": _apostrophes,
    "accents": _accents,
    "case": str.casefold,
    "hyphens": _hyphens,
    "spacing": _spacing,
}


def fold(text: str, ignoring: Collection[str]) -> str:
    """``text`` without the differences that are ignored; each is a name of FOLDS."""
    folded = unicodedata.normalize("NFC", text)
    for name, step in FOLDS.items():
        if name in ignoring:
            folded = step(folded)
    return folded.strip()


def matches(text: str, accepted: Iterable[str], ignoring: Collection[str], *, typos: int) -> bool:
    """Whether ``text`` is one of ``accepted``, but for what is ignored and so many typing slips.

    A slip is one letter more, less or other, or two neighbours exchanged. Four letters allow one
    slip, eight allow two: in a shorter word a slip makes another word. Digits allow none.
    """
    given = fold(text, ignoring)
    for variant in (fold(one, ignoring) for one in accepted):
        allowed = min(typos, len(variant) // 4)
        if given == variant:
            return True
        if (
            allowed
            and abs(len(given) - len(variant)) <= allowed
            and _digits(given) == _digits(variant)
            and distance(given, variant) <= allowed
        ):
            return True
    return False


def distance(one: str, other: str) -> int:
    """Fewest slips that make ``one`` into ``other`` (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, against in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def typed(text: str, *, limit: int) -> str:
    """A typed text as it is kept; raises ToldError for what nobody types."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(kept) > limit:
        raise ToldError("Cette réponse dépasse %(most)s caractères. Raccourcissez-la.", most=limit)
    if _FORBIDDEN.search(kept):
        raise ToldError("Cette réponse contient un caractère invisible. Tapez-la de nouveau.")
    return kept


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdecimal())
