"""Things to join to what goes with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from quizapp.exam.keys import IN_ORDER, folded
from quizapp.exam.questions.base import Line, one_as_list, register
from quizapp.exam.questions.rows import RowsQuestion


@register("matching", keys={"pairs"})
class Matching(RowsQuestion):
    """Things to join to what goes with them; ``extra`` goes with none."""

    pairs: Annotated[dict[Line, Line], IN_ORDER, Field(min_length=2, max_length=12)]
    extra: Annotated[
        tuple[Line, ...],
        BeforeValidator(one_as_list),
        Field(max_length=8),
    ] = ()

    @property
    def rows(self) -> tuple[str, ...]:
        """The left sides."""
        return tuple(self.pairs)

    @property
    def options(self) -> tuple[str, ...]:
        """The right sides, then those that go with nothing."""
        return (*self.pairs.values(), *self.extra)

    @property
    def menu(self) -> Sequence[int]:
        """In the order of the alphabet, which tells nothing of the author's."""
        return sorted(range(len(self.options)), key=lambda one: folded(self.options[one]))

    @property
    def right(self) -> tuple[int, ...]:
        """Each left side its own right side."""
        return tuple(range(len(self.pairs)))
