"""What somebody shows as proof: a receipt file, or receipts of single answers, in any text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.exam import receipts
from quizapp.exam.receipt_file import RULE, FinalReceipt, verify_file
from quizapp.exam.receipts import Receipt
from quizapp.exam.signing import ProofError, PublicKeys

_TOKEN = re.compile(rf"{receipts.VERSION}\.[0-9a-f]+\.[\w-]+\.[\w-]+", re.ASCII)
_NOTHING = "Ce texte n’est ni un reçu de copie ni un reçu de réponse."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text proves: receipts, perhaps a whole paper; and every problem, in French."""

    problems: tuple[str, ...]
    receipts: tuple[Receipt, ...] = ()
    paper: FinalReceipt | None = None

    @property
    def authentic(self) -> bool:
        """Whether the server wrote exactly this."""
        return not self.problems


def judge(text: str, keys: PublicKeys) -> Evidence:
    """Whether the server signed all of this text, a receipt file or receipts one after another."""
    if RULE in text:
        verdict = verify_file(text, keys)
        return Evidence(
            verdict.problems,
            verdict.says.chain if verdict.says else (),
            verdict.says if verdict.authentic else None,
        )
    words = text.removeprefix("\ufeff").split()
    if not any(word.startswith(f"{receipts.VERSION}.") for word in words):
        return Evidence((_NOTHING,))
    return _each(words, keys)


def proven(text: str, keys: PublicKeys) -> Evidence:
    """Every receipt that the server signed, wherever it stands in a text, and what proves nothing."""
    words = _TOKEN.findall(text)
    found, whole = _each(words, keys), judge(text, keys)
    problems = whole.problems if RULE in text or not words else found.problems
    return Evidence(problems, found.receipts, whole.paper)


def _each(words: list[str], keys: PublicKeys) -> Evidence:
    good, problems = [], []
    for place, word in enumerate(words, 1):
        try:
            good.append(receipts.check(word, keys))
        except ProofError as error:
            problems.append(f"Reçu {place} : {error}" if len(words) > 1 else str(error))
    return Evidence(tuple(problems), tuple(good))
