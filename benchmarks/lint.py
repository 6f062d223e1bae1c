"""How long it takes to lint large banks beside reading them, as JSON; seconds of this process alone.

python -m benchmarks.lint [questions]
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import date

from quizapp.exam.lint.entries import Shelf
from quizapp.exam.lint.linting import lint_shelves

_SYLLABLES = [
    "ba",
    "cer",
    "dé",
    "for",
    "gui",
    "hé",
    "jou",
    "lan",
    "mi",
    "no",
    "pré",
    "qua",
    "ron",
    "sè",
]
_EACH = 4_000  # questions a file, to stay below 5 MB


def main() -> None:
    """Print the seconds of both, and their ratio, measured in this run."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chance = random.Random(1)
    texts = {
        f"b{at}.yaml": text(chance, at, min(_EACH, count - at)) for at in range(0, count, _EACH)
    }
    began = time.process_time()
    shelves = {name: Shelf.of(text, name, date(2026, 11, 28)) for name, text in texts.items()}
    parse = time.process_time() - began
    began = time.process_time()
    findings = lint_shelves(shelves)
    lint = time.process_time() - began
    told = {
        "questions": count,
        "findings": len(findings),
        "parse_s": round(parse, 3),
        "lint_s": round(lint, 3),
        "ratio": round(lint / parse, 2),
    }
    print(json.dumps(told))


def text(chance: random.Random, first: int, count: int) -> str:
    """A bank of ``count`` questions."""
    # Common words are much more frequent than rare ones, as in any language (Zipf).
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(6_000)]
    weights = [1 / rank for rank in range(10, 6_010)]

    def said(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length))

    questions = "".join(
        f"  - id: q-{first + at}\n    topic: thème {chance.randrange(10)}\n    difficulty: "
        f"{chance.randint(1, 3)}\n"
        f"    # lint: QA101 parce que la formule est longue\n"
        f"    text: Quel {said(15)}\u00a0?\n    answer: Le {said(3)}\n"
        f"    wrong: [Le {said(3)}, La {said(3)}, Un {said(3)}]\n"
        f"    explanation: L’{said(18)}.\n    source: Auteur, «\u00a0{said(5)}\u00a0»\n"
        for at in range(count)
    )
    return f"bank: b-{first}\ntitle: Banque\nquestions:\n{questions}"


if __name__ == "__main__":
    main()
