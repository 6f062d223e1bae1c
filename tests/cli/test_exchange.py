"""Banks from and for other programs, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from quizapp.cli import main
from quizapp.exam.formats import FORMATS

EXAMPLES = Path(__file__).parents[2] / "question_banks/examples/types.yaml"
GIFT = "::a::Oui ? {=oui ~non}\n\n::b::Non {=oui\n\n::c::Et ? {T}\n"


def run(*arguments: str | Path) -> Result:
    """What the command answers."""
    return CliRunner().invoke(main, ["bank", *map(str, arguments)])


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_import_writes_nothing_where_a_question_is_left_out() -> None:
    Path("q.gift").write_text(GIFT, "utf-8")

    answer = run("import", "q.gift", "--out", "b.yaml")

    assert answer.output == (
        "Laissée de côté : question 2 « ::b::Non {=oui » (ligne 3) : une accolade manque ou est de trop.\n"
        "2 questions reprises, 1 laissée de côté.\n"
        "Rien n’a été écrit. Pour écrire le reste, ajoutez --partial.\n"
    ).replace("« ::b::Non {=oui »", "« b »")
    assert (answer.exit_code, Path("b.yaml").exists()) == (1, False)


def test_import_of_a_part_is_laid_out_and_passes_check() -> None:
    Path("q.gift").write_text(GIFT, "utf-8")

    answer = run("import", "q.gift", "--out", "b.yaml", "--partial")

    assert answer.output.endswith("b.yaml est écrit.\n")
    assert answer.exit_code == 0
    assert run("fmt", "--check", "b.yaml").output == "Rien à mettre en page.\n"
    assert "erreur format" not in run("check", "b.yaml").output


def test_import_keeps_a_bank_that_is_there() -> None:
    Path("q.gift").write_text("Oui ? {T}", "utf-8")
    Path("b.yaml").write_text("la mienne", "utf-8")

    refused = run("import", "q.gift", "--out", "b.yaml")

    assert refused.output == "b.yaml existe déjà. Choisissez un autre nom, ou ajoutez --replace.\n"
    assert (refused.exit_code, Path("b.yaml").read_text("utf-8")) == (1, "la mienne")
    assert run("import", "q.gift", "--out", "b.yaml", "--replace").exit_code == 0


def test_import_for_a_program() -> None:
    Path("q.gift").write_text(GIFT, "utf-8")

    told = json.loads(run("import", "q.gift", "--json").output)

    assert told == {
        "format": "GIFT",
        "questions": 2,
        "written": None,
        "losses": [
            {"item": "question 2 « b »", "line": 3, "what": "une accolade manque ou est de trop",
             "left_out": True, "keys": []},
        ],
    }  # fmt: skip


def test_a_file_that_cannot_be_read_says_why() -> None:
    Path("q.xml").write_text("<!DOCTYPE quiz><quiz/>", "utf-8")

    answer = run("import", "q.xml")

    assert answer.output == (
        "q.xml:1:1: Ce fichier contient un élément non autorisé : une déclaration de type (DTD)."
        " Retirez la ligne « <!DOCTYPE … > ».\n1 problème : rien n’a été importé.\n"
    )
    assert answer.exit_code == 1


@pytest.mark.parametrize("name", FORMATS)
def test_export_of_the_examples_comes_back(name: str) -> None:
    file = Path(f"x{FORMATS[name].suffixes[0]}")

    out = run("export", EXAMPLES, "--format", name, "--out", file, "--partial")
    back = run("import", file, "--out", "back.yaml")

    assert (out.exit_code, back.exit_code) == (0, 0), out.output + back.output
    kept = out.output.splitlines()[-2].split()[0]
    assert f"{kept} question" in back.output
    assert yaml.load(Path("back.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)["questions"]


def test_export_says_what_the_other_program_has_no_place_for() -> None:
    answer = run("export", EXAMPLES, "--format", "moodle", "--out", "x.xml")

    assert "Laissée de côté : ex-mot : Moodle n’a pas le type « word ».\n" in answer.output
    assert (answer.exit_code, Path("x.xml").exists()) == (1, False)
