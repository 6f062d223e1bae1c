"""What every command needs: the settings, the store, and a way to refuse."""

from __future__ import annotations

import getpass
import secrets
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import click

from quizapp.exam.problems import RefusedError
from quizapp.exam.source import MAX_BYTES
from quizapp.kit.store import Store
from quizapp.proof import actions
from quizapp.settings import Settings


def store() -> Store:
    """The database of this installation."""
    return Store(Settings().database)


def ensure_keys(store: Store) -> None:
    """See to it that this installation can sign receipts and open rescue files."""
    with store.writing() as db:
        actions.ensure_keys(
            db, secret=Settings().secret(), seed=secrets.token_bytes(32), by=by(),
            now=datetime.now(UTC),
        )  # fmt: skip


def by() -> str:
    """Who the journal says did it."""
    return f"cli:{getpass.getuser()}"


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILES = click.argument("files", nargs=-1, required=True, type=FILE)


def today() -> date:
    """The day, where the authors are."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def read(file: Path) -> str:
    """The text of a file; refuses one that is too large, or not UTF-8."""
    if file.stat().st_size > MAX_BYTES:
        refuse(f"{file}:1:1: Ce fichier dépasse 5 Mo. Répartissez-le en plusieurs banques.")
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        refuse(f"{file}:{line}:1: Ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8.")


def write(file: Path, content: str | bytes) -> None:
    """Replace a file as a whole: whoever reads it meanwhile sees the old or the new."""
    beside = file.with_name(f".{file.name}.tmp")
    beside.write_bytes(content.encode() if isinstance(content, str) else content)
    if file.exists():
        shutil.copymode(file, beside)
    beside.replace(file)


def refuse(text: str) -> NoReturn:
    """Say why, and leave with code 1."""
    click.echo(text, err=True)
    raise SystemExit(1)


def refuse_all(error: RefusedError, *, then: str = "rien n’a été chargé") -> NoReturn:
    """Say every problem and what came of it, and leave with code 1."""
    for problem in error.problems:
        click.echo(str(problem), err=True)
    count = len(error.problems)
    refuse(f"{count} problème{'s' if count > 1 else ''} : {then}.")
