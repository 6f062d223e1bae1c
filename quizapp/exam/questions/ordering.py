"""Steps of a call, of a procedure, to put in order."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quizapp.exam.questions.base import Line, register
from quizapp.exam.questions.rows import RowsQuestion
from quizapp.exam.scoring import Tally


@register("ordering", keys={"steps"})
class Ordering(RowsQuestion):
    """Steps to put in order; the author writes them in the right one."""

    steps: Annotated[tuple[Line, ...], Field(min_length=3, max_length=10)]

    @property
    def rows(self) -> tuple[str, ...]:
        """The steps."""
        return self.steps

    @property
    def options(self) -> tuple[str, ...]:
        """The ranks."""
        return tuple(str(rank) for rank in range(1, len(self.steps) + 1))

    @property
    def right(self) -> tuple[int, ...]:
        """Each step its own rank."""
        return tuple(range(len(self.steps)))

    def _told(self, answer: str) -> str:
        given = [(rank, self.steps[step]) for step, rank in enumerate(self._given(answer))]
        known = sorted((rank, step) for rank, step in given if rank is not None)
        return " > ".join(f"{rank + 1}. {step}" for rank, step in known)

    def _tally(self, answer: str) -> Tally:
        tally = super()._tally(answer)
        ranks = [rank for rank in self._given(answer) if rank is not None]
        if len(set(ranks)) == len(ranks):
            return tally
        return Tally(tally.right, tally.wrong, of=tally.of, inconsistent=True)
