"""Whether an installation is fit for the day: each thing that was looked at, and its mend."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from quizapp.contests import queries
from quizapp.kit import lease, migrate
from quizapp.kit.store import Store
from quizapp.operations.queries import figures
from quizapp.people import places
from quizapp.proof.queries import signing_key
from quizapp.settings import Settings

_SKEW = timedelta(seconds=1)  # a sitting's end must not depend on who is asked
_OVERDUE = timedelta(minutes=2)
_ROOM = 2**30  # bytes free on the disk
_LEAST_CONNECTIONS = 4_096  # files a process may open: each connection is one


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``mend`` says what to do if it is not ``fine``."""

    told: str
    fine: bool
    mend: str = ""


@click.command()
def doctor() -> None:
    """Vérifier l’installation : ce qui va, ce qui manque, et que faire."""
    bad = 0
    for found in findings(Settings()):
        bad += not found.fine
        mark = "ok     " if found.fine else "à faire"
        click.echo(f"{mark}  {found.told}" + ("" if found.fine else f" : {found.mend}"))
    if bad:
        raise SystemExit(1)


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that was looked at, in the order in which it is to be mended."""
    yield from _program()
    yield from _secret(settings)
    yield from _disk(settings)
    yield from _addresses(settings)
    yield from _connections()
    yield from _database(settings)


def _program() -> Iterator[Finding]:
    found = len(places.regions())
    yield Finding(f"{found} régions connues", found == 18, "réinstallez quizapp")
    try:
        far = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("Pacific/Noumea")).utcoffset()
    except ZoneInfoNotFoundError:
        far = None
    yield Finding(
        "fuseaux horaires", far == timedelta(hours=11),
        "installez les données de fuseaux : pip install tzdata",
    )  # fmt: skip


def _secret(settings: Settings) -> Iterator[Finding]:
    if given := settings.secret_key.get_secret_value():
        yield Finding(
            "clé secrète donnée par QUIZAPP_SECRET_KEY", len(given) >= 32,
            "elle est courte ; prenez 32 caractères tirés au hasard avant d’ouvrir les candidatures",
        )  # fmt: skip
        return
    file = settings.instance / "secret.key"
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        yield Finding("clé secrète", True, "")  # it is made on first use, for its owner only
        return
    yield Finding(
        f"clé secrète lisible de son seul propriétaire ({file})", not mode & 0o077,
        f"chmod 600 {file} ; d’autres comptes de cette machine peuvent la lire",
    )  # fmt: skip


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance
    while not folder.exists():
        folder = folder.parent
    yield Finding(
        f"dossier {settings.instance} inscriptible", os.access(folder, os.W_OK),
        "donnez-le au compte qui fait tourner quizapp",
    )  # fmt: skip
    free = shutil.disk_usage(folder).free
    yield Finding(f"{free // 2**20} Mo libres sur le disque", free > _ROOM, "libérez 1 Go")


def _addresses(settings: Settings) -> Iterator[Finding]:
    local = "//localhost" in settings.public_url or "//127.0.0.1" in settings.public_url
    yield Finding(
        f"adresse publique {settings.public_url}", settings.https or local,
        "QUIZAPP_PUBLIC_URL doit commencer par https:// ; sans TLS, les codes passent en clair",
    )  # fmt: skip
    if not local:
        yield Finding(
            f"{settings.trusted_proxies} mandataire devant le serveur",
            settings.trusted_proxies > 0,
            "derrière nginx ou Caddy, mettez QUIZAPP_TRUSTED_PROXIES=1 ; sinon tous les candidats "
            "semblent venir de la même adresse",
        )


def _connections() -> Iterator[Finding]:
    import resource  # it exists on Unix alone, and nothing else here needs it

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = most == resource.RLIM_INFINITY or most >= _LEAST_CONNECTIONS
    yield Finding(
        "assez de connexions permises", enough,
        f"{most} fichiers ouverts au plus par processus ; passez à 65536 (LimitNOFILE, ulimit -n)",
    )  # fmt: skip


def _database(settings: Settings) -> Iterator[Finding]:
    store = Store(settings.database)
    try:
        with store.reading() as db:
            kind = db.get_bind().dialect.name
            yield from _sqlite(db) if kind == "sqlite" else _postgresql(db)
        ready = migrate.is_current(store)
        yield Finding("base de données à jour", ready, "quizapp db upgrade")
        if ready:
            with store.reading() as db:
                yield from _contents(db, settings.secret())
    except SQLAlchemyError as error:
        cause = str(error.__cause__ or error).strip().split("\n")[0]
        yield Finding("base de données joignable", False, cause)
    finally:
        store.dispose()


def _sqlite(db: Session) -> Iterator[Finding]:
    mode = _value(db, "PRAGMA journal_mode")
    yield Finding(
        "SQLite écrit dans un journal (WAL)", mode == "wal",
        f"mode {mode} : le dossier est-il sur un disque local ? Un disque en réseau ne convient pas",
    )  # fmt: skip
    durable = _value(db, "PRAGMA synchronous") == "2"
    yield Finding(
        "une réponse acquittée est sur le disque (synchronous=FULL)", durable, "réinstallez quizapp"
    )
    yield Finding(
        "liens entre les tables vérifiés (foreign_keys)",
        _value(db, "PRAGMA foreign_keys") == "1", "réinstallez quizapp",
    )  # fmt: skip
    url = db.get_bind().engine.url
    mode_bits = stat.S_IMODE(Path(url.database or ".").stat().st_mode)
    yield Finding(
        "base fermée aux autres comptes de la machine", not mode_bits & 0o007,
        f"chmod o-rwx {url.database}",
    )  # fmt: skip


def _postgresql(db: Session) -> Iterator[Finding]:
    for name, told in (
        ("fsync", "une réponse acquittée est sur le disque (fsync)"),
        ("full_page_writes", "une page à moitié écrite se répare (full_page_writes)"),
    ):
        yield Finding(
            told, _value(db, f"SHOW {name}") == "on", f"mettez {name} = on sur le serveur"
        )
    commit = _value(db, "SHOW synchronous_commit")
    yield Finding(
        f"une validation attend le disque (synchronous_commit = {commit})", commit != "off",
        "mettez synchronous_commit = on ; avec off, une coupure perd des réponses acquittées",
    )  # fmt: skip
    skew = abs(datetime.now(UTC) - db.execute(text("SELECT clock_timestamp()")).scalar_one())
    yield Finding(
        f"horloge à {skew.total_seconds():.1f} s de celle de la base", skew < _SKEW,
        "réglez l’heure des deux machines (chrony, systemd-timesyncd)",
    )  # fmt: skip


def _value(db: Session, statement: str) -> str:
    return str(db.execute(text(statement)).scalar_one())


def _contents(db: Session, secret: bytes) -> Iterator[Finding]:
    signs = signing_key(db, secret) is not None
    yield Finding("clé qui signe les reçus", signs, "quizapp db upgrade")
    row = queries.current_edition(db)
    yield Finding("édition chargée", row is not None, "quizapp edition load FICHIER")
    held = lease.held(db, lease.WORKER, now=datetime.now(UTC))
    overdue = figures(db, now=datetime.now(UTC)).overdue
    yield Finding(
        f"travail de fond fait par {held.holder}" if held else "travail de fond à l’arrêt",
        held is not None or overdue < _OVERDUE,
        "des compositions terminées attendent d’être closes ; lancez quizapp serve, ou worker",
    )
