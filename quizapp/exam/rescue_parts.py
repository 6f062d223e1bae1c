"""A rescue file that comes as the texts of QR codes, in any order: ``sitting/codes.js`` made them.

Each says ``QUIZAPP1.sum.number.count.piece``. The pieces, in order, are the file in Base64 for
addresses; ``sum`` begins its SHA-256, and tells one file's codes from another's.
"""

from __future__ import annotations

import hashlib
import re

from quizapp.exam.problems import ToldError
from quizapp.exam.signing import from_base64

MOST = 1_500_000  # characters of all codes together
_NAMED = 20  # missing codes that are told by number
_PART = re.compile(r"QUIZAPP1\.([0-9a-f]{8})\.(\d{1,4})\.(\d{1,4})\.([A-Za-z0-9_-]+)", re.ASCII)


class CodesError(ToldError):
    """These codes are not one whole file; the message tells the organiser why."""


def join(text: str) -> str:
    """The rescue file of these codes; the same code twice does no harm.

    Raises CodesError, which tells why in French: a code that is missing is named.
    """
    found = _PART.findall(text[:MOST])
    if not found:
        raise CodesError("Ce texte n’est pas celui de codes de secours : « QUIZAPP1… ».")
    if len({(total, count) for total, _number, count, _piece in found}) > 1:
        raise CodesError(
            "Ces codes viennent de plusieurs fichiers de secours. Importez-les l’un après l’autre."
        )
    total, _number, count, _piece = found[0]
    pieces: dict[int, str] = {}
    for _total, number, _count, piece in found:
        if pieces.setdefault(int(number), piece) != piece:
            raise CodesError("Le code %(number)s a été lu de deux façons.", number=number)
    lacking = [str(number) for number in range(1, int(count) + 1) if number not in pieces]
    if lacking:
        lacking[_NAMED:] = ["…"] if len(lacking) > _NAMED else []
        raise CodesError(
            "Il manque, sur %(count)s codes, celui-ci ou ceux-ci : %(numbers)s.",
            count=count, numbers=", ".join(lacking),
        )  # fmt: skip
    whole = "".join(pieces[number] for number in range(1, int(count) + 1))
    if hashlib.sha256(whole.encode()).hexdigest()[:8] != total:
        raise CodesError("Un de ces codes a été mal lu. Lisez-les de nouveau.")
    try:
        return from_base64(whole).decode()
    except ValueError:
        raise CodesError("Un de ces codes a été mal lu. Lisez-les de nouveau.") from None
