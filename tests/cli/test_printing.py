"""``bank print``: every type on paper, the key with the letters of this very paper, and no leak."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quizapp import prints
from quizapp.cli import main
from quizapp.exam import bank as bank_file
from quizapp.exam.questions.base import TYPES
from quizapp.prints.blocks import blocks
from tests.world import EDITION

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "question_banks/examples/types.yaml"
COUNT = len(bank_file.parse(EXAMPLES.read_text("utf-8")).questions)
SECTIONS = (
    f"sections:\n      - {{bank: exemples, title: Exemples, questions: {COUNT}, scored: no}}\n"
)


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    head, _, rest = EDITION.replace("PAGE", "one").partition("    sections:")
    file = Path("edition.yaml")
    file.write_text(f"{head}    {SECTIONS}    ties: [lot]\n", "utf-8")
    assert "ties:" in rest
    return file


def printed(edition: Path, *more: str) -> Any:
    return CliRunner().invoke(
        main, ["bank", "print", str(edition), "premier-tour", str(EXAMPLES), *more]
    )


def test_three_tagged_pdfs_are_written(edition: Path) -> None:
    run = printed(edition, "--seed", "secours", "--out", "papier")

    assert run.exit_code == 0, run.output
    names = ["sujet", "reponses", "corrige"]
    for name in names:
        body = Path(f"papier/premier-tour-secours-{name}.pdf").read_bytes()
        assert body.startswith(b"%PDF")
        assert b"pdfuaid" in body


def test_every_type_is_asked_and_only_the_key_tells(
    edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(prints, "pdf", lambda _name, what: told.update({what["what"]: what}) or b"")

    assert printed(edition).exit_code == 0
    again = json.dumps(told, ensure_ascii=False)
    assert printed(edition).exit_code == 0

    assert json.dumps(told, ensure_ascii=False) == again
    asked = [one for section in told["paper"]["sections"] for one in section["questions"]]
    assert [one["number"] for one in asked] == list(range(1, COUNT + 1))
    kinds = {one.kind for one in bank_file.parse(EXAMPLES.read_text("utf-8")).questions}
    assert kinds == {*TYPES}
    for one in asked:
        ways = one["choices"], one["rows"], one["hint"], one["line"], one["lines"]
        assert any(ways) or "…" in json.dumps(one["stem"], ensure_ascii=False), one
    keys = {one["id"]: one["key"] for one in told["key"]["keys"]}
    assert keys["ex-estimation"] == "1665 marches"
    assert "1665" not in json.dumps([told["paper"], told["grid"]])
    choice = next(one for one in asked if one["number"] == _number(told, "ex-un-choix"))
    letter, _, text = keys["ex-un-choix"].partition(" : ")
    shown = {
        one["letter"]: "".join(run["text"] for run in one["runs"]) for one in choice["choices"]
    }
    assert shown[letter] == text


def _number(told: dict[str, dict[str, Any]], name: str) -> int:
    return next(one["number"] for one in told["key"]["keys"] if one["id"] == name)


def test_stage_or_questions_that_lack_are_told(edition: Path) -> None:
    run = CliRunner().invoke(main, ["bank", "print", str(edition), "autre", str(EXAMPLES)])
    assert run.exit_code == 1
    assert "« autre » n’existe pas" in run.output

    edition.write_text(
        edition.read_text("utf-8").replace(f"questions: {COUNT}", "questions: 99"), "utf-8"
    )
    run = printed(edition)
    assert run.exit_code == 1
    assert not list(Path().glob("*.pdf"))


def test_text_becomes_blocks_of_runs() -> None:
    html = (
        "<p>Un <strong>mot</strong> &amp; <em>un <code>x</code></em></p><ul><li>a</li><li>b</li></ul>"
        "<blockquote><p>dit</p></blockquote>"
        "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>"
    )

    found = blocks(html)

    assert [one["kind"] for one in found] == ["text", "item", "item", "quote", "table"]
    assert [(run["text"], run["marks"]) for run in found[0]["runs"]] == [
        ("Un ", []), ("mot", ["strong"]), (" & ", []), ("un ", ["em"]), ("x", ["em", "code"]),
    ]  # fmt: skip
    assert (found[4]["head"][0][0]["text"], found[4]["rows"]) == ("h", [["c"]])
