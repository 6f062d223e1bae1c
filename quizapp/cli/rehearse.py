"""A full dress rehearsal of an edition, on simulated time, in a database of its own."""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import click
from sqlalchemy import event

from quizapp.banks import shipped
from quizapp.cli import door
from quizapp.cli.dress import account, verdict, world
from quizapp.cli.dress.day import Day
from quizapp.contests.queries import current_edition
from quizapp.exam.edition import parse
from quizapp.exam.problems import RefusedError
from quizapp.kit import migrate
from quizapp.kit.store import Store


@click.command()
@click.argument("file", type=door.FILE)
@click.option(
    "--candidates", default=300, show_default=True, type=click.IntRange(min=1, max=20_000)
)
@click.option("--stage", help="Le quiz à répéter ; sinon, le premier de l’édition.")
@click.option(
    "--banks", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Le dossier de vos banques ; sinon, celles du programme.",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="La même graine donne la même journée.")
@click.option("--json", "as_json", is_flag=True, help="Le compte rendu pour un programme.")
def rehearse(
    file: Path, candidates: int, stage: str | None, banks: Path | None, seed: int, as_json: bool
) -> None:
    """Répéter toute la journée de l’édition FILE : candidats simulés, pannes, clôture, classement.

    Le temps est simulé : rien n’attend, et rien ne touche votre base. Sort avec 1 si un contrôle échoue.
    """
    text = door.read(file)
    with tempfile.TemporaryDirectory(prefix="quizapp-repetition-") as folder:
        store = Store(f"sqlite:///{folder}/repetition.db")
        event.listen(store.engine, "connect", _in_memory)
        try:
            day, found = _rehearsed(
                store, text, file=str(file), folder=banks or shipped.folder(), stage=stage,
                candidates=candidates, seed=seed,
            )  # fmt: skip
        except RefusedError as error:
            door.refuse_all(error, then="rien à répéter")
        finally:
            store.dispose()
    if as_json:
        click.echo(json.dumps(account.told(day, found), ensure_ascii=False, indent=1))
    else:
        for line in account.page(day, found):
            click.echo(line)
    if any(found.values()):
        raise SystemExit(1)


def _in_memory(connection: Any, _record: Any) -> None:
    """What is thrown away need not wait for the disk."""
    connection.execute("PRAGMA synchronous = OFF")


def _rehearsed(
    store: Store,
    text: str,
    *,
    file: str,
    folder: Path,
    stage: str | None,
    candidates: int,
    seed: int,
) -> tuple[Day, dict[str, list[str]]]:
    began = time.perf_counter()
    says = parse(text, file)
    migrate.upgrade(store)
    before = says.window(says.applications).opens
    chance = random.Random(seed)  # noqa: S311  # a simulation, not a secret
    with store.writing() as db:
        plan = world.load(
            db, text, file=file, folder=folder, stage=stage, seed=seed, now=before
        )  # fmt: skip
        row = current_edition(db)
        assert row is not None  # noqa: S101  # loaded above
        advisers = world.apply(db, row, candidates, chance, before)
        db.expunge_all()
    day = Day(store, plan, advisers, seed)
    day.seen.times["prepare"] = [time.perf_counter() - began]
    day.close(max(day.run(), plan.window.closes))
    with day.seen.step("check"), store.reading() as db:
        found = verdict.problems(db, day)
    return day, found
