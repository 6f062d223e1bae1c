"""The database: brought up to date, moved, backed up, put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import Progress
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from quizapp.cli import door
from quizapp.kit import backup as backups
from quizapp.kit import copying, lease, migrate, restoring
from quizapp.kit.store import Store
from quizapp.settings import Settings

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
EXISTING = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def db() -> None:
    """La base de données."""


@db.command()
def upgrade() -> None:
    """Mettre la base à jour ; sans effet si elle l’est déjà."""
    store = door.store()
    migrate.upgrade(store)
    door.ensure_keys(store)
    click.echo("La base est à jour.")


@db.command("copy")
@click.argument("source")
@click.argument("target")
def copy_(source: str, target: str) -> None:
    """Copier toute une base, de SQLite à PostgreSQL ou l’inverse : SOURCE vers TARGET, vide.

    Les deux sont des adresses : sqlite:////chemin/quizapp.db, postgresql://nom:mot@hote/base. Tout
    est copié puis relu et comparé, ou rien. Arrêtez d’abord le serveur.
    """
    there, here = _store_at(source), _store_at(target)
    try:
        if migrate.is_current(there):
            _refuse_served(there)
        with _bar("Copie") as progress:
            copied = copying.copy(there, here, progress=progress)
    except copying.CopyError as error:
        door.refuse(str(error))
    except SQLAlchemyError as error:
        door.refuse(f"La copie a échoué, rien n’a été gardé : {_cause(error)}")
    finally:
        there.dispose()
        here.dispose()
    click.echo(
        f"{sum(copied.values())} lignes de {len(copied)} tables, copiées, relues et identiques.\n"
        "Pour servir la copie, donnez son adresse à QUIZAPP_DATABASE_URL, et gardez la même clé "
        "secrète."
    )


@click.command()
@FILE
@click.option("--force", is_flag=True, help="Remplacer un fichier qui existe.")
def backup(file: Path, force: bool) -> None:
    """Sauvegarder toute la base dans FILE, pendant que le concours continue."""
    if file.exists() and not force:
        door.refuse(f"{file} existe déjà. Choisissez un autre nom, ou --force.")
    settings = Settings()
    store = door.store()
    try:
        with _bar("Sauvegarde") as progress:
            told = backups.make(
                store, file, secret=settings.secret(), now=datetime.now(UTC), progress=progress
            )
    except backups.BackupError as error:
        door.refuse(str(error))
    except (SQLAlchemyError, OSError) as error:
        door.refuse(f"La sauvegarde a échoué : {_cause(error)}")
    finally:
        store.dispose()
    click.echo(f"{file} : {_told(told)}.")
    if not settings.secret_key.get_secret_value():
        click.echo(
            f"La clé secrète n’y est pas. Gardez aussi {settings.instance / 'secret.key'}, "
            "ailleurs : sans elle, les codes et les liens des candidats ne s’ouvrent plus."
        )


@click.command()
@EXISTING
def verify(file: Path) -> None:
    """Vérifier une sauvegarde : chaque octet, chaque ligne, chaque lien entre les tables."""
    try:
        told = backups.verify(file)
    except backups.BackupError as error:
        door.refuse(str(error))
    click.echo(f"{file} : {_told(told)}. Tout est intact.")


@click.command()
@EXISTING
@click.option(
    "--force", is_flag=True, help="Remplacer la base qui est là ; elle est gardée à côté."
)
def restore(file: Path, force: bool) -> None:
    """Remettre une sauvegarde en place, après l’avoir vérifiée. Arrêtez d’abord le serveur."""
    settings = Settings()
    try:
        with _bar("Restauration") as progress:
            told, aside = restoring.restore(
                file, settings.database, force=force, now=datetime.now(UTC), progress=progress
            )
    except backups.BackupError as error:
        door.refuse(str(error))
    except (SQLAlchemyError, OSError) as error:
        door.refuse(f"La restauration a échoué, la base n’a pas changé : {_cause(error)}")
    click.echo(f"Restauré et vérifié : {_told(told)}.")
    if aside:
        click.echo(f"L’ancienne base est gardée : {aside}")
    if told.key != backups.key_fingerprint(settings.secret()):
        click.echo(
            "Attention : la clé secrète de cette installation n’est pas celle de la sauvegarde. "
            "Les codes et les liens des candidats ne s’ouvriront pas ; remettez l’ancienne "
            "clé (secret.key).",
            err=True,
        )


def _told(manifest: backups.Manifest) -> str:
    rows = sum(rows for rows, _ in manifest.tables.values())
    at = datetime.fromisoformat(manifest.made_at)
    return (
        f"{rows} lignes de {len(manifest.tables)} tables, "
        f"du {at:%d/%m/%Y à %H:%M} (temps universel), version {manifest.version}"
    )


def _store_at(url: str) -> Store:
    try:
        kind = make_url(url).get_backend_name()
        if kind not in ("sqlite", "postgresql"):
            door.refuse(f"{kind} : seules les bases sqlite et postgresql sont connues.")
        return Store(url)
    except ArgumentError:
        door.refuse(
            f"« {url} » n’est pas une adresse. Exemples : sqlite:////chemin/quizapp.db, "
            "postgresql://nom:mot@hote/base"
        )


def _refuse_served(store: Store) -> None:
    """Refuse while a worker is at work there: what is stored after the copy would be lost."""
    with store.reading() as session:
        held = lease.held(session, lease.WORKER, now=datetime.now(UTC))
    if held:
        door.refuse(
            f"Un serveur travaille sur la base de départ ({held.holder}). Arrêtez-le d’abord ; "
            "s’il vient de tomber, attendez quinze secondes."
        )


def _cause(error: Exception) -> str:
    return str(error.__cause__ or error).strip().split("\n")[0]


@contextmanager
def _bar(what: str) -> Iterator[copying.Progress]:
    """A progress bar; nothing at all where no person looks."""
    with Progress(transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
