"""The commands for the database: what they say, and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from quizapp.cli import main
from quizapp.kit import lease
from quizapp.kit.store import Store
from quizapp.sitting.tables import Answer
from tests import world as worlds
from tests.lived import live


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The instance folder of a contest that has been lived."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("QUIZAPP_INSTANCE", str(folder))
    monkeypatch.delenv("QUIZAPP_SECRET_KEY", raising=False)
    store = Store(f"sqlite:///{folder / 'quizapp.db'}")
    live(worlds.build(store))
    store.dispose()
    return folder


def run(*words: str | Path) -> Result:
    """What a command says."""
    return CliRunner().invoke(main, [str(word) for word in words])


def _answers(file: Path) -> int:
    store = Store(f"sqlite:///{file}")
    with store.reading() as db:
        found = len(db.exec(select(Answer)).all())
    store.dispose()
    return found


def test_backup_is_made_verified_and_put_back(instance: Path, tmp_path: Path) -> None:
    file, base = tmp_path / "s.sauvegarde", instance / "quizapp.db"

    made, checked = run("backup", file), run("verify", file)
    base.unlink()
    back = run("restore", file)

    assert [one.exit_code for one in (made, checked, back)] == [0, 0, 0], back.output
    assert "secret.key" in made.output
    assert "Tout est intact." in checked.output
    assert "Attention" not in back.output
    assert _answers(base) == 4


def test_backup_does_not_write_over_another(instance: Path, tmp_path: Path) -> None:
    file = tmp_path / "s"
    file.write_text("autre chose")

    refused = run("backup", file)

    assert (refused.exit_code, file.read_text()) == (1, "autre chose")
    assert run("backup", file, "--force").exit_code == 0
    assert run("verify", file).exit_code == 0


def test_backup_put_back_without_its_key_warns(instance: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "s")
    for file in instance.iterdir():
        if file.is_file():
            file.unlink()

    back = run("restore", tmp_path / "s")

    assert back.exit_code == 0
    assert "la clé secrète de cette installation n’est pas celle de la sauvegarde" in back.output


def test_restore_over_a_contest_is_refused_and_with_force_keeps_it(
    instance: Path, tmp_path: Path
) -> None:
    run("backup", tmp_path / "s")

    refused, forced = run("restore", tmp_path / "s"), run("restore", tmp_path / "s", "--force")

    assert (refused.exit_code, "--force" in refused.output) == (1, True)
    assert forced.exit_code == 0
    [aside] = instance.glob("quizapp.db.avant-*")
    assert _answers(aside) == 4


def test_file_that_is_no_backup_is_refused(instance: Path, tmp_path: Path) -> None:
    (tmp_path / "s").write_text("bonjour\n" * 40)

    for command in ("verify", "restore"):
        refused = run(command, tmp_path / "s")
        assert (refused.exit_code, "n’est pas une sauvegarde" in refused.output) == (1, True)


def test_database_is_copied_to_another_address(instance: Path, tmp_path: Path) -> None:
    source, target = f"sqlite:///{instance / 'quizapp.db'}", tmp_path / "neuve.db"

    copied, again = (
        run("db", "copy", source, f"sqlite:///{target}"),
        run("db", "copy", source, f"sqlite:///{target}"),
    )

    assert (copied.exit_code, "identiques" in copied.output) == (0, True)
    assert (again.exit_code, "n’est pas vide" in again.output) == (1, True)
    assert _answers(target) == 4


def test_database_that_is_being_served_is_not_copied(instance: Path, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{instance / 'quizapp.db'}")
    with store.writing() as db:
        lease.take(
            db,
            lease.WORKER,
            holder="serveur-1",
            now=datetime.now(UTC),
            span=worlds.NOON - worlds.OPENS,
        )
    store.dispose()

    refused = run(
        "db", "copy", f"sqlite:///{instance / 'quizapp.db'}", f"sqlite:///{tmp_path / 'n.db'}"
    )

    assert (refused.exit_code, "serveur-1" in refused.output) == (1, True)


@pytest.mark.parametrize("url", ["n’importe quoi", "mysql://a@b/c"])
def test_address_of_no_database_is_refused(instance: Path, url: str) -> None:
    refused = run("db", "copy", url, "sqlite://")

    assert refused.exit_code == 1
    assert refused.exception is None or isinstance(refused.exception, SystemExit)
