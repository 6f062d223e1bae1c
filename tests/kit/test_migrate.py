"""Migrations: killed at every statement and resumed; done once when two begin at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

from sqlalchemy import event

from quizapp.kit import migrate
from quizapp.kit.store import Store

ROOT = Path(__file__).parents[2]


def _url(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def test_killed_at_every_statement_a_migration_has_not_begun(store: Store) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.kit.killed", _url(store)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["half_done"] == []
    assert min(told["kills"].values()) >= 4
    assert migrate.is_current(store)


def test_two_that_begin_at_once_migrate_once(store: Store) -> None:
    barrier, made, failed = Barrier(2), [], []

    def begin() -> None:
        own = Store(_url(store))

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if "CREATE TABLE edition" in statement:
                made.append(statement)

        event.listen(own.engine, "before_cursor_execute", note)
        barrier.wait()
        try:
            migrate.upgrade(own)
        except Exception as error:
            failed.append(error)
        own.dispose()

    threads = [Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert len(made) == 1
    assert migrate.is_current(store)


def test_schema_of_an_older_version_is_not_current(store: Store) -> None:
    migrate.upgrade(store, revision="0001")

    assert not migrate.is_current(store)
    assert migrate.current(store) == "0001"
