"""Run every rule over banks that parse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from quizapp.exam.lint import (
    balance,
    content,
    giveaways,
    silences,
    slips,
    twins,
    typography,
    wording,
)
from quizapp.exam.lint.entries import Shelf
from quizapp.exam.lint.rules import RULES, Finding

# Each of these modules fills the table of rules.
SUBJECTS = (silences, giveaways, wording, slips, typography, content, balance, twins)


def lint(texts: Mapping[str, str], today: date) -> list[Finding]:
    """What the rules say about these banks, by file name, in the order of files and lines.

    Raises RefusedError for a text that is no bank.
    """
    return lint_shelves({name: Shelf.of(text, name, today) for name, text in texts.items()})


def lint_shelves(shelves: Mapping[str, Shelf]) -> list[Finding]:
    """As ``lint``, for banks already read."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for rule in RULES.values():
        for finding in rule.findings(tuple(shelves.values())):
            found[finding.place.file].append(finding)
    order = {name: place for place, name in enumerate(shelves)}
    kept: Iterable[Finding] = (
        finding
        for name, shelf in shelves.items()
        for finding in silences.apply(shelf, found[name], silences.silences(shelf))
    )
    return sorted(kept, key=lambda finding: (order[finding.place.file], finding))
