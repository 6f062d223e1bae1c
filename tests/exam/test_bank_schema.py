"""The schema that editors use: kept with the models, and true of the shipped banks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from quizapp.exam.bank_schema import schema
from quizapp.exam.questions.base import TYPES

ROOT = Path(__file__).parents[2]
CHECK = jsonschema.Draft7Validator(schema())


def test_schema_in_the_documents_is_what_the_command_writes() -> None:
    assert json.loads((ROOT / "docs/bank.schema.json").read_text("utf-8")) == schema()


def test_schema_is_a_schema_and_knows_every_type() -> None:
    jsonschema.Draft7Validator.check_schema(schema())

    items = schema()["properties"]["questions"]["items"]["anyOf"]
    assert len(items) == len(TYPES) + 1  # and a case


@pytest.mark.parametrize(
    "file", sorted((ROOT / "question_banks").rglob("*.yaml")), ids=lambda file: file.stem
)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.BaseLoader])
def test_shipped_bank_is_valid_however_an_editor_reads_it(file: Path, loader: Any) -> None:
    read = yaml.load(file.read_text("utf-8"), loader)
    plain = json.loads(json.dumps(read, default=str))

    assert [error.message for error in CHECK.iter_errors(plain)] == []


def question(**keys: Any) -> dict[str, Any]:
    one = {
        "id": "un", "topic": "a", "difficulty": 1, "text": "b", "answer": 1789, "wrong": [1790, "Non"],
        "explanation": "c", "source": "d", **keys,
    }  # fmt: skip
    return {key: value for key, value in one.items() if value is not None}


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        (question(), True),
        (question(wrong="un seul"), True),
        (question(answer=None, estimate="12,5", wrong=None, unit="m"), True),
        (question(true_until="2027-12-31"), True),
        (question(type="single"), True),
        (question(type="estimate"), False),
        (question(true_until="demain"), False),
        (question(difficulty=4), False),
        (question(id="Un Deux"), False),
        (question(wrong=[]), False),
        (question(answer=None), False),
        (question(sujet="x"), False),
        (question(text=""), False),
        (question(text=["a"]), False),
    ],
)
def test_schema_refuses_what_the_loader_refuses(change: dict[str, Any], valid: bool) -> None:
    assert CHECK.is_valid({"bank": "b", "title": "B", "questions": [change]}) is valid


@pytest.mark.parametrize(
    "spoil",
    [
        lambda bank: bank.pop("title"),
        lambda bank: bank.update(questions=[]),
        lambda bank: bank.update(auteur="x"),
    ],
)
def test_schema_refuses_a_bad_head(spoil: Callable[[dict[str, Any]], object]) -> None:
    bank = {"bank": "b", "title": "B", "questions": [question()]}

    spoil(bank)

    assert not CHECK.is_valid(bank)
