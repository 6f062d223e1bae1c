"""The commands of an edition: what they say, and how they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from quizapp.cli import main
from tests.world import EDITION


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The small world's edition, as a file."""
    made = tmp_path / "edition.yaml"
    made.write_text(EDITION.replace("PAGE", "one"), "utf-8")
    return made


def test_check_tells_when_everybody_ends(file: Path) -> None:
    run = CliRunner().invoke(main, ["edition", "check", str(file)])

    assert run.exit_code == 0, run.output
    assert run.stdout.splitlines()[1] == (
        "Premier tour, avec un temps supplémentaire de 1/3 : "
        "fin entre le 28/11/2026 à 10 h 26 min 40 s et le 28/11/2026 à 11 h 06 min 40 s."
    )
    assert (
        run.stdout.splitlines()[-1] == "Le calendrier de « Concours d’essai » tient ses promesses."
    )


def test_check_refuses_a_schedule_that_cuts_somebody(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("28 11:00", "28 10:20"), "utf-8")

    run = CliRunner().invoke(main, ["edition", "check", str(file)])

    assert run.exit_code == 1
    assert f"{file}:14:13: Qui commence à 10 h 05 perdrait 5 min" in run.stderr
    assert "1 problème dans le calendrier." in run.stderr
