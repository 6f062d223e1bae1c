"""The store: durable on SQLite, and writers of all processes take turns in order of arrival."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from quizapp.kit.store import Store


@pytest.fixture
def lite(tmp_path: Path) -> Store:
    """An empty SQLite file."""
    return Store(f"sqlite:///{tmp_path / 'q.db'}")


def test_commit_waits_for_the_disk_and_readers_wait_for_nobody(lite: Store) -> None:
    with lite.changing() as connection:
        settings = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert settings == ["wal", 2, 1]  # 2 is FULL


def test_second_store_of_a_file_waits_for_its_turn(lite: Store) -> None:
    other = Store(str(lite.engine.url))
    order: list[str] = []
    first_is_in, may_leave = threading.Event(), threading.Event()

    def first() -> None:
        with lite.changing():
            first_is_in.set()
            may_leave.wait(10)
            order.append("first")

    def second() -> None:
        first_is_in.wait(10)
        with other._turn:
            order.append("second")

    threads = [threading.Thread(target=one) for one in (first, second)]
    for thread in threads:
        thread.start()
    first_is_in.wait(10)
    waiting = threads[1]
    waiting.join(0.2)
    still_waiting = waiting.is_alive()
    may_leave.set()
    for thread in threads:
        thread.join(10)

    assert still_waiting
    assert order == ["first", "second"]


def test_turn_is_given_up_when_a_change_fails(lite: Store) -> None:
    with pytest.raises(RuntimeError, match="undone"), lite.changing():
        raise RuntimeError("undone")

    with lite.changing() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_writer_has_the_right_to_write_from_its_first_statement(lite: Store) -> None:
    """One that only reads at first could be told, half-way, that another came before it."""
    with lite.changing() as connection:
        connection.execute(text("SELECT 1"))
        with closing(sqlite3.connect(str(lite.engine.url.database), timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            other.execute("BEGIN").execute("SELECT 1 FROM sqlite_master")
