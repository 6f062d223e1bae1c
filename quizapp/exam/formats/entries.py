"""Questions as their author wrote them: from a question to the keys and texts of its YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizapp.exam.questions.base import Question
from quizapp.exam.questions.gaps import Gap
from quizapp.exam.scoring import Scoring

Entry = dict[str, Any]

# What most formats have a place for, be it a tag.
COMMON = frozenset({
    "id", "topic", "difficulty", "text", "explanation", "source", "true_until", "weight", "tags",
    "exclude",
})  # fmt: skip

_SOURCE = re.compile(r"\n\nSource : ([^\n]+)\Z")
_LABELS = (
    ("difficulty", "difficulté {}", re.compile(r"difficulté ([123])")),
    ("exclude", "exclusion : {}", re.compile(r"exclusion : ([a-z0-9-]+)")),
    ("true_until", "valable jusqu’au {}", re.compile(r"valable jusqu’au (\d{4}-\d\d-\d\d)")),
)


def said(question: Question) -> list[str]:
    """The keys of a question that say something else than they would if they were left out."""
    return [
        name
        for name, key in type(question).model_fields.items()
        if name != "type" and (key.is_required() or getattr(question, name) != key.default)
    ]


def entry_of(question: Question) -> Entry:
    """A question as an author would write it: texts, lists of texts and mappings of them."""
    return {name: _written(name, getattr(question, name)) for name in said(question)}


def _written(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        return share_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Scoring):
        marks = {key: getattr(value, key) for key in Scoring.model_fields}
        return {
            key: _written(key, mark)
            for key, mark in marks.items()
            if mark != Scoring.model_fields[key].default
        }
    if isinstance(value, Gap):
        chosen = {"answer": value.answer, "wrong": list(value.wrong)}
        return list(value.accept) if value.accept else chosen
    if name == "within":
        size, relative = value
        return f"{share_text(size * 100)} %" if relative else decimal_text(size)
    if isinstance(value, dict):
        return {key: _written(key, one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_written("", one) for one in value]
    return str(value)


def share_text(value: Fraction) -> str:
    """A part as an author writes it: ``1/3``, or ``0.123457`` where no short fraction says it."""
    if max(abs(value.numerator), value.denominator) < 10_000:
        return str(value)
    return f"{float(value):.6f}"


def decimal_text(value: Decimal | Fraction) -> str:
    """An exact number in plain digits: ``0.5``; a fraction keeps six decimals at most."""
    if isinstance(value, Fraction):
        value = round(Decimal(value.numerator) / value.denominator, 6)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def labels_of(question: Question) -> list[str]:
    """What formats with tags keep of a question by them, each a few words that a person can read."""
    labels = [
        text.format(one)
        for key, text, _ in _LABELS
        for one in _several(getattr(question, key))
        if one is not None
    ]
    return [*labels, *question.tags]


def from_labels(labels: Iterable[str]) -> Entry:
    """The keys that a question's tags tell; the other tags are its tags."""
    entry: Entry = {}
    for label in labels:
        found = next(((key, at) for key, _, form in _LABELS if (at := form.fullmatch(label))), None)
        if found is None:
            entry.setdefault("tags", []).append(label)
        elif found[0] == "exclude":
            entry.setdefault("exclude", []).append(found[1][1])
        else:
            entry[found[0]] = found[1][1]
    return entry


def _several(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, tuple) else (value,)


def explained(question: Question) -> str:
    """Explanation and source as one text, for formats that have one feedback on a question."""
    source = f"\n\nSource : {question.source}" if question.source else ""
    return f"{question.explanation}{source}"


def from_explained(text: str) -> Entry:
    """The explanation and, where its last paragraph names one, the source."""
    text = text.strip()
    found = _SOURCE.search(f"\n\n{text}")
    explanation = text[: len(text) - len(found[0])].strip() if found else text
    if found and len(text) < len(found[0]):
        explanation = ""
    keys = {"explanation": explanation, "source": found[1].strip() if found else ""}
    return {key: value for key, value in keys.items() if value}
