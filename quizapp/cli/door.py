"""What every command needs: the settings, the store, and a way to refuse."""

from __future__ import annotations

import getpass
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from quizapp.exam.problems import RefusedError
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


def read(file: Path) -> str:
    """The text of a file; refuses one that is not UTF-8."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        refuse(f"{file}:{line}:1: Ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8.")


def refuse(text: str) -> NoReturn:
    """Say why, and leave with code 1."""
    click.echo(text, err=True)
    raise SystemExit(1)


def refuse_all(error: RefusedError) -> NoReturn:
    """Say every problem, and leave with code 1."""
    for problem in error.problems:
        click.echo(str(problem), err=True)
    count = len(error.problems)
    refuse(f"{count} problème{'s' if count > 1 else ''} : rien n’a été chargé.")
