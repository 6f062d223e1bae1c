"""The documents say what the program does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.exam import bank
from quizapp.exam.blueprint import Section
from quizapp.exam.cases import Case
from quizapp.exam.questions.base import TYPES, Question
from quizapp.exam.receipt_file import verify_file
from quizapp.exam.scoring import RULES, Scoring
from quizapp.exam.signing import read_keys
from quizapp.settings import Settings

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs/bank-format.md").read_text("utf-8"), re.DOTALL
)


COMMON = ("id: exemple", "topic: thème", "difficulty: 1", "explanation: Parce que.", "source: Ici")


def questions(text: str) -> tuple[Question, ...]:
    """The questions of an example; one that shows only a type's own keys gets the common ones."""
    if not text.startswith("bank:"):
        common = COMMON[:3] if "survey:" in text else COMMON
        said = {line.partition(":")[0] for line in text.splitlines()}
        lines = [*(one for one in common if one.partition(":")[0] not in said), *text.splitlines()]
        text = "bank: b\ntitle: B\nquestions:\n  -\n" + "".join(f"    {line}\n" for line in lines)
    return bank.parse(text).questions


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_bank_format_load(text: str) -> None:
    assert len(questions(text)) == (2 if "parts:" in text else 1)


def test_bank_format_shows_every_type_rule_and_mark() -> None:
    page = (ROOT / "docs/bank-format.md").read_text("utf-8")

    assert {question.kind for text in EXAMPLES for question in questions(text)} == set(TYPES)
    named = {*TYPES, *RULES, *Scoring.model_fields, *Case.model_fields, *Section.model_fields}
    assert {name for name in named if f"`{name}" not in page and f"{name}:" not in page} == set()


def test_every_key_of_a_question_is_explained() -> None:
    page = (ROOT / "docs/bank-format.md").read_text("utf-8")

    keys = {key for kind in bank.base.TYPES.values() for key in kind.model_fields}

    assert {key for key in keys if f"`{key}" not in page and f"{key}:" not in page} == set()


def test_limits_of_the_bank_format_are_those_of_the_program() -> None:
    page = (ROOT / "docs/bank-format.md").read_text("utf-8")
    rows = page.partition("## Les limites")[2].partition("\n## ")[0].splitlines()

    unsaid = {
        (key, limit)
        for key, limit in limits()
        if not any(
            f"`{key}`" in row and re.search(rf"(?<!\d){limit:,}(?!\d)".replace(",", "."), row)
            for row in rows
        )
    }

    assert unsaid == set()


def limits() -> Iterator[tuple[str, int]]:
    """The most that the program allows under each key: of characters, of parts, or in value."""
    schema = json.loads((ROOT / "docs/bank.schema.json").read_text("utf-8"))
    for of in (schema, *schema["definitions"].values()):
        for key, says in of.get("properties", {}).items():
            for one in (says, *says.get("anyOf", ())):
                for name in ("maxLength", "maxItems", "maxProperties", "maximum"):
                    if name in one and key not in {"within", "between"}:  # both are pairs
                        yield key, one[name]


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{file.name}: {target}"
        for file in (ROOT / "README.md", *ROOT.glob("docs/*.md"))
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text("utf-8"))
        if not (file.parent / target).exists()
    ]

    assert broken == []


def test_receipt_of_the_page_on_receipts_is_authentic() -> None:
    page = (ROOT / "docs/receipts.md").read_text("utf-8")
    [receipt] = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    [keys] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    assert verify_file(receipt, read_keys(keys)).problems == ()


def test_settings_are_named_in_the_readme() -> None:
    page = (ROOT / "README.md").read_text("utf-8")
    quiet = {"styleguide", "testing"}

    assert [
        name for name in Settings.model_fields if name.upper() not in page and name not in quiet
    ] == []
