"""Commands for whoever runs the server."""

from __future__ import annotations

import os
import shutil
import threading

import click
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from quizapp import worker
from quizapp.cli import door
from quizapp.contests import queries
from quizapp.kit import migrate
from quizapp.kit.store import Store
from quizapp.people import places
from quizapp.proof.queries import signing_key
from quizapp.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--workers", type=int, default=lambda: min(os.cpu_count() or 1, 8), show_default="un par cœur"
)
def serve(host: str, port: int, workers: int) -> None:
    """Servir le concours, avec le serveur de production."""
    store = door.store()
    if not migrate.is_current(store):
        door.refuse("La base n’est pas à jour. Lancez d’abord : quizapp db upgrade")
    door.ensure_keys(store)
    run_server(host, port, workers)


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped; expired sittings are closed meanwhile."""
    stop = threading.Event()
    Settings().secret()  # made once, before the workers ask for it
    store = Store(Settings().database)
    clock = threading.Thread(
        target=worker.run, args=(store,), kwargs={"every": 5.0, "stop": stop}, daemon=True
    )
    server = Server(
        "quizapp.serving:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        backlog=2048,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    )
    server.on_startup(clock.start)
    try:
        server.serve()
    finally:
        stop.set()


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


@click.command()
def doctor() -> None:
    """Vérifier l’installation : ce qui va, ce qui manque, et que faire."""
    settings, bad = Settings(), 0
    for told, fine, mend in _checks(settings):
        bad += not fine
        click.echo(f"{'ok     ' if fine else 'à faire'}  {told}" + ("" if fine else f" : {mend}"))
    if bad:
        raise SystemExit(1)


def _checks(settings: Settings) -> list[tuple[str, bool, str]]:
    store = Store(settings.database)
    found = [
        (f"{len(places.regions())} régions connues", len(places.regions()) == 18, "réinstallez")
    ]
    try:
        ready = inspect(store.engine).has_table("edition") and migrate.is_current(store)
        found.append(("base de données à jour", ready, "quizapp db upgrade"))
    except SQLAlchemyError as error:
        found.append(("base de données joignable", False, str(error.__cause__)))
        return found
    if ready:
        with store.reading() as session:
            row = queries.current_edition(session)
            signs = signing_key(session, settings.secret()) is not None
        found.append(("clé qui signe les reçus", signs, "quizapp db upgrade"))
        found.append(("édition chargée", row is not None, "quizapp edition load FICHIER"))
    room = shutil.disk_usage(settings.instance if settings.instance.exists() else ".").free
    found.append((f"{room // 2**20} Mo libres sur le disque", room > 2**30, "libérez 1 Go"))
    local = "localhost" in settings.public_url
    found.append((f"adresse publique {settings.public_url}", settings.https or local, "en https"))
    return found
