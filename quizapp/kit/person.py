"""Whoever is signed in, as far as the tools have to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known by kind, number and stamp; a new stamp signs every device of theirs out.

    The properties are those that Flask-Login asks for.
    """

    kind: str
    id: int
    stamp: str
    name: str
    roles: frozenset[str]
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session cookie holds."""
        return f"{self.kind}:{self.id}:{self.stamp}"

    @property
    def who(self) -> str:
        """How the journal and the log name this person."""
        return f"{self.kind}:{self.id}"
