"""A whole database moved: between SQLite and PostgreSQL both ways, compared row by row."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select, text
from sqlmodel import SQLModel

from quizapp.kit import copying, migrate
from quizapp.kit.copying import CopyError, Digest
from quizapp.kit.journal import JournalEntry
from quizapp.kit.lease import Lease
from quizapp.kit.store import Store
from tests.conftest import POSTGRES, new_database
from tests.lived import live
from tests.world import World

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", POSTGRES])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Another empty database, of each kind."""
    if request.param == "sqlite":
        made = Store(f"sqlite:///{tmp_path / 'arrivee' / 'q.db'}")
    else:
        made = Store(request.getfixturevalue("other_postgres"))
    yield made
    made.dispose()


@pytest.fixture
def other_postgres(postgres: str) -> Iterator[str]:
    """A second new database on the server."""
    with new_database(postgres) as url:
        yield url


def _rows(store: Store) -> dict[str, set[tuple[object, ...]]]:
    with store.reading() as db:
        return {
            table.name: {tuple(row) for row in db.execute(select(table))}
            for table in SQLModel.metadata.sorted_tables
        }


def test_copy_has_every_row_and_counts_on(world: World, target: Store) -> None:
    live(world)

    copied = copying.copy(world.store, target)

    assert _rows(target) == _rows(world.store)
    assert copied == {name: len(rows) for name, rows in _rows(target).items() if name != "lease"}
    assert min(copied[name] for name in ("answer", "score", "standing", "throttle")) > 0
    with target.writing() as db:  # the next row of a table takes the next number
        entry = JournalEntry(at=NOON, who="test", what="après", subject="copie")
        db.add(entry)
        db.flush()
        assert entry.id == copied["journal"] + 1


def test_copy_into_a_database_that_holds_something_changes_nothing(
    world: World, target: Store
) -> None:
    migrate.upgrade(target)
    with target.writing() as db:
        db.add(JournalEntry(at=NOON, who="test", what="avant", subject="copie"))
    before = _rows(target)

    with pytest.raises(CopyError, match="journal"):
        copying.copy(world.store, target)

    assert _rows(target) == before


def test_copy_that_breaks_off_leaves_nothing(world: World, target: Store) -> None:
    live(world)

    def break_off(done: int, whole: int) -> None:
        if done > whole * 3 // 4:  # while it is read again
            raise RuntimeError("coupure")

    with pytest.raises(RuntimeError):
        copying.copy(world.store, target, progress=break_off)

    assert {name for name, rows in _rows(target).items() if rows} == set()
    copying.copy(world.store, target)
    assert _rows(target) == _rows(world.store)


def test_copy_that_differs_is_not_kept(
    world: World, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(world)
    honest = copying._copy_table

    def losing(there: object, here: object, table: object, done: object) -> Digest:
        digest = honest(there, here, table, done)
        if table.name == "answer":
            here.execute(text("UPDATE answer SET response = '3' WHERE sitting_id = 1 AND n = 1"))
        return digest

    monkeypatch.setattr(copying, "_copy_table", losing)

    with pytest.raises(CopyError, match="answer"):
        copying.copy(world.store, target)

    assert {name for name, rows in _rows(target).items() if rows} == set()


def test_database_of_an_older_version_is_not_copied(store: Store, target: Store) -> None:
    migrate.upgrade(store, revision="0001")

    with pytest.raises(CopyError, match="à jour"):
        copying.copy(store, target)


def test_table_that_nobody_knows_is_not_left_behind(world: World, target: Store) -> None:
    with world.store.changing() as db:
        db.execute(text("CREATE TABLE ailleurs (id INTEGER)"))

    with pytest.raises(CopyError, match="ailleurs"):
        copying.copy(world.store, target)


def test_every_table_but_the_leases_is_copied(store: Store) -> None:
    migrate.upgrade(store)

    there = {*inspect(store.engine).get_table_names()} - {"alembic_version", Lease.__tablename__}

    assert {table.name for table in copying.tables()} == there


def test_memory_does_not_grow_with_the_rows(store: Store, tmp_path: Path) -> None:
    def peak(rows: int, name: str) -> int:
        with store.changing() as db:
            for start in range(0, rows, 1_000):
                entries = [
                    {"at": NOON, "who": "x" * 200, "what": "essai", "subject": str(number),
                     "before": "", "after": "", "why": ""}
                    for number in range(start, start + 1_000)
                ]  # fmt: skip
                db.execute(insert(JournalEntry), entries)
        target = Store(f"sqlite:///{tmp_path / name}")
        migrate.upgrade(target)
        tracemalloc.start()
        copying.copy(store, target)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        target.dispose()
        return found

    migrate.upgrade(store)
    small = peak(2_000, "petit.db")

    assert peak(18_000, "grand.db") < 1.5 * small


def test_digest_minds_values_and_not_the_order() -> None:
    def digest(*rows: list[object]) -> str:
        made = Digest()
        for row in rows:
            made.add(row)
        return made.hex

    one, two = [1, "é", None, NOON], [2, "", Fraction(25, 2), True]

    assert digest(one, two) == digest(two, one)
    assert digest(one) != digest(one, one)
    assert digest([1, "1"]) != digest([1, 1])
    assert digest([None]) != digest([""])
    assert digest([NOON]) == digest([NOON.astimezone()])
    assert digest(["a", "b"]) != digest(["b", "a"])
