"""What counts as right in a question: the author's key, until a correction says otherwise."""

from __future__ import annotations

from abc import abstractmethod
from typing import Self

from pydantic import BaseModel, PrivateAttr


class Keyed(BaseModel):
    """Something with a key. A correction makes another of it, and never changes the one it was."""

    _rekeyed: str | None = PrivateAttr(None)
    _also: tuple[str, ...] = PrivateAttr(())

    @property
    @abstractmethod
    def key(self) -> str:
        """The answer that earns all points; empty where there is none."""

    @property
    def told_key(self) -> str:
        """The key as a line of text, with all that would have been accepted."""
        return self.told(self.key or None)

    @abstractmethod
    def told(self, answer: str | None) -> str:
        """An answer as a line of text, for a list or an export."""

    @property
    def counts(self) -> str:
        """The key that counts: the author's, unless a correction put another in its place."""
        return self.key if self._rekeyed is None else self._rekeyed

    @property
    def told_counts(self) -> str:
        """All that counts as right, as a line of text."""
        own = self.told_key if self._rekeyed is None else self.told(self._rekeyed)
        return " ou ".join((own, *map(self.told, self._also)))

    def accepting(self, answer: str, *, alone: bool) -> Self:
        """This question with another right answer: beside what counts so far, or alone."""
        other = self.model_copy()
        other._also = () if alone else (*self._also, answer)
        other._rekeyed = answer if alone else self._rekeyed
        return other

    def _same(self, answer: str, other: str) -> bool:
        """Whether two answers say the same."""
        return answer == other
