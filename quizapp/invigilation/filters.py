"""What the wall shows: states, sort orders, and the filter that fits in an address.

What an act is done to is chosen by the same filter, so that what is shown and what is meant never
differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from quizapp.exam.clock import EVERYONE, Scope, ScopeKind
from quizapp.invigilation.queries import UNLIMITED, Limit
from quizapp.people import places


class State(StrEnum):
    """Where a candidate's sitting stands."""

    NONE = "none"
    RUNNING = "running"
    SILENT = "silent"
    PAUSED = "paused"
    EXPIRED = "expired"
    HANDED_IN = "handed_in"


class Act(StrEnum):
    """What the desk can do, as it is named in addresses."""

    EXTEND = "prolonger"
    PAUSE = "suspendre"
    RESUME = "reprendre"
    MESSAGE = "ecrire"
    REOPEN = "rouvrir"
    HAND_IN = "remettre"
    EXCLUDE = "exclure"
    READMIT = "reclasser"


_BEGUN = frozenset(State) - {State.NONE}
_OPEN = frozenset({State.RUNNING, State.SILENT, State.PAUSED})
_OVER = frozenset({State.EXPIRED, State.HANDED_IN})

# In which states each act changes something.
CONCERNS: dict[Act, frozenset[State]] = {
    Act.EXTEND: _OPEN | {State.NONE},
    Act.PAUSE: _OPEN - {State.PAUSED},
    Act.RESUME: frozenset({State.PAUSED}),
    Act.MESSAGE: frozenset(State),
    Act.REOPEN: _OVER,
    Act.HAND_IN: _OPEN,
    Act.EXCLUDE: frozenset(State),
    Act.READMIT: frozenset(State),
}
# Whose effect also holds for those who come to a place later.
LASTING = frozenset({Act.EXTEND, Act.MESSAGE})
# What can still be done once a stage is closed and corrected.
LATE = frozenset({Act.MESSAGE, Act.EXCLUDE, Act.READMIT})


class Order(StrEnum):
    """By what the wall is sorted."""

    NAME = "nom"
    CITY = "ville"
    END = "fin"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the wall shows: all of an edition's candidates, narrowed by each part that is not empty."""

    words: str = ""
    region: str = ""
    city: str = ""
    centre: int = 0
    state: State | None = None
    excluded: bool = False
    limit: Limit = UNLIMITED

    @classmethod
    def read(cls, given: Mapping[str, str], limit: Limit) -> Filter:
        """The filter in an address; what cannot be read narrows nothing, a limit always holds."""
        centre, state = given.get("centre", ""), given.get("etat", "")
        return cls(
            words=given.get("q", "")[:100].strip(),
            region=given.get("region", "")[:3],
            city=given.get("ville", "")[:5],
            centre=int(centre) if centre.isdecimal() and len(centre) < 10 else 0,
            state=State(state) if state in set(State) else None,
            excluded=state == "excluded",
            limit=limit,
        )

    @property
    def address(self) -> dict[str, str]:
        """The filter as it stands in an address."""
        parts = {
            "q": self.words, "region": self.region, "ville": self.city,
            "centre": str(self.centre or ""),
            "etat": "excluded" if self.excluded else self.state or "",
        }  # fmt: skip
        return {name: str(value) for name, value in parts.items() if value}

    @property
    def place(self) -> Scope | None:
        """The place whose people this filter shows, and nobody else's, if it is one.

        An act on a place also reaches those who come later. Where parts contradict each other, or a
        limit, there is none.
        """
        if self.words or self.state or self.excluded:
            return None
        if self.centre:
            alone = not (self.region or self.city or self.limit != UNLIMITED)
            return Scope(ScopeKind.CENTRE, str(self.centre)) if alone else None
        regions = {region for region in (self.region, self.limit.region) if region}
        if cities := {city for city in (self.city, self.limit.city) if city}:
            city = places.city(cities.pop())
            apart = city is None or cities or regions - {city.region.code}
            return None if apart or city is None else Scope(ScopeKind.CITY, city.code)
        if not regions:
            return EVERYONE
        region = regions.pop()
        return None if regions else Scope(ScopeKind.REGION, region)

    def but(self, **changes: Any) -> Filter:
        """This filter with other parts."""
        return replace(self, **changes)
