"""How a page names the members of staff whom the journal knows by number."""

from __future__ import annotations

from quizapp.people import queries
from quizapp.web.database import reading


def staff_name(who: str) -> str:
    """The name of whoever the journal means by ``who``."""
    kind, _kind, number = who.partition(":")
    if kind != "staff" or not number.isdecimal():
        return who
    found = queries.person(reading(), int(number))
    return found.name if found else who
