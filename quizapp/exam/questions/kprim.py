"""Four statements marked together."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from quizapp.exam.keys import IN_ORDER, YesNo
from quizapp.exam.questions.base import Line, register
from quizapp.exam.questions.rows import RowsQuestion


@register("kprim", keys={"statements"})
class Kprim(RowsQuestion):
    """Four statements, each true or false, marked together (Krebs): one slip still earns half."""

    rules: ClassVar[tuple[str, ...]] = (
        "kprim",
        "all-or-nothing",
        "right-minus-wrong",
        "per-option",
    )

    statements: Annotated[dict[Line, YesNo], IN_ORDER, Field(min_length=4, max_length=4)]

    @property
    def rows(self) -> tuple[str, ...]:
        """The statements."""
        return tuple(self.statements)

    @property
    def options(self) -> tuple[str, ...]:
        """True, false."""
        return ("Vrai", "Faux")

    @property
    def right(self) -> tuple[int, ...]:
        """What each statement is."""
        return tuple(0 if true else 1 for true in self.statements.values())
