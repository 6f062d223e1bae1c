"""Short codes that people read aloud, print and type: Crockford's Base32, in groups of four.

The alphabet leaves out I, L, O and U; what is typed as I or L is read as 1, and O as 0
(https://www.crockford.com/base32.html).
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")


def encode(value: bytes, length: int) -> str:
    """The first ``5 * length`` bits of ``value``; raises ValueError if there are fewer."""
    bits = len(value) * 8
    if length * 5 > bits:
        raise ValueError("not enough bytes for a code of this length")
    number = int.from_bytes(value) >> (bits - length * 5)
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(length)))


def grouped(code: str) -> str:
    """The code as printed: ``K7QM-3XTR-9D``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def plain(typed: str) -> str:
    """The code in what a person typed: spaces, dashes and case do not matter, O is 0, I is 1."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters.translate(_READ_AS)
