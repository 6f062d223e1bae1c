"""A backup put back, on SQLite or PostgreSQL; what stood there before is kept aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from quizapp.kit import backup, copying, migrate
from quizapp.kit.backup import BackupError, Manifest
from quizapp.kit.copying import Progress
from quizapp.kit.store import Store


def restore(
    file: Path,
    url: str,
    *,
    force: bool,
    now: datetime,
    progress: Progress = lambda _done, _whole: None,
) -> tuple[Manifest, Path | None]:
    """Put a verified backup into the database at ``url``, and bring it up to date.

    Raises BackupError, and changes nothing, if the backup is damaged, or if the database holds
    anything: on SQLite, ``force`` moves the old file aside first, and its place is given back.
    """
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database:
        return _into_file(file, Path(parts.database), force=force, now=now)
    if force:
        raise BackupError(
            "Sur PostgreSQL, rien n’est écrasé : créez une base vide et donnez son adresse."
        )
    return _into_server(file, url, progress), None


def _into_file(
    file: Path, target: Path, *, force: bool, now: datetime
) -> tuple[Manifest, Path | None]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with backup.unpacked(file, beside=target.parent) as (database, manifest):
        _upgrade(database)
        aside = None
        if target.exists():
            if not force and _holds_rows(target):
                raise BackupError(
                    f"{target} contient déjà un concours. Pour le remplacer : --force ; "
                    "l’ancien sera gardé à côté."
                )
            _refuse_in_use(target)
            aside = target.with_name(f"{target.name}.avant-{now:%Y%m%d-%H%M%S}")
            for tail in ("-wal", "-shm", ""):  # the database last: until then nothing is lost
                part = target.with_name(target.name + tail)
                if part.exists():
                    part.rename(aside.with_name(aside.name + tail))
        database.rename(target)
        backup.sync_folder(target.parent)
    return manifest, aside


def _upgrade(database: Path) -> None:
    store = Store(f"sqlite:///{database}")
    try:
        migrate.upgrade(store)
    finally:
        store.dispose()
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA journal_mode = DELETE")  # it is moved as one file
    for tail in (".upgrade", ".turn"):
        database.with_name(database.name + tail).unlink(missing_ok=True)


def _holds_rows(target: Path) -> bool:
    """Whether anybody would miss this database; one that cannot be read may be all there is."""
    try:
        with closing(sqlite3.connect(target)) as db:
            names = db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'alembic_version'"
            ).fetchall()
            return any(
                db.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608
                for (name,) in names
            )
    except sqlite3.DatabaseError:
        return True


def _refuse_in_use(target: Path) -> None:
    """Refuse while another program has the database open: it would go on writing into the old one."""
    try:
        with closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as db:
            # Leaving WAL needs the database for oneself alone.
            db.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BackupError(f"{target} est utilisé : arrêtez d’abord le serveur.") from None
    except sqlite3.DatabaseError:
        pass  # damaged: nobody can be using it


def _into_server(file: Path, url: str, progress: Progress) -> Manifest:
    with backup.unpacked(file) as (database, manifest):
        _upgrade(database)
        source, target = Store(f"sqlite:///{database}"), Store(url)
        try:
            copying.copy(source, target, progress=progress)
        except copying.CopyError as error:
            raise BackupError(str(error)) from None
        finally:
            source.dispose()
            target.dispose()
    return manifest
