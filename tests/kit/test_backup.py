"""Backups: of one moment while others write, refused when damaged, put back with the old kept."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import SQLModel, func, select

from quizapp.kit import backup, migrate, restoring
from quizapp.kit.backup import BackupError
from quizapp.kit.journal import JournalEntry
from quizapp.kit.store import Store
from quizapp.sitting.tables import Answer
from tests.lived import live
from tests.world import World

SECRET = b"une cle"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def _make(store: Store, file: Path) -> Path:
    backup.make(store, file, secret=SECRET, now=NOW)
    return file


def _rows(store: Store) -> dict[str, set[tuple[object, ...]]]:
    with store.reading() as db:
        return {
            table.name: {tuple(row) for row in db.execute(select(table))}
            for table in SQLModel.metadata.sorted_tables
            if table.name != "lease"
        }


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


def test_backup_of_either_kind_is_put_back_into_either(
    world: World, store: Store, tmp_path: Path
) -> None:
    live(world)
    file = _make(store, tmp_path / "s.sauvegarde")

    told, aside = restoring.restore(file, _url(tmp_path / "neuf" / "q.db"), force=False, now=NOW)

    found = Store(_url(tmp_path / "neuf" / "q.db"))
    assert _rows(found) == _rows(store)
    assert (told.kind, aside) == (store.engine.dialect.name, None)
    assert told.key == backup.key_fingerprint(SECRET)
    assert file.stat().st_mode & 0o777 == 0o600
    found.dispose()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_backup_of_sqlite_is_put_back_into_postgresql(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    live(world)
    file = _make(world.store, tmp_path / "s")
    before = _rows(world.store)
    url = request.getfixturevalue("empty_postgres")

    restoring.restore(file, url, force=False, now=NOW)

    found = Store(url)
    assert _rows(found) == before
    found.dispose()
    with pytest.raises(BackupError, match="pas vide"):
        restoring.restore(file, url, force=False, now=NOW)
    with pytest.raises(BackupError, match="rien n’est écrasé"):
        restoring.restore(file, url, force=True, now=NOW)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_backup_while_others_write_is_of_one_moment(world: World, tmp_path: Path) -> None:
    """Each change writes two lines: a backup with one of them would be of no moment at all."""
    store, stop, failed = world.store, threading.Event(), []
    with store.writing() as db:
        db.add_all(
            JournalEntry(at=NOW, who="x" * 200, what="plein", subject=str(number), why="y" * 2_000)
            for number in range(5_000)
        )

    def write() -> None:
        try:
            own = Store(store.engine.url.render_as_string())
            while not stop.is_set():
                with own.writing() as db:
                    for half in ("un", "deux"):
                        db.add(JournalEntry(at=NOW, who="test", what=half, subject="paire"))
                        db.flush()
                written.release()
            own.dispose()
        except Exception as error:
            failed.append(error)

    written = threading.Semaphore(0)
    seen = []
    writer = threading.Thread(target=write)
    writer.start()
    for number in range(3):
        written.acquire()
        steps = []

        def note(done: int, whole: int, steps: list[int] = steps) -> None:
            steps.append(done)
            written.acquire()  # at least one change is stored between two steps

        file = tmp_path / f"s{number}"
        backup.make(store, file, secret=SECRET, now=NOW, progress=note)
        assert len(steps) > 1
        with backup.unpacked(file) as (database, _):
            found = Store(_url(database))
            with found.reading() as db:
                seen.append(
                    [
                        db.exec(
                            select(func.count())
                            .select_from(JournalEntry)
                            .where(JournalEntry.what == half)
                        ).one()
                        for half in ("un", "deux")
                    ]
                )
            found.dispose()
    stop.set()
    writer.join()

    assert failed == []
    assert all(one == two > 0 for one, two in seen)
    assert seen == sorted(seen)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_damaged_backup_is_refused(world: World, tmp_path: Path) -> None:
    live(world)
    file = _make(world.store, tmp_path / "s")
    sound, chance = file.read_bytes(), random.Random(4)
    target = tmp_path / "neuf.db"

    for place in [chance.randrange(len(sound)) for _ in range(100)] + [0, len(sound) - 1]:
        damaged = bytearray(sound)
        damaged[place] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        with pytest.raises(BackupError):
            restoring.restore(file, _url(target), force=False, now=NOW)
    for length in (0, 1, 65, 66, 4_096, len(sound) // 2, len(sound) - 1):
        file.write_bytes(sound[:length])
        with pytest.raises(BackupError):
            backup.verify(file)

    assert not target.exists()
    file.write_bytes(sound)
    assert backup.verify(file).tables["answer"][0] == 4


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_backup_that_was_resealed_with_other_contents_is_refused(
    world: World, tmp_path: Path
) -> None:
    live(world)
    file = _make(world.store, tmp_path / "s")
    manifest = backup.verify(file)
    with file.open("r+b") as stream:
        stream.truncate(manifest.size)
    with sqlite3.connect(file) as db:
        db.execute("UPDATE answer SET response = '3' WHERE n = 1 AND sitting_id = 1")
    db.close()
    backup._seal(file, manifest)

    with pytest.raises(BackupError, match="annoncé"):
        backup.verify(file)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_backup_of_a_newer_version_is_refused(world: World, tmp_path: Path) -> None:
    with world.store.changing() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    file = _make(world.store, tmp_path / "s")

    with pytest.raises(BackupError, match="plus récente"):
        backup.verify(file)


def test_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = Store(_url(tmp_path / "vieux.db"))
    migrate.upgrade(old, revision="0001")
    file = _make(old, tmp_path / "s")
    old.dispose()

    restoring.restore(file, _url(tmp_path / "neuf.db"), force=False, now=NOW)

    found = Store(_url(tmp_path / "neuf.db"))
    assert migrate.is_current(found)
    found.dispose()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_restoring_over_a_contest_needs_force_and_keeps_it(world: World, tmp_path: Path) -> None:
    file = _make(world.store, tmp_path / "s")
    live(world)
    world.store.dispose()
    target = Path(world.store.engine.url.database or "")

    with pytest.raises(BackupError, match="--force"):
        restoring.restore(file, _url(target), force=False, now=NOW)
    _, aside = restoring.restore(file, _url(target), force=True, now=NOW)

    counts = []
    for where in (target, aside):
        found = Store(_url(where))
        with found.reading() as db:
            counts.append(len(db.exec(select(Answer)).all()))
        found.dispose()
    assert counts == [0, 4]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_restoring_under_a_running_server_is_refused(world: World, tmp_path: Path) -> None:
    file = _make(world.store, tmp_path / "s")
    target = world.store.engine.url.render_as_string()

    with world.store.reading() as db:
        db.exec(select(Answer)).all()
        with pytest.raises(BackupError, match="arrêtez"):
            restoring.restore(file, target, force=True, now=NOW)

    with world.store.reading() as db:
        assert db.exec(select(Answer)).all() == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_restoring_over_a_damaged_database_works(world: World, tmp_path: Path) -> None:
    file = _make(world.store, tmp_path / "s")
    target = tmp_path / "abime.db"
    target.write_bytes(b"SQLite format 3\x00" + b"?" * 5_000)

    restoring.restore(file, _url(target), force=True, now=NOW)

    found = Store(_url(target))
    assert _rows(found) == _rows(world.store)
    found.dispose()


def test_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    store = Store(_url(tmp_path / "vide.db"))

    with pytest.raises(BackupError):
        _make(store, tmp_path / "s")

    assert not (tmp_path / "s").exists()
    store.dispose()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_disk_that_is_full_leaves_no_half_backup(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "ailleurs"
    monkeypatch.setattr(backup, "_seal", full)

    with pytest.raises(OSError, match="No space"):
        _make(world.store, folder / "s")

    assert [*folder.iterdir()] == []
    shutil.rmtree(folder)
