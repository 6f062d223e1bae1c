"""A complete contest on this machine, from nothing."""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from quizapp.banks import actions as banks
from quizapp.banks import shipped
from quizapp.cli import door
from quizapp.cli.server import run_server
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.kit import migrate
from quizapp.kit.store import Store
from quizapp.people import actions as people
from quizapp.people import places
from quizapp.settings import Settings

ORGANISER = "organisation@exemple.fr"
AUTHOR = "questions@exemple.fr"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--fresh", is_flag=True, help="Recommencer avec une base vide.")
def demo(host: str, port: int, workers: int, fresh: bool) -> None:
    """Lancer un concours complet : banques, édition ouverte, un compte par rôle."""
    instance = Path("instance/demo")
    os.environ["QUIZAPP_INSTANCE"] = str(instance)
    os.environ.setdefault("QUIZAPP_PUBLIC_URL", f"http://localhost:{port}")
    os.environ.setdefault("QUIZAPP_STYLEGUIDE", "true")
    settings = Settings()
    if fresh:
        for file in instance.glob("quizapp.db*"):
            file.unlink()
    store = Store(settings.database)
    migrate.upgrade(store)
    door.ensure_keys(store)
    prepare(store, now=datetime.now(UTC))
    for line in accounts(store, settings):
        click.echo(line)
    store.dispose()  # the workers are forked: they inherit no connection
    run_server(host, port, workers)


def prepare(store: Store, *, now: datetime) -> None:
    """Load the shipped banks and the demo edition, unless they are there."""
    with store.writing() as db:
        if queries.current_edition(db):
            return
        for file in sorted(shipped.folder().glob("*.yaml")):
            banks.load_bank(db, file.read_text("utf-8"), file=file.name, by="demo", now=now)
        text = opened(Path(__file__).with_name("demo.yaml").read_text("utf-8"), now)
        row = contests.load_edition(db, text, file="demo.yaml", begun=(), by="demo", now=now)
        plans = [*queries.plans(db, row), *queries.tries(db, row)]
        banks.pin_banks(db, plans, begun=(), file="demo.yaml")


def opened(text: str, now: datetime) -> str:
    """The demo edition with its dates moved, so that its first round is open at ``now``."""
    local = now.astimezone(ZoneInfo("Europe/Paris"))

    def moved(match: re.Match[str]) -> str:
        # From noon, no move by whole days or a few hours meets a change of the clocks by night.
        at = local.replace(tzinfo=None, minute=0) + timedelta(hours=int(match[1]))
        if abs(int(match[1])) >= 24:
            at = at.replace(hour=12)
        return f"{at:%Y-%m-%d %H:%M}"

    return re.sub(r"now([+-]\d+)h", moved, text)


def accounts(store: Store, settings: Settings) -> list[str]:
    """The address, and one new account per role, as lines for the terminal."""
    word = secrets.token_urlsafe(12)
    with store.writing() as db:
        people.add_staff(db, email=ORGANISER, name="Organisation", role="organiser", password=word)
        people.add_staff(db, email=AUTHOR, name="Questions", role="author", password=word)
        row = queries.current_edition(db)
        if row is None:
            raise RuntimeError("prepare() has loaded no edition")
        known = queries.application_by_email(db, row, "candidat@exemple.fr")
        if known is None:
            _, access = contests.apply(
                db, row, last_name="Exemple", first_name="Camille", email="candidat@exemple.fr",
                company="Centre d’exemple", city=places.resolve("Lyon")[0],
                secret=settings.secret(), now=datetime.now(UTC),
            )  # fmt: skip
        else:
            access = contests.renew_access(
                db, known, secret=settings.secret(), by="demo", now=datetime.now(UTC)
            )
    url = settings.public_url
    return [
        "",
        f"  Le concours est ouvert : {url}",
        "",
        f"  Candidat      {url}/acces        code {access.printed}",
        f"  Organisation  {url}/connexion    {ORGANISER}   {word}",
        f"  Questions     {url}/connexion    {AUTHOR}   {word}",
        "",
        "  Ctrl+C pour arrêter.",
        "",
    ]
