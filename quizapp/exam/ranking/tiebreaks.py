"""The tie keys by name: each gives a value to sort by, the smallest first; None comes last.

To add a key, add a function here with ``@tie_key``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from quizapp.exam.lots import lot
from quizapp.exam.ranking.entries import Entry

Merit = Callable[[Entry], Any]

_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class TieKey:
    """A key: its name in an edition, its name on screen, and what it compares.

    ``words`` fill the ``%(name)s`` of the name on screen, ``text``, in whatever language.
    With ``more``, more is better. A key by ``chance`` orders candidates of equal rank; it never
    makes their ranks differ.
    """

    name: str
    text: str
    by: Merit
    more: bool = False
    chance: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name on screen, in French."""
        return self.text % self.words


_KEYS: dict[str, tuple[str, Callable[..., Any], bool, bool]] = {}


def tie_key(
    name: str, text: str, *, more: bool = False, chance: bool = False
) -> Callable[[Any], Any]:
    """Register a key; a name that ends with a colon takes what follows it as an argument."""

    def known(function: Any) -> Any:
        _KEYS[name] = (text, function, more, chance)
        return function

    return known


@tie_key("section:", "Points de la section « %(section)s »", more=True)
def section(entry: Entry, bank: str) -> Fraction:
    """Prefer more points in one section."""
    return entry.sections.get(bank, _NONE)


@tie_key("estimate", "Question subsidiaire : l’estimation la plus proche")
def estimate(entry: Entry) -> Fraction | None:
    """Prefer the nearest estimate; whoever gave none comes last."""
    return entry.distance


@tie_key("fewest-wrong", "Le moins de réponses fausses")
def fewest_wrong(entry: Entry) -> int:
    """Prefer whoever left open what they did not know."""
    return entry.wrong


@tie_key("earliest-application", "La candidature la plus ancienne")
def earliest_application(entry: Entry) -> datetime | None:
    """Prefer whoever applied first."""
    return entry.applied_at


@tie_key("time-used", "Le temps de composition le plus court")
def time_used(entry: Entry) -> timedelta | None:
    """Prefer whoever took less time, pauses left out.

    Off by default: it punishes allowances and poor networks.
    """
    return entry.time_used


@tie_key("lot", "Tirage au sort vérifiable", chance=True)
def drawn_lot(entry: Entry, seed: str) -> str:
    """Prefer the smaller lot; see ``lots.lot`` for how anyone recomputes it."""
    return lot(seed, entry.number)


def tie_keys(
    names: tuple[str, ...], *, seed: str, titles: Mapping[str, str] | None = None
) -> list[TieKey]:
    """The keys of these names; raises ValueError, in French, for a name that is not one.

    ``titles`` gives the name on screen of what a key takes as its argument, such as a section.
    """
    return [_key(name, seed, titles or {}) for name in names]


def _key(name: str, seed: str, titles: Mapping[str, str]) -> TieKey:
    stem, colon, argument = name.partition(":")
    known = _KEYS.get(stem + colon)
    if known is None or (colon and not argument):
        names = ", ".join(key + "…" if key.endswith(":") else key for key in _KEYS)
        raise ValueError(f"La clé de départage « {name} » n’existe pas.| Clés possibles : {names}.")
    text, function, more, chance = known
    if chance:
        return TieKey(name, text, lambda entry: function(entry, seed), chance=True)
    if colon:
        words = {"section": titles.get(argument, argument)}
        return TieKey(name, text, lambda entry: function(entry, argument), more, words=words)
    return TieKey(name, text, function, more)
