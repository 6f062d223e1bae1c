"""A question bank: a title and its questions, read from an author's YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from quizapp.exam import cases
from quizapp.exam import source as yaml_source
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions import base
from quizapp.exam.questions.base import Line, Question, Slug
from quizapp.exam.questions.shown import Stimulus
from quizapp.exam.scoring import Scoring, rule_alone
from quizapp.exam.stock import Unit, units


class Head(BaseModel):
    """The keys of a bank file; each question is read by its own type.

    ``scoring`` is for the questions that say none; where its rule does not suit a type, the type's
    own rule applies with the same marks.
    """

    model_config = ConfigDict(extra="forbid")

    bank: Slug
    title: Line
    scoring: Annotated[Scoring, BeforeValidator(rule_alone)] | None = None
    questions: Annotated[list[Any], Field(min_length=1)]


@dataclass(frozen=True)
class Bank:
    """A bank as loaded: immutable, known by the hash of its meaning."""

    slug: str
    title: str
    questions: tuple[Question, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """The questions by their identifier."""
        return {question.id: question for question in self.questions}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """What is drawn whole: its questions, those of a case together."""
        return units(self.questions)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over title and questions: layout and comments do not change it."""
        meaning = {
            "bank": self.slug,
            "title": self.title,
            "questions": [question.meaning() for question in self.questions],
        }
        text = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def parse(
    text: str, file: str = "banque.yaml", *, source: yaml_source.Source | None = None
) -> Bank:
    """The bank in ``text``; raises RefusedError with every problem found, and loads nothing then.

    ``source`` is given by whoever has read the text already, and wants the places of what it says.
    """
    source = source or yaml_source.read(text, file)
    head = yaml_source.build(source, (), Head) if source.value is not None else None
    entries = source.value.get("questions", []) if isinstance(source.value, dict) else []
    questions: list[Question] = []
    if isinstance(entries, list):
        _ids_differ(source, entries)
        for place in range(len(entries)):
            questions += _questions(source, ("questions", place))
    if source.problems or head is None:
        raise RefusedError(source.problems)
    if head.scoring is not None:
        questions = [question.scored_by_default(head.scoring) for question in questions]
    return Bank(head.bank, head.title, tuple(questions))


def _ids_differ(source: yaml_source.Source, entries: list[Any]) -> None:
    lines: dict[str, int] = {}
    for place, entry in enumerate(entries):
        identifier = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(identifier, str):
            continue
        path = ("questions", place, "id")
        if identifier in lines:
            source.refuse(
                path,
                f"L’identifiant « {identifier[:60]} » sert déjà à la ligne {lines[identifier]}.",
                "Choisissez-en un autre : un identifiant ne désigne qu’une question.",
            )
        lines.setdefault(identifier, source.place(path).line)


@lru_cache(maxsize=64)
def parsed(text: str) -> Bank:
    """As ``parse``, for a text known to be good; the same text gives the same object."""
    return parse(text)


def _questions(source: yaml_source.Source, path: yaml_source.Path) -> list[Question]:
    """The question at ``path``, or those of the case."""
    entry = source.value["questions"][path[-1]]
    if not isinstance(entry, dict):
        source.refuse(path, "Une question est attendue ici.", "Commencez-la par « - id: … ».")
        return []
    if not cases.is_case(entry):
        question = _question(source, path, entry)
        return [question] if question else []
    case = cases.read(source, path)
    if case is None:
        return []
    parts = (
        _question(source, (*path, "parts", place), part)
        for place, part in enumerate(entry["parts"])
    )
    stimulus = Stimulus(case.id, case.text)
    return [part.part_of(stimulus, number) for number, part in enumerate(parts, 1) if part]


def _question(
    source: yaml_source.Source, path: yaml_source.Path, entry: Mapping[str, Any]
) -> Question | None:
    try:
        kind = base.type_of(entry)
    except ValueError as error:
        what, _, mend = str(error).partition("|")
        source.refuse((*path, "type") if "type" in entry else path, what, mend.strip())
        return None
    return yaml_source.build(source, path, kind)
