"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.exam import bank
from quizapp.exam.receipt_file import verify_file
from quizapp.exam.signing import read_keys
from quizapp.settings import Settings

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs/bank-format.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_bank_format_load(text: str) -> None:
    assert len(bank.parse(text).questions) == 1


def test_every_key_of_a_question_is_explained() -> None:
    page = (ROOT / "docs/bank-format.md").read_text("utf-8")

    keys = {key for kind in bank.base.TYPES.values() for key in kind.model_fields}

    assert {key for key in keys if f"`{key}" not in page and f"{key}:" not in page} == set()


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
