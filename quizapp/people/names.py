"""Names as people type them: compared blind to accents, and sorted as a French directory does."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
SAINTS = {"st": "saint", "ste": "sainte"}
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_ACCENTS = {"\u0301": "2", "\u0300": "3", "\u0302": "4", "\u0308": "5"}


def fold(text: str) -> str:
    """The key of a text: blind to accents, case, punctuation and ligatures; « st » is saint."""
    return " ".join(SAINTS.get(word, word) for word in plain(text).split())


def sort_key(last_name: str, first_name: str) -> str:
    """The key that sorts people as a French directory does, compared character by character.

    The letters of the last name come first, then those of the first name; case, accents, spaces,
    hyphens and apostrophes do not count. Only between equal letters do accents count, from the end
    of the word as in a French dictionary: cote, côte, coté, côté. The key is made of lower-case
    letters and digits, with 0 between its parts, so that any database sorts it alike.
    """
    letters = [plain(name).replace(" ", "") for name in (last_name, first_name)]
    return "0".join([*letters, _accents(last_name), _accents(first_name)]).rstrip("0")


def plain(text: str) -> str:
    """The letters and digits of a text, without accents, in lower case, words apart."""
    loose = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    if not loose.isascii():
        loose = "".join(char for char in loose if not unicodedata.combining(char))
    return " ".join(_WORD.findall(loose))


def _accents(name: str) -> str:
    """One digit a letter, from the end of the name back to its first accent; empty without."""
    digits: list[str] = []
    for char in unicodedata.normalize("NFKD", name).casefold():
        if unicodedata.combining(char):
            digits[-1:] = [_ACCENTS.get(char, "6")] if digits else []
        elif char.isalnum():
            letters = char.translate(_LETTERS)
            digits.extend(("1" if letters == char else "7") * len(letters))
    return "".join(reversed(digits)).rstrip("1")
