"""The commands about proof, as somebody types them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from quizapp.cli import main
from quizapp.kit.store import Store
from tests import world
from tests.journeys.test_first_round import enter, sit


@pytest.fixture
def receipt(app: Flask, client: FlaskClient, tmp_path: Path) -> Path:
    """The receipt that Camille downloads, in a file."""
    enter(client, app.extensions["world"])
    paper = sit(client, right=3)
    file = tmp_path / "recu.txt"
    file.write_text(client.get(f"{paper}/recu.txt").text, "utf-8")
    return file


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The installation of the tests."""
    monkeypatch.setenv("QUIZAPP_INSTANCE", str(tmp_path))
    monkeypatch.setenv("QUIZAPP_SECRET_KEY", world.SECRET.decode())


def run(*words: object) -> Result:
    """What a command says."""
    return CliRunner().invoke(main, ["receipt", *map(str, words)])


def touch(tmp_path: Path, statement: str) -> None:
    """A hand in the table."""
    store = Store(f"sqlite:///{tmp_path / 'quizapp.db'}")
    with store.writing() as db:
        db.execute(text(statement))
    store.dispose()


def test_receipt_is_verified_without_a_database(
    receipt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "cles.json"
    keys.write_text(run("keys", "--json").output, "utf-8")
    elsewhere = tmp_path / "ailleurs"
    monkeypatch.setenv("QUIZAPP_INSTANCE", str(elsewhere))

    good = run("verify", receipt, "--keys", keys)
    altered = tmp_path / "faux.txt"
    altered.write_text(receipt.read_text("utf-8").replace("reponses: 6", "reponses: 5"), "utf-8")
    bad = run("verify", altered, "--keys", keys)

    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert "6 réponses comptées, 6 maillons" in good.output
    assert "Le nombre de réponses n’est pas celui de la chaîne." in bad.output
    assert not elsewhere.exists()


def test_receipt_is_verified_with_the_keys_of_the_installation(receipt: Path) -> None:
    assert run("verify", receipt).exit_code == 0
    assert run("rotate", "--why", "exercice").exit_code == 0
    assert run("verify", receipt).exit_code == 0


def test_verifying_without_keys_says_where_they_are(tmp_path: Path) -> None:
    file = tmp_path / "recu.txt"
    file.write_text("bonjour", "utf-8")

    answer = run("verify", file)

    assert answer.exit_code == 1
    assert "donnez les clés publiques du serveur avec --keys" in answer.output


def test_keys_tell_which_is_in_use(receipt: Path) -> None:
    before = run("keys").output.splitlines()
    run("rotate")
    after = run("keys").output.splitlines()

    assert [line.endswith("signe les reçus") for line in before] == [True, False]
    assert len(after) == 4
    assert after[1].startswith(before[0][:8])
    assert after[1].endswith("remplacée ; ce qu’elle a fait reste valable")


def test_audit_finds_nothing_where_nothing_was_touched(receipt: Path) -> None:
    answer = run("audit", receipt)

    assert (answer.exit_code, answer.output) == (
        0,
        f"{receipt} : 6 réponses, toutes retrouvées.\n1 copie(s) en base, chaînes entières.\n",
    )


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE answer SET response = '9' WHERE n = 2",
            ["Maillon 2", "Le maillon 2 (question 2)"],
        ),
        ("DELETE FROM answer WHERE n = 6", ["Maillon 6 (question 6)", "Le maillon par lequel"]),
        ("UPDATE sitting SET closed_at = NULL", ["La copie n’est plus close"]),
    ],
)
def test_audit_names_what_was_touched(
    receipt: Path, tmp_path: Path, statement: str, named: list[str]
) -> None:
    touch(tmp_path, statement)

    answer = run("audit", receipt)

    assert answer.exit_code == 1
    assert [words for words in named if words not in answer.output] == []


def test_audit_reads_receipts_out_of_any_text(receipt: Path, tmp_path: Path) -> None:
    tokens = re.findall(r"qr1\S+", receipt.read_text("utf-8"))
    letter = tmp_path / "lettre.txt"
    letter.write_text(f"Bonjour, voici « {tokens[1]} » et ({tokens[4]}).", "utf-8")
    nothing = tmp_path / "rien.txt"
    nothing.write_text("Bonjour", "utf-8")

    found, none = run("audit", letter), run("audit", nothing)

    assert f"{letter} : 2 réponses, toutes retrouvées." in found.output
    assert (none.exit_code, "ni un reçu de copie" in none.output) == (1, True)


def test_audit_still_finds_what_a_damaged_file_proves(receipt: Path, tmp_path: Path) -> None:
    lines = receipt.read_text("utf-8").replace("reponses: 6", "reponses: 5")
    receipt.write_text(lines, "utf-8")
    touch(tmp_path, "DELETE FROM answer WHERE n = 3")

    answer = run("audit", receipt)

    assert "Le nombre de réponses n’est pas celui de la chaîne." in answer.output
    assert "Maillon 3 (question 3) : cette réponse a été enregistrée, et manque." in answer.output
