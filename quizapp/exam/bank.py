"""A question bank: a title and its questions, read from an author's YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from quizapp.exam import source as yaml_source
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions import base
from quizapp.exam.questions.base import Line, Question, Slug


class _Head(BaseModel):
    """The keys of a bank file; each question is read by its own type."""

    model_config = ConfigDict(extra="forbid")

    bank: Slug
    title: Line
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
    def digest(self) -> str:
        """SHA-256 over title and questions: layout and comments do not change it."""
        meaning = {
            "bank": self.slug,
            "title": self.title,
            "questions": [
                {"kind": question.kind, **question.model_dump(mode="json")}
                for question in self.questions
            ],
        }
        text = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, file: str = "banque.yaml") -> Bank:
    """The bank in ``text``; raises RefusedError with every problem found, and loads nothing then."""
    source = yaml_source.read(text, file)
    head = yaml_source.build(source, (), _Head) if source.value is not None else None
    entries = source.value.get("questions", []) if isinstance(source.value, dict) else []
    questions: list[Question] = []
    if isinstance(entries, list):
        _ids_differ(source, entries)
        read = (_question(source, ("questions", place)) for place in range(len(entries)))
        questions = [question for question in read if question is not None]
    if source.problems or head is None:
        raise RefusedError(source.problems)
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


def _question(source: yaml_source.Source, path: yaml_source.Path) -> Question | None:
    entry = source.value["questions"][path[-1]]
    if not isinstance(entry, dict):
        source.refuse(path, "Une question est attendue ici.", "Commencez-la par « - id: … ».")
        return None
    try:
        kind = base.type_of(entry)
    except ValueError as error:
        what, _, mend = str(error).partition("|")
        source.refuse((*path, "type") if "type" in entry else path, what, mend.strip())
        return None
    return yaml_source.build(source, path, kind)
