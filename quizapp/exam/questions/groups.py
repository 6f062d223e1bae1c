"""Things to sort into groups."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from quizapp.exam.keys import IN_ORDER
from quizapp.exam.questions.base import Line, register
from quizapp.exam.questions.rows import RowsQuestion


@register("groups", keys={"groups"})
class Groups(RowsQuestion):
    """Things to sort into groups."""

    groups: Annotated[
        dict[Line, Annotated[tuple[Line, ...], Field(min_length=1, max_length=12)]],
        IN_ORDER,
        Field(min_length=2, max_length=6),
    ]

    @model_validator(mode="after")
    def _is_not_too_long(self) -> Self:
        if len(self.rows) > 20:
            raise ValueError("Il y a plus de 20 lignes à ranger.| Retirez-en.")
        return self

    @property
    def rows(self) -> tuple[str, ...]:
        """What is to be sorted."""
        return tuple(line for lines in self.groups.values() for line in lines)

    @property
    def options(self) -> tuple[str, ...]:
        """The groups."""
        return tuple(self.groups)

    @property
    def right(self) -> tuple[int, ...]:
        """The group of each line."""
        return tuple(number for number, lines in enumerate(self.groups.values()) for _line in lines)
