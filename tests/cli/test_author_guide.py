"""The author's guide shows what the commands really print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from quizapp.cli import main

GUIDE = (Path(__file__).parents[2] / "docs/author-guide.md").read_text("utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SHOWN = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
FLAWED = next(text for text in YAML if "difficulty: 4" in text)


def run(*arguments: str, given: str | None = None) -> str:
    """What a command prints, its no-break spaces as the page has them."""
    return CliRunner().invoke(main, ["bank", *arguments], input=given).output.replace("\u00a0", " ")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_dialogue_of_new_writes_the_bank_that_is_shown() -> None:
    typed = [line.split(": ", 1)[1] if ": " in line else "" for line in SHOWN[0].splitlines()[:-2]]

    printed = run("new", "fleuves.yaml", given="\n".join(typed) + "\n")

    assert Path("fleuves.yaml").read_text("utf-8") == next(
        text for text in YAML if "fl-001" in text
    )
    assert printed.endswith("\n".join(SHOWN[0].splitlines()[-2:]) + "\n")


def test_check_of_the_flawed_bank_prints_what_is_shown() -> None:
    file = Path("fleuves.yaml")
    file.write_text(FLAWED, "utf-8")
    form = run("check", "fleuves.yaml", "--on", "2026-11-24")
    file.write_text(FLAWED.replace("difficulty: 4", "difficulty: 2"), "utf-8")

    wording = run("check", "fleuves.yaml", "--on", "2026-11-24")

    assert [form, wording] == SHOWN[1:3]


def test_mended_bank_is_clean_and_its_changes_are_those_shown() -> None:
    old = FLAWED.replace("difficulty: 4", "difficulty: 2")
    Path("ancien.yaml").write_text(old, "utf-8")
    file = Path("fleuves.yaml")
    file.write_text(old, "utf-8")
    assert run("fmt", "--typography", "fleuves.yaml") == SHOWN[4]
    text = file.read_text("utf-8")
    for flaw, mended in (
        ("[Loire, Le", "[La Garonne, Le"),
        (
            "La bonne réponse est la Loire.",
            "La ville s’étend entre le fleuve et son affluent, le Cher.",
        ),
        ("source: internet", "source: Encyclopædia Universalis, «\u00a0Loire\u00a0»"),
        ("    true_until: 2026-12-31\n", ""),
        ("ne se jette pas", "ne se jette **pas**"),
    ):
        assert flaw in text
        text = text.replace(flaw, mended)
    file.write_text(text, "utf-8")

    assert run("check", "fleuves.yaml", "--strict") == SHOWN[5]
    assert run("diff", "ancien.yaml", "fleuves.yaml") == SHOWN[6]


def test_silence_that_is_shown_silences() -> None:
    silent = next(text for text in YAML if "# lint:" in text)
    question = FLAWED[FLAWED.index("  - id: fl-002") :].replace("difficulty: 4", "difficulty: 2")
    rest = question[question.index("    topic") :].replace(question.splitlines()[3] + "\n", "")
    Path("b.yaml").write_text(FLAWED[: FLAWED.index("  - id")] + silent + rest, "utf-8")

    assert "QA201" not in run("check", "b.yaml")
    assert "QA00" not in run("check", "b.yaml")
