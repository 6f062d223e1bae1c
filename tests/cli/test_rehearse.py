"""The dress rehearsal: a whole day without waiting, the same for the same seed, and sharp eyes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlmodel import Session

from quizapp.banks import shipped
from quizapp.cli import main
from quizapp.cli.dress import verdict, world
from quizapp.cli.dress.day import Day
from quizapp.contests.queries import current_edition
from quizapp.kit import migrate
from quizapp.kit.store import Store
from tests.world import EDITION, OPENS, SUBSIDIARY, bank

# Every shipped type of question stands in this bank.
TYPES = """\
      - {bank: entrainement, title: Tous les types, questions: 12}
    ties:"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition, and the banks that it draws from."""
    tmp_path = tmp_path_factory.mktemp("banks")
    for name, held in (
        ("c", bank("culture-generale", 5)), ("r", bank("relation-client", 4)), ("s", SUBSIDIARY),
        ("e", (shipped.folder() / "entrainement.yaml").read_text("utf-8")),
    ):  # fmt: skip
        (tmp_path / f"{name}.yaml").write_text(held, "utf-8")
    edition = EDITION.replace("PAGE", "one").replace("    ties:", TYPES)
    edition = edition.replace("rules:", "practice: no\nrules:")
    (tmp_path / "edition.txt").write_text(edition, "utf-8")
    return tmp_path


def rehearse(folder: Path, *options: str) -> Any:
    """Run the command."""
    file = str(folder / "edition.txt")
    return CliRunner().invoke(main, ["rehearse", file, "--banks", str(folder), *options])


def test_day_is_sound_and_the_same_for_the_same_seed(folder: Path) -> None:
    runs = [
        rehearse(folder, "--candidates", "40", "--json", "--seed", seed) for seed in ("3", "3", "4")
    ]

    told = [json.loads(run.output) for run in runs]
    for one in told:
        one.pop("seconds")
    assert [run.exit_code for run in runs] == [0, 0, 0]
    assert told[0] == told[1] != told[2]
    assert told[0]["sound"]
    assert min(told[0]["faults"].values()) > 0, told[0]["faults"]
    assert set(told[0]["answers"]) == {"kept", "repeated", "stale", "late", "elsewhere", "paused"}


def test_account_reads_as_a_page(folder: Path) -> None:
    run = rehearse(folder, "--candidates", "5")

    lines = run.output.splitlines()
    assert run.exit_code == 0
    assert lines[0] == "RÉPÉTITION GÉNÉRALE : Concours d’essai, Premier tour"
    assert lines[-1] == "Tout est conforme."
    assert len([line for line in lines if line.startswith("      oui  ")]) == len(verdict.CHECKS)
    assert len(lines) < 60


@pytest.mark.parametrize(
    ("old", "new", "options", "told"),
    [
        ("grace: 30", "grace: -1", (), "trop petit"),
        ("questions: 3", "questions: 9", (), "culture-generale"),
        ("edition:", "edition:", ("--stage", "finale"), "pas de quiz « finale »"),
    ],
)
def test_edition_that_cannot_be_held_is_refused(
    folder: Path, old: str, new: str, options: tuple[str, ...], told: str
) -> None:
    file = folder / "edition.txt"
    sound = file.read_text("utf-8")
    file.write_text(sound.replace(old, new), "utf-8")
    run = rehearse(folder, *options)
    file.write_text(sound, "utf-8")

    assert run.exit_code == 1
    assert told in run.output
    assert "rien à répéter" in run.output


@pytest.fixture(scope="module")
def day(folder: Path) -> Iterator[Day]:
    """A day of twenty advisers that is over; nobody changes it for good."""
    store = Store(f"sqlite:///{folder / 'r.db'}")
    migrate.upgrade(store)
    with store.writing() as db:
        edition = (folder / "edition.txt").read_text("utf-8")
        plan = world.load(
            db, edition, file="e", folder=folder, stage=None, seed=1, now=OPENS
        )  # fmt: skip
        row = current_edition(db)
        assert row is not None
        advisers = world.apply(db, row, 20, random.Random(1), OPENS)
        db.expunge_all()
    done = Day(store, plan, advisers, 1)
    done.close(max(done.run(), plan.window.closes))
    yield done
    store.dispose()


def failing(day: Day, harm: str = "") -> set[str]:
    """The checks that find something once this harm is done, which is undone afterwards."""
    with Session(day.store.engine) as db:
        if harm:
            assert db.execute(text(harm)).rowcount
        return {name for name, lines in verdict.problems(db, day).items() if lines}


def test_sound_day_fails_nothing(day: Day) -> None:
    assert failing(day) == set()


@pytest.mark.parametrize(
    ("harm", "noticed"),
    [
        ("DELETE FROM answer WHERE n = 3", {"kept", "chains"}),
        ("UPDATE answer SET response = '0,1,2' WHERE n = 2", {"kept", "chains"}),
        ("UPDATE answer SET late = 1 WHERE n = 1", {"kept"}),
        ("UPDATE sitting SET ends_at = '2026-11-28 12:34:56.000000' WHERE id = 5", {"ends"}),
        ("UPDATE score SET points = '17' WHERE sitting_id = 4", {"scores"}),
        ("UPDATE draft SET city_rank = city_rank + 1", {"ranks", "published"}),
        ("UPDATE draft SET status = 'reserve'", {"ranks", "published"}),
        ("DELETE FROM score WHERE sitting_id = 4", {"attendance", "ranks"}),
        ("UPDATE standing SET nation_rank = nation_rank + 1", {"published"}),
        ("DELETE FROM draft WHERE position = 2", {"ranks", "published"}),
    ],
)  # fmt: skip
def test_harm_done_to_the_database_is_noticed(day: Day, harm: str, noticed: set[str]) -> None:
    assert failing(day, harm) == noticed


def test_lost_answer_is_named(day: Day) -> None:
    with Session(day.store.engine) as db:
        db.execute(text("DELETE FROM answer WHERE n = 3"))
        lines = list(verdict.kept(db, day))

    assert sum("réponse accusée et perdue" in line for line in lines) > 1


def test_word_that_breaks_the_rules_is_noticed(day: Day) -> None:
    day.seen.wrong.append("candidat 000001 : « kept » au lieu de « late »")
    found = failing(day)
    day.seen.wrong.clear()

    assert found == {"fates"}


def test_stage_with_times_of_its_own_is_refused_in_words(folder: Path) -> None:
    file = folder / "cadence.txt"
    text = (folder / "edition.txt").read_text("utf-8")
    paced = "title: Relation client, questions: 2, seconds_per_question: 45}"
    file.write_text(text.replace("title: Relation client, questions: 2}", paced), "utf-8")

    run = CliRunner().invoke(main, ["rehearse", str(file), "--banks", str(folder)])

    assert run.exit_code == 1
    assert "ne sait pas encore les suivre" in run.output
