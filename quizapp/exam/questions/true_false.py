"""A statement, true or false."""

from __future__ import annotations

from quizapp.exam.keys import YesNo
from quizapp.exam.lots import Stream
from quizapp.exam.questions.base import register
from quizapp.exam.questions.choice import ChoosingQuestion


@register("true-false", keys={"true"})
class TrueFalse(ChoosingQuestion):
    """A statement that is true, or is not; true always stands first."""

    true: YesNo

    @property
    def choices(self) -> tuple[str, ...]:
        """True, false."""
        return ("Vrai", "Faux")

    def order(self, stream: Stream) -> tuple[int, ...]:  # noqa: ARG002
        """Never shuffled."""
        return (0, 1)

    @property
    def key(self) -> str:
        """What the statement is."""
        return "0" if self.true else "1"
