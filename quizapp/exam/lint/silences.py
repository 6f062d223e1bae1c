"""Silences: ``# lint: QA101 parce que …`` beside a question keeps a rule quiet there, with its reason.

A silence inside a question, or alone on the lines just above it, speaks of that question; one
above ``questions:`` speaks of the whole bank.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.exam.comments import Comment, comments, dash
from quizapp.exam.lint.entries import Shelf
from quizapp.exam.lint.rules import RULES, Example, Finding, Rule, Severity, register
from quizapp.exam.problems import Place

_SILENCE = re.compile(r"#\s*lint\s*:\s*((?:QA\d*[\s,]*)*)(.*)", re.IGNORECASE)
_REASON = re.compile(r"(?:parce qu(?:e\b|['’])|car\b)?\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Silence:
    """A comment that keeps rules quiet for one question (by its place in the bank) or the bank."""

    place: Place
    codes: tuple[str, ...]
    reason: str
    question: int | None


def silences(shelf: Shelf) -> list[Silence]:
    """The silences among the comments of a bank."""
    source = shelf.source
    if not re.search(r"#\s*lint\s*:", source.text, re.IGNORECASE):
        return []
    file = source.text.splitlines()
    starts = [
        Place(place.file, place.line, dash(file[place.line - 1], place.column))
        for place in (source.values[entry.path] for entry in shelf.entries)
    ]
    lines = [place.line for place in starts]
    ends = _ends(shelf)
    found = []
    for comment in comments(source.text):
        match = _SILENCE.match(comment.text)
        if match is None:
            continue
        question: int | None = bisect_right(lines, comment.line) - 1
        if question is not None and (question < 0 or comment.line > ends[question]):
            question = _between(source.keys.get(("questions",)), comment, question, starts)
        reason = _REASON.match(match[2].strip())
        found.append(
            Silence(
                Place(source.file, comment.line, comment.column),
                tuple(code.upper() for code in re.findall(r"QA\d*", match[1], re.IGNORECASE)),
                reason[1].strip(" .") if reason else "",
                question,
            )
        )
    return found


def _ends(shelf: Shelf) -> list[int]:
    """The last line on which each question says something."""
    places = {entry.path: place for place, entry in enumerate(shelf.entries)}
    ends = [0] * len(shelf.entries)
    for path, place in shelf.source.values.items():
        question = places.get(path[:4], places.get(path[:2]))
        if question is not None:
            ends[question] = max(ends[question], place.line)
    return ends


def _between(
    head: Place | None, comment: Comment, before: int, starts: Sequence[Place]
) -> int | None:
    """The question of a comment that stands between two: the next, unless it is set in deeper."""
    if before < 0 and head is not None and comment.line < head.line:
        return None
    if before + 1 >= len(starts):
        return before
    deeper = comment.column > starts[before + 1].column
    return before if before >= 0 and deeper else before + 1


def apply(shelf: Shelf, findings: Sequence[Finding], quiet: Sequence[Silence]) -> Iterator[Finding]:
    """The findings of one bank that are not silenced, and what is wrong with the silences."""
    names = {entry.question.id: place for place, entry in enumerate(shelf.entries)}
    beside: defaultdict[int | None, list[Silence]] = defaultdict(list)
    for one in quiet:
        beside[one.question].append(one)
    used: set[tuple[Silence, str]] = set()
    for finding in findings:
        silencers = [
            one for one in beside[names.get(finding.question)] if finding.code in one.codes
        ]
        used.update((one, finding.code) for one in silencers)
        if not any(one.reason for one in silencers):
            yield finding
    for one in quiet:
        name = shelf.entries[one.question].question.id if one.question is not None else ""
        if len(one.reason) < 8 or " " not in one.reason:
            yield _finding("QA001", one, name, "Ce silence ne dit pas pourquoi.")
        if not one.codes:
            yield _finding("QA002", one, name, "Ce silence ne nomme aucune règle.")
        for code in one.codes:
            if code not in RULES:
                yield _finding("QA002", one, name, f"La règle « {code} » n’existe pas.")
            elif (one, code) not in used:
                yield _finding("QA002", one, name, f"Il n’y a rien à taire ici pour {code}.")


def _finding(code: str, silence: Silence, question: str, what: str) -> Finding:
    mend = {
        "QA001": "Écrivez « # lint: QA101 parce que … ».",
        "QA002": "Corrigez le code, ou retirez le commentaire.",
    }[code]
    return Finding(silence.place, code, RULES[code].severity, what, mend, question)


def _nothing(_: Sequence[Shelf]) -> Iterator[tuple[str, tuple[Place, str, str]]]:
    """These two rules look at the other findings: ``apply`` runs them."""
    return iter(())


register(
    Rule(
        "QA001",
        "Silence sans raison",
        "Une règle que l’on fait taire sans dire pourquoi ne protège plus personne : le prochain auteur "
        "ne saura "
        "pas si c’était voulu.",
        Severity.ERROR,
        Example("""\
- text: Quelle attitude n’est pas recommandée face à un client en colère ? # lint: QA201
  answer: Hausser le ton
  wrong: [Écouter, Reformuler, Proposer]
"""),
        Example("""\
- text: Quelle attitude n’est pas recommandée face à un client en colère ?
  # lint: QA201 parce que la consigne affichée avant la question le souligne
  answer: Hausser le ton
  wrong: [Écouter, Reformuler, Proposer]
"""),
        _nothing,
        "silences",
    )
)
register(
    Rule(
        "QA002",
        "Silence inutile",
        "Un silence qui ne tait rien, ou dont le code n’existe pas, cacherait demain un vrai défaut.",
        Severity.WARNING,
        Example("""\
- text: Quelle attitude est recommandée face à un client en colère ?
  # lint: QA201 parce que la consigne affichée avant la question le souligne
  answer: Écouter
  wrong: [Hausser le ton, Raccrocher, Rire]
"""),
        Example("""\
- text: Quelle attitude n’est pas recommandée face à un client en colère ?
  # lint: QA201 parce que la consigne affichée avant la question le souligne
  answer: Hausser le ton
  wrong: [Écouter, Reformuler, Proposer]
"""),
        _nothing,
        "silences",
    )
)
