"""The schema: brought up to date by Alembic, forward only, by one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from quizapp.kit.store import Store

# Any number will do, as long as nothing else in this database takes it.
_ADVISORY_LOCK = 7_305_024_112


def _home() -> Path:
    package = Path(__file__).resolve().parents[1]
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def config(store: Store) -> Config:
    """Alembic's configuration for this database."""
    settings = Config()
    settings.set_main_option("script_location", str(_home()))
    settings.attributes["engine"] = store.engine
    return settings


def upgrade(store: Store, *, revision: str = "head") -> None:
    """Bring the schema to this version of the program; does nothing if it is there already.

    Two processes that start at once do it once: the second waits, and finds it done. Each migration
    is one transaction, so that one that was interrupted has not begun.
    """
    with _alone(store):
        command.upgrade(config(store), revision)


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """Hold the one right to change the schema; a process that dies gives it back."""
    if store.engine.dialect.name == "sqlite":
        file = store.engine.url.database
        if not file:
            yield  # in memory, and nobody else's
            return
        with open(f"{file}.upgrade", "ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        return
    with store.engine.connect() as connection:
        key = {"key": _ADVISORY_LOCK}
        connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
        connection.commit()  # the lock is the session's; no transaction stays open meanwhile
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def current(store: Store) -> str | None:
    """The revision of the schema; None before the first."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The revision that this version of the program works with."""
    return str(scripts().get_current_head())


def known(revision: str) -> bool:
    """Whether this version of the program knows how to go on from a revision."""
    return any(script.revision == revision for script in scripts().walk_revisions())


def scripts() -> ScriptDirectory:
    """The migrations that this version of the program knows."""
    return ScriptDirectory(str(_home()))


def is_current(store: Store) -> bool:
    """Whether the schema is that of this version of the program."""
    return current(store) == head()
