"""A backup: a whole SQLite database in one file, with what it must contain written at its end.

The file is a database that any SQLite opens, followed by two lines: what is in it, as JSON, and the
SHA-256 of all that stands before. A backup of a PostgreSQL database is one too: its rows are copied
into SQLite first.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from quizapp import __version__
from quizapp.kit import copying, migrate
from quizapp.kit.copying import Digest, Progress
from quizapp.kit.store import Store

_PAGES = 2_000  # pages of the database copied at a time
_SUM = 65  # bytes of the last line: a SHA-256 and its end
_LONGEST = 1_000_000  # bytes of the line before it


class BackupError(Exception):
    """A backup that cannot be made, trusted or restored, and why, in French."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    ``key`` is a fingerprint of the secret key of its installation; ``tables`` maps each table to
    its number of rows and their digest.
    """

    made_at: str
    version: str
    revision: str
    kind: str
    key: str
    size: int
    tables: dict[str, tuple[int, str]]


_MANIFEST = TypeAdapter(Manifest)


def key_fingerprint(secret: bytes) -> str:
    """Names a secret key without telling it."""
    return hashlib.sha256(b"quizapp backup\n" + secret).hexdigest()[:16]


def make(
    store: Store,
    file: Path,
    *,
    secret: bytes,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> Manifest:
    """Write all that was stored at one moment into ``file``, while others go on writing.

    The file appears once it is complete and on the disk, readable by its owner only. ``progress``
    is told how much is done of how much.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent, prefix=".sauvegarde-") as folder:
        database = Path(folder) / "quizapp.db"
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if store.engine.dialect.name == "sqlite":
            _copy_file(Path(store.engine.url.database or ""), database, progress)
        else:
            _copy_rows(store, database, progress)
        with _opened(database) as db:
            _check(db)
            manifest = Manifest(
                made_at=now.isoformat(),
                version=__version__,
                revision=_revision(db),
                kind=store.engine.dialect.name,
                key=key_fingerprint(secret),
                size=database.stat().st_size,
                tables=_digests(db),
            )
        _seal(database, manifest)
        database.replace(file)
        sync_folder(file.parent)
    return manifest


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    with (
        closing(_existing(source)) as there,
        closing(sqlite3.connect(target)) as here,
    ):
        # One reader sees one moment: what is written meanwhile goes into the log beside it.
        there.execute("BEGIN")
        there.execute("SELECT count(*) FROM sqlite_master").fetchone()
        there.backup(
            here, pages=_PAGES, progress=lambda _, rest, whole: progress(whole - rest, whole)
        )
        there.execute("COMMIT")
        here.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def _existing(source: Path) -> sqlite3.Connection:
    """A database that is there: SQLite would make one."""
    try:
        return sqlite3.connect(f"file:{source}?mode=rw", uri=True, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise BackupError(f"{source} : base introuvable ({error}).") from None


def _copy_rows(store: Store, target: Path, progress: Progress) -> None:
    into = Store(f"sqlite:///{target}")
    try:
        copying.copy(store, into, progress=progress)
    except copying.CopyError as error:
        raise BackupError(str(error)) from None
    finally:
        into.dispose()
    with closing(sqlite3.connect(target)) as db:
        db.execute("PRAGMA journal_mode = DELETE")


def _seal(database: Path, manifest: Manifest) -> None:
    with database.open("r+b") as stream:
        digest = _sha256(stream)
        line = f"\n{json.dumps(asdict(manifest), ensure_ascii=False)}\n".encode()
        digest.update(line)
        stream.write(line + f"{digest.hexdigest()}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())


def _sha256(stream: BinaryIO, *, until: int | None = None) -> Any:
    digest = hashlib.sha256()
    rest = until if until is not None else os.fstat(stream.fileno()).st_size
    while rest > 0 and (block := stream.read(min(rest, 2**20))):
        digest.update(block)
        rest -= len(block)
    return digest


def verify(file: Path) -> Manifest:
    """What is in a backup; raises BackupError unless every bit of it is as it was written."""
    with unpacked(file) as (_, manifest):
        return manifest


@contextmanager
def unpacked(file: Path, *, beside: Path | None = None) -> Iterator[tuple[Path, Manifest]]:
    """The verified database of a backup, as a file of its own until the block ends.

    ``beside`` names the folder where it stands, so that it can be moved into place.
    """
    manifest = _read_manifest(file)
    with TemporaryDirectory(dir=beside or file.parent, prefix=".restauration-") as folder:
        database = Path(folder) / "quizapp.db"
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(file, database)
        with database.open("r+b") as stream:
            stream.truncate(manifest.size)
            os.fsync(stream.fileno())
        with _opened(database) as db:
            _check(db)
            if _revision(db) != manifest.revision or _digests(db) != manifest.tables:
                raise BackupError(f"{file} : le contenu n’est pas celui qui est annoncé.")
        yield database, manifest


def _read_manifest(file: Path) -> Manifest:
    try:
        with file.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            digest = _sha256(stream, until=size - _SUM)
            told = stream.read()
            stream.seek(max(size - _SUM - _LONGEST, 0))
            tail = stream.read()[:-_SUM]
    except OSError as error:
        raise BackupError(f"{file} : illisible ({error.strerror}).") from None
    if told != f"{digest.hexdigest()}\n".encode():
        raise BackupError(f"{file} : fichier abîmé, incomplet, ou qui n’est pas une sauvegarde.")
    try:
        manifest = _MANIFEST.validate_json(tail.rstrip(b"\n").rpartition(b"\n")[2])
    except ValidationError:
        raise BackupError(f"{file} : sauvegarde d’un format inconnu.") from None
    if not migrate.known(manifest.revision):
        raise BackupError(
            f"{file} : faite par une version plus récente ({manifest.version}) que celle-ci "
            f"({__version__}). Installez d’abord la plus récente."
        )
    return manifest


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """For reading only; an error of SQLite is an error of the backup."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
            yield db
    except sqlite3.DatabaseError as error:
        raise BackupError(f"La base copiée est abîmée : {error}.") from None


def _check(db: sqlite3.Connection) -> None:
    if (told := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
        raise BackupError(f"La base est abîmée : {told}.")
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        raise BackupError(f"Dans la table {broken[0]}, une ligne renvoie à une autre qui manque.")


def _revision(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _digests(db: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """Number of rows and digest of every table, as SQLite stores them."""
    found = {}
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (name,) in names.fetchall():
        digest = Digest()
        for row in db.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # the database's own name
            digest.add(row)
        found[name] = (digest.rows, digest.hex)
    return found


def sync_folder(folder: Path) -> None:
    """Make sure that a renaming survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
