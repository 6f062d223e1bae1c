"""Composite cases: one stimulus and several questions, drawn together and marked each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from quizapp.exam import source as yaml_source
from quizapp.exam.questions.base import Line, Slug, Whole, one_as_list

# What the questions of a case take from it, and may not say otherwise: a case is drawn whole.
SHARED = ("id", "topic", "difficulty", "tags", "exclude")


class Case(BaseModel):
    """The keys of a case. Its ``text`` is shown above each of its ``parts``.

    Parts have the case's topic and difficulty, and its source where they name none. Their
    identifiers are the case's with a number: ``rc-cas-001.2``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    topic: Line
    difficulty: Annotated[Whole, Field(ge=1, le=3)]
    text: Annotated[str, Field(min_length=1, max_length=8_000)]
    source: Line | None = None
    tags: Annotated[tuple[Line, ...], BeforeValidator(one_as_list), Field(max_length=20)] = ()
    exclude: Annotated[tuple[Slug, ...], BeforeValidator(one_as_list), Field(max_length=20)] = ()
    parts: Annotated[list[Any], Field(min_length=2, max_length=10)]


def is_case(entry: dict[str, Any]) -> bool:
    """Whether an entry of a bank is a case."""
    return "parts" in entry


def read(source: yaml_source.Source, path: yaml_source.Path) -> Case | None:
    """The case at ``path``; its parts in ``source`` then have what they share.

    What does not fit is noted in ``source`` and gives None.
    """
    case = yaml_source.build(source, path, Case)
    if case is None:
        return None
    entry = source.value["questions"][path[-1]]
    shared = {key: entry[key] for key in (*SHARED, "source") if key in entry}
    for place, part in enumerate(entry["parts"]):
        if not isinstance(part, dict) or is_case(part):
            source.refuse((*path, "parts", place), "Une question est attendue ici.")
            return None
        for key in SHARED:
            if key in part:
                source.refuse(
                    (*path, "parts", place, key),
                    f"« {key} » se dit pour tout le cas, et non pour une de ses questions.",
                    "Déplacez cette clé sous l’identifiant du cas.",
                    key=True,
                )
        entry["parts"][place] = {**shared, **part}
    return case
