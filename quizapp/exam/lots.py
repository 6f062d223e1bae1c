"""Chance that anyone can replay: a stream of numbers and a draw of lots, both from a stated seed.

Built on SHA-256 alone, so that a draw made today comes out the same on any machine and in any
later version of Python (``random`` promises that only for ``random()``).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")


class Stream:
    """Uniform integers from ``seed``: block *i* is SHA-256(seed, colon, *i*)."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._block = 0
        self._bytes = b""

    def below(self, limit: int) -> int:
        """A uniform integer in ``range(limit)``, by rejection; ``limit`` is at most 2**32."""
        bound = (1 << 32) - (1 << 32) % limit
        while True:
            if len(self._bytes) < 4:
                self._bytes += hashlib.sha256(f"{self._seed}:{self._block}".encode()).digest()
                self._block += 1
            number = int.from_bytes(self._bytes[:4])
            self._bytes = self._bytes[4:]
            if number < bound:
                return number % limit

    def choice(self, items: Sequence[T]) -> T:
        """One of ``items``."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Shuffle in place (Fisher and Yates, from the end)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def lot(seed: str, number: str) -> str:
    """The lot of candidate ``number``: the smallest wins. Anyone recomputes it with SHA-256."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def written(numbers: Iterable[str]) -> str:
    """The list of a public draw, as it is committed to: a number a line, in order, each once."""
    return "".join(f"{number}\n" for number in sorted(set(numbers)))


def tidy(value: str) -> str:
    """A public value as it counts: its spaces made one, and none around, however it was copied."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def public_seed(numbers: Iterable[str], value: str) -> str:
    """The seed of a public draw: SHA-256 of the list’s SHA-256, a colon, and the later public value.

    After RFC 3797: whoever commits to the list does not know the value, and whoever makes the value
    does not know the list. Lots are then drawn from this seed as from any other.
    """
    return fingerprint(f"{fingerprint(written(numbers))}:{tidy(value)}")


def fingerprint(text: str) -> str:
    """SHA-256 of a list or a seed, which commits to it without telling it."""
    return hashlib.sha256(text.encode()).hexdigest()
