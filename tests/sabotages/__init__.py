"""The table of sabotages: what is weakened, where, and which test must notice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

# The numbers of the list that every release of a contest engine should be tried on, by subject.
_FIRST = {
    "time": 1, "durability": 9, "concurrency": 17, "disclosure": 22, "access": 31, "input": 40,
    "results": 47, "": 49,
}  # fmt: skip
_GROUPS = {
    number: group
    for (group, first), (_next, end) in pairwise(_FIRST.items())
    for number in range(first, end)
}


@dataclass(frozen=True, slots=True)
class Sabotage:
    """What is weakened, where, by which change of text, and the narrowest test that must notice.

    ``number`` is its place in the list of forty-eight, where it has one.
    """

    name: str
    file: str
    old: str
    new: str
    tests: str
    number: int = 0
    room: str = "others"

    @property
    def group(self) -> str:
        """The subject under which it is listed."""
        return _GROUPS.get(self.number, self.room)

    def problem(self, text: str) -> str:
        """Why it does not fit ``text``, the contents of its file; empty if it does."""
        if self.old not in text:
            return f"{self.file} does not hold {self.old!r}"
        return "" if self.old != self.new else "it changes nothing"
