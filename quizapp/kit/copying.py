"""Everything of one database into another: in one transaction, in constant memory, compared row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, inspect, select, text
from sqlmodel import SQLModel

from quizapp.kit import migrate
from quizapp.kit.lease import Lease
from quizapp.kit.store import Store

_CHUNK = 1_000  # rows read and written at a time

# Told how much is done of how much.
Progress = Callable[[int, int], None]


class CopyError(Exception):
    """Nothing was copied, and why, in French."""


@dataclass(slots=True)
class Digest:
    """The fingerprint of a set of rows, whatever their order: their number, and a sum of hashes."""

    rows: int = 0
    _sum: int = field(default=0, repr=False)

    def add(self, row: Iterable[Any]) -> None:
        """Take one row in."""
        told = json.dumps([_plain(value) for value in row], ensure_ascii=False)
        self._sum += int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest())
        self.rows += 1

    @property
    def hex(self) -> str:
        """The fingerprint as text."""
        return f"{self._sum % 2**256:064x}"


def _plain(value: Any) -> Any:
    """A value as JSON tells it, the same whatever database it comes from."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case Fraction() | Decimal():
            return str(value)
        case bytes():
            return value.hex()
    return value


def tables() -> list[Table]:
    """The tables in an order in which each comes after those it refers to; not the leases.

    A lease says what is going on in one database at this moment: it means nothing in another.
    """
    return [t for t in SQLModel.metadata.sorted_tables if t.name != Lease.__tablename__]


def copy(
    source: Store, target: Store, *, progress: Progress = lambda _done, _whole: None
) -> dict[str, int]:
    """Copy all rows, read them again, and compare; the number of rows of each table.

    All or nothing: the target is one transaction. Raises CopyError if the source is not of this
    version of the program, if the target holds anything, or if a table differs at the end.
    """
    if not migrate.is_current(source):
        raise CopyError("La base de départ n’est pas à jour. Lancez d’abord : quizapp db upgrade")
    migrate.upgrade(target)
    _refuse_unknown_tables(source)
    with source.snapshot() as there, target.changing() as here:
        _refuse_rows(here)
        done = _Done(2 * sum(_count(there, table) for table in tables()), progress)
        read = {table.name: _copy_table(there, here, table, done) for table in tables()}
        _set_sequences(here)
        for table in tables():
            if _digest(here, table, done) != read[table.name]:
                raise CopyError(f"La table {table.name} diffère après la copie : rien n’est gardé.")
    return {name: digest.rows for name, digest in read.items()}


class _Done:
    """How many rows were written and read again, told now and then."""

    def __init__(self, whole: int, tell: Progress) -> None:
        self._done, self._whole, self._tell = 0, whole, tell

    def more(self, count: int) -> None:
        self._done += count
        self._tell(self._done, self._whole)


def _count(db: Connection, table: Table) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def _refuse_unknown_tables(source: Store) -> None:
    ours = {*SQLModel.metadata.tables, "alembic_version"}
    if unknown := set(inspect(source.engine).get_table_names()) - ours:
        raise CopyError(
            f"La base de départ contient des tables inconnues : {', '.join(sorted(unknown))}."
        )


def _refuse_rows(target: Connection) -> None:
    full = [
        table.name
        for table in tables()
        if target.execute(select(text("1")).select_from(table).limit(1)).first()
    ]
    if full:
        raise CopyError(
            f"La base d’arrivée n’est pas vide ({', '.join(full)}) : donnez une base neuve."
        )


def _chunks(db: Connection, table: Table) -> Iterator[Sequence[Sequence[Any]]]:
    ordered = select(table).order_by(*table.primary_key.columns)
    with db.execute(ordered, execution_options={"yield_per": _CHUNK}) as found:
        yield from found.partitions()


def _copy_table(there: Connection, here: Connection, table: Table, done: _Done) -> Digest:
    digest, names, into = Digest(), table.columns.keys(), insert(table)
    for chunk in _chunks(there, table):
        for row in chunk:
            digest.add(row)
        here.execute(into, [dict(zip(names, row, strict=True)) for row in chunk])
        done.more(len(chunk))
    return digest


def _digest(db: Connection, table: Table, done: _Done) -> Digest:
    digest = Digest()
    for chunk in _chunks(db, table):
        for row in chunk:
            digest.add(row)
        done.more(len(chunk))
    return digest


def _set_sequences(here: Connection) -> None:
    """Let PostgreSQL count on from the highest number that was copied."""
    if here.dialect.name != "postgresql":
        return
    for table in tables():
        for column in table.primary_key.columns:
            if not isinstance(column.type, Integer):
                continue
            quoted = here.dialect.identifier_preparer.format_table(table)
            name = here.scalar(select(func.pg_get_serial_sequence(quoted, column.name)))
            if name is not None:
                highest = here.scalar(select(func.max(column)))
                here.execute(select(func.setval(name, highest or 1, highest is not None)))
