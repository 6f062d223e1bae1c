"""The database: its engine, reading and writing sessions, and the column types of the house."""

from __future__ import annotations

import fcntl
import hashlib
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, String, TypeDecorator, event
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel, create_engine

# Named constraints can be changed by a later migration on every database.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# Connections that stay open, one for each thread of a server process: opening one costs more than
# most of what is asked of it.
_THREADS = 48


class Instant(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime names no instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Fraction]):
    """A fraction, kept as text such as ``25/2``: no total ever passes through a float."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As numerator and denominator."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:  # noqa: ARG002
        """As it was."""
        return None if value is None else Fraction(value)


class Store:
    """One database, and the two ways to it.

    ``reading`` sees one moment and changes nothing; ``writing`` is one transaction, committed
    durably when its block ends well and undone otherwise. On SQLite a writer takes its turn at the
    start (a lock in the order of arrival, then BEGIN IMMEDIATE), so that it never fails half-way
    because another came first, and never waits for long behind those that came later.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writer = self.engine.execution_options(writing=True)
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self._turn: AbstractContextManager[None] = _Turn(f"{file}.turn") if file else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading."""
        with Session(self.engine, autoflush=False) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one change: what happened in its block is stored once the block has ended."""
        with self._turn, Session(self._writer, expire_on_commit=False) as db, db.begin():
            yield db

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """As ``writing``, with plain statements and no objects."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All that was stored at one moment, however long the reading takes."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            yield connection

    def dispose(self) -> None:
        """Close all connections; a forked process must start with none."""
        self.engine.dispose()


def plain(db: Session | Connection) -> Connection:
    """Where plain statements go: a session costs more to make than most of them to run."""
    return db if isinstance(db, Connection) else db.connection()


class _Turn(AbstractContextManager[None]):
    """Whose turn it is to write to a SQLite file, among the threads and processes of a machine.

    SQLite's own waiting polls, and may leave one process waiting for long behind the others:
    flock(2) hands over in the order of arrival, and a process that dies gives its turn up.
    """

    def __init__(self, file: str) -> None:
        self._file, self._threads = file, threading.Lock()

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            self._held = open(self._file, "ab")  # closing it gives the turn up
            fcntl.flock(self._held, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_error: object) -> None:
        self._held.close()
        self._threads.release()


def _engine(url: str) -> Engine:
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        return create_engine(parts.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if parts.database and parts.database != ":memory:":
        file = Path(parts.database)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # it names people; SQLite gives its log the same mode
    engine = create_engine(parts, connect_args={"timeout": 10}, pool_size=_THREADS, max_overflow=16)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a commit that returned survives a power cut
        "busy_timeout = 10000",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -16000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("sha256_hex", 1, _sha256_hex, deterministic=True)


def _sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
