"""The one writer of a process: what it says is stored, and a bad row harms nobody else."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from quizapp.kit.store import Store
from quizapp.kit.writer import GroupWriter


@pytest.fixture
def lite(tmp_path: Path) -> Store:
    """A file with one table of numbers."""
    store = Store(f"sqlite:///{tmp_path / 'q.db'}")
    with store.changing() as connection:
        connection.execute(text("CREATE TABLE number (value INTEGER PRIMARY KEY)"))
    return store


def add(connection: Connection, numbers: Sequence[int]) -> list[str | None]:
    """Keep numbers; a negative one is refused by the code, not by the database."""
    for number in numbers:
        if number < 0:
            raise ValueError(f"not a number of ours: {number}")
        connection.execute(
            text("INSERT INTO number VALUES (:n) ON CONFLICT DO NOTHING"), {"n": number}
        )
    return [f"kept {number}" for number in numbers]


def numbers(store: Store) -> list[int]:
    """What is stored, seen by another connection."""
    with store.engine.connect() as connection:
        return list(connection.execute(text("SELECT value FROM number ORDER BY value")).scalars())


def all_at_once(writer: GroupWriter[int, str], items: Sequence[int]) -> dict[int, str]:
    """Put each from a thread of its own; what each was told."""
    told: dict[int, str] = {}

    def put(item: int) -> None:
        try:
            told[item] = writer.put(item)
        except (ValueError, OperationalError) as error:
            told[item] = type(error).__name__

    threads = [threading.Thread(target=put, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_what_is_told_as_kept_is_stored(lite: Store) -> None:
    told = all_at_once(GroupWriter(lite, add), range(50))

    assert told == {number: f"kept {number}" for number in range(50)}
    assert numbers(lite) == list(range(50))


def test_one_bad_row_fails_alone(lite: Store) -> None:
    told = all_at_once(GroupWriter(lite, add), [1, 2, -3, 4])

    assert told == {1: "kept 1", 2: "kept 2", -3: "ValueError", 4: "kept 4"}
    assert numbers(lite) == [1, 2, 4]


def test_commit_that_fails_is_told_to_all_who_waited_and_the_writer_goes_on(lite: Store) -> None:
    broken = threading.Event()
    broken.set()

    def keep(connection: Connection, items: Sequence[int]) -> list[str | None]:
        if broken.is_set():
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        return add(connection, items)

    writer = GroupWriter(lite, keep)
    refused = all_at_once(writer, [1, 2, 3])
    broken.clear()

    assert refused == dict.fromkeys([1, 2, 3], "OperationalError")
    assert numbers(lite) == []
    assert all_at_once(writer, [4]) == {4: "kept 4"}


def test_item_that_has_to_wait_is_stored_by_the_next_transaction(lite: Store) -> None:
    transactions: list[list[int]] = []

    def one_at_a_time(connection: Connection, items: Sequence[int]) -> list[str | None]:
        transactions.append(list(items))
        return [*add(connection, items[:1]), *(None for _ in items[1:])]

    told = all_at_once(GroupWriter(lite, one_at_a_time), [1, 2, 3])

    assert told == {1: "kept 1", 2: "kept 2", 3: "kept 3"}
    assert len(transactions) >= 3
