"""What a candidate may see of a result, and from when: one rule, which every door asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, model_validator

from quizapp.exam.clock import utc
from quizapp.exam.keys import local_time


class Sight(StrEnum):
    """What there is to see."""

    ANSWERS = "answers"
    SCORE = "score"
    SECTIONS = "sections"
    KEY = "key"
    EXPLANATIONS = "explanations"
    RANK = "rank"


class When(StrEnum):
    """From when: the paper is handed in; the stage is closed; its ranking is published; never."""

    HANDED_IN = "handed-in"
    CLOSED = "closed"
    PUBLISHED = "published"
    NEVER = "never"


# The earliest that each may open: a key told while others still sit would be an answer given to
# them, and a rank is nothing before its publication. A date opens nothing earlier than this.
_EARLIEST = {
    Sight.ANSWERS: When.HANDED_IN,
    Sight.SCORE: When.HANDED_IN,
    Sight.SECTIONS: When.HANDED_IN,
    Sight.KEY: When.CLOSED,
    Sight.EXPLANATIONS: When.CLOSED,
    Sight.RANK: When.PUBLISHED,
}
_ORDER = tuple(When)


def _opening(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, When | datetime):
        return value
    earliest = _EARLIEST[Sight(info.field_name or "")]
    possible = _ORDER[_ORDER.index(earliest) :]
    if value in set(When):
        if When(value) in possible:
            return When(value)
        raise ValueError(
            f"« {info.field_name}: {value} » ouvrirait trop tôt.|"
            f" Possibles : {', '.join(possible)}, ou une date."
        )
    try:
        return local_time(value)
    except ValueError:
        raise ValueError(
            f"« {str(value)[:60]} » ne dit pas quand.|"
            f" Écrivez {', '.join(possible)}, ou une date comme « 2026-12-05 18:00 »."
        ) from None


Opening = Annotated[When | datetime, BeforeValidator(_opening)]


class Shows(BaseModel):
    """From when candidates see what: a phase, or a local date and time; the default is the strictest
    that tells everybody a score and a rank. An explanation tells the key: it opens with it, or later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: Opening = When.NEVER
    score: Opening = When.PUBLISHED
    sections: Opening = When.PUBLISHED
    key: Opening = When.NEVER
    explanations: Opening = When.NEVER
    rank: Opening = When.PUBLISHED

    @model_validator(mode="after")
    def _explanations_follow_the_key(self) -> Self:
        if self.key is When.NEVER and self.explanations is not When.NEVER:
            raise ValueError(
                "Une explication donne la clé, que « key: never » ne montre pas.|"
                " Ouvrez aussi « key », ou retirez « explanations »."
            )
        return self

    @property
    def dates(self) -> Iterator[tuple[str, datetime]]:
        """What opens at a date, in local time."""
        for sight in Sight:
            opening = getattr(self, sight)
            if isinstance(opening, datetime):
                yield sight, opening


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a candidate and a stage stand at ``now``."""

    now: datetime
    handed_in: bool = False
    closed: bool = False
    published: bool = False

    def has_come(self, when: When) -> bool:
        """Whether this phase has begun; a later phase has all before it behind it."""
        return {
            When.HANDED_IN: self.handed_in or self.closed or self.published,
            When.CLOSED: self.closed or self.published,
            When.PUBLISHED: self.published,
            When.NEVER: False,
        }[when]


def open_sights(shows: Shows, zone: str, moment: Moment) -> frozenset[Sight]:
    """What a candidate sees at this moment."""
    found = {sight for sight in Sight if _is_open(shows, sight, zone, moment)}
    if Sight.KEY not in found:
        found.discard(Sight.EXPLANATIONS)
    return frozenset(found)


def _is_open(shows: Shows, sight: Sight, zone: str, moment: Moment) -> bool:
    opening = getattr(shows, sight)
    if isinstance(opening, datetime):
        return moment.has_come(_EARLIEST[sight]) and moment.now >= utc(opening, zone)
    return moment.has_come(opening)
