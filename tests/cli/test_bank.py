"""The author's command line, on files as an author has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quizapp.cli import main

GOOD = """\
bank: essai
title: Essai
questions:
  - id: un
    topic: accueil
    difficulty: 1
    text: Que dit-on en décrochant\u00a0?
    answer: Bonjour
    wrong: [Allô, Oui]
    explanation: La salutation vient avant toute question.
    source: AFNOR, NF Service
"""
WARNED = GOOD.replace("décrochant\u00a0?", "décrochant?")
WRONG = GOOD.replace("[Allô, Oui]", "[Le bonjour, Oui]")
BROKEN = GOOD.replace("difficulty: 1", "difficulty: dur")


def run(*arguments: str | Path, given: str | None = None) -> Result:
    """What the command answers."""
    return CliRunner().invoke(main, ["bank", *map(str, arguments)], input=given)


def test_check_of_a_good_bank_finds_nothing(file: Path) -> None:
    file.write_text(GOOD, "utf-8")

    answer = run("check", file, "--strict")

    assert answer.output == "b.yaml: 1 question, 1 thème.\nRien à reprendre.\n"
    assert answer.exit_code == 0


def test_check_tells_a_warning_and_refuses_it_when_strict(file: Path) -> None:
    file.write_text(WARNED, "utf-8")

    answer = run("check", file)

    assert answer.output == (
        "b.yaml:7:11: alerte QA301 Il manque une espace avant «\u00a0?\u00a0». Tapez Alt+0160"
        " (Option+Espace sur Mac), ou lancez «\u00a0bank fmt --typography\u00a0».\n"
        "b.yaml: 1 question, 1 thème.\n0 erreur, 1 alerte, 0 conseil.\n"
    )
    assert answer.exit_code == 0
    assert run("check", file, "--strict").exit_code == 1


def test_check_tells_the_form_first_and_refuses(file: Path) -> None:
    file.write_text(BROKEN, "utf-8")
    other = Path("c.yaml")
    other.write_text(WRONG, "utf-8")

    answer = run("check", other, file)

    told = [line.partition(" ")[0] for line in answer.output.splitlines()]
    assert told == ["b.yaml:6:17:", "c.yaml:9:13:", "c.yaml:", "2"]
    assert answer.exit_code == 1


def test_check_as_json_says_the_same(file: Path) -> None:
    file.write_text(WRONG, "utf-8")

    said = json.loads(run("check", file, "--format", "json").output)

    assert said["banks"] == [{"file": "b.yaml", "bank": "essai", "questions": 1}]
    assert said["findings"] == [
        {
            "file": "b.yaml", "line": 9, "column": 13, "code": "QA203", "severity": "error",
            "question": "un", "what": "«\u00a0Le bonjour\u00a0» et «\u00a0Bonjour\u00a0» disent la même chose.",
            "mend": "Retirez l’un des deux.",
        }
    ]  # fmt: skip


def test_check_for_github_escapes_what_would_end_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a,b:c%.yaml"
    file.write_text(WRONG.replace("bonjour", "bonjour"), "utf-8")

    answer = run("check", file, "--format", "github")

    assert answer.output.startswith("::error file=")
    assert "a%2Cb%3Ac%25.yaml,line=9,col=13,title=QA203::" in answer.output


def test_check_as_of_a_day_to_come(file: Path) -> None:
    file.write_text(GOOD + "    true_until: 2030-01-01\n", "utf-8")

    assert "QA403" not in run("check", file, "--on", "2029-01-01").output
    assert "QA403" in run("check", file, "--on", "2030-01-02").output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"bank: \xff\n", "b.yaml:1:1: Ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8.\n"),
        (b"#" * 5_000_001, "b.yaml:1:1: Ce fichier dépasse 5 Mo. Répartissez-le en plusieurs banques.\n"),
    ],
)  # fmt: skip
def test_unreadable_file_is_refused(file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)

    answer = run("check", file)

    assert (answer.output, answer.exit_code) == (told, 1)


def test_rules_are_listed_and_explained() -> None:
    assert "QA101  alerte   La bonne réponse est nettement la plus longue\n" in run("rules").output
    assert "Haladyna" in run("rules", "qa101").output
    assert run("rules", "QA999").exit_code == 1


def test_fmt_lays_out_and_comes_to_rest(file: Path) -> None:
    file.write_text(GOOD.replace("  - id: un\n", "  - source: Ailleurs # à revoir\n    id: un\n").replace(
        "    source: AFNOR, NF Service\n", ""), "utf-8")  # fmt: skip

    first, second = run("fmt", file, "--check"), run("fmt", file)

    assert (first.output, first.exit_code) == ("b.yaml : à mettre en page.\n", 1)
    assert (second.output, second.exit_code) == ("b.yaml : mis en page.\n", 0)
    assert file.read_text("utf-8") == GOOD.replace("AFNOR, NF Service", "Ailleurs # à revoir")
    assert run("fmt", file, "--check").output == "Rien à mettre en page.\n"


def test_fmt_leaves_texts_alone_unless_asked(file: Path) -> None:
    file.write_text(WARNED, "utf-8")

    assert run("fmt", file, "--check").exit_code == 0
    assert run("fmt", file, "--typography").exit_code == 0
    assert file.read_text("utf-8") == GOOD


def test_fmt_refuses_a_broken_bank_and_leaves_it(file: Path) -> None:
    file.write_text(BROKEN, "utf-8")

    answer = run("fmt", file)

    assert answer.exit_code == 1
    assert answer.output.endswith("1 problème : b.yaml est inchangé.\n")
    assert file.read_text("utf-8") == BROKEN


def test_diff_tells_what_changes_and_how_far(file: Path) -> None:
    file.write_text(GOOD, "utf-8")
    new = Path("new.yaml")
    new.write_text(
        GOOD.replace("answer: Bonjour", "answer: Bonsoir").replace("Allô", "Salut"), "utf-8"
    )

    answer = run("diff", file, new)

    assert answer.output == (
        "un\n  mauvais choix (change la note)\n    - Allô | Oui\n    + Salut | Oui\n"
        "  bonne réponse (change la note)\n    - Bonjour\n    + Bonsoir\n"
        "1 question où la note peut changer.\n"
    )
    assert [one["key"] for one in json.loads(run("diff", file, new, "--json").output)] == [
        "wrong", "answer",
    ]  # fmt: skip
    assert run("diff", file, file).output == "Aucun changement de sens.\n"
