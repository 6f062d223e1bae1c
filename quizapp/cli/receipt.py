"""Commands about proof: keys, receipts, and what is stored against what was signed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from quizapp.cli import door
from quizapp.exam import audit, codes
from quizapp.exam.evidence import Evidence, judge, proven
from quizapp.exam.receipts import instant
from quizapp.exam.signing import ProofError, PublicKeys, read_keys, write_keys
from quizapp.proof import actions, queries
from quizapp.proof.tables import Purpose
from quizapp.settings import Settings
from quizapp.sitting.audit import record_of, records

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def receipt() -> None:
    """Reçus : les vérifier, les comparer à la base, et les clés qui les signent."""


@receipt.command()
@click.argument("file", type=FILE)
@click.option(
    "--keys", "keys_file", type=FILE,
    help="Les clés publiques du serveur, téléchargées de /recus/cles.json ; alors sans base.",
)  # fmt: skip
def verify(file: Path, keys_file: Path | None) -> None:
    """Vérifier un reçu : a-t-il été écrit par ce serveur, sans un caractère de changé ?"""
    found = judge(door.read(file), _keys(keys_file))
    for problem in found.problems:
        click.echo(f"{file} : {problem}", err=True)
    if not found.authentic:
        door.refuse(f"{file} : ce reçu n’est pas authentique.")
    for line in _says(found):
        click.echo(line)
    click.echo(f"{file} : authentique.")


def _keys(file: Path | None) -> PublicKeys:
    if file is not None:
        try:
            return read_keys(door.read(file))
        except ProofError as error:
            door.refuse(f"{file} : {error}")
    try:
        with door.store().reading() as db:
            return queries.public_keys(db)
    except SQLAlchemyError:
        door.refuse("Pas de base ici : donnez les clés publiques du serveur avec --keys.")


def _says(found: Evidence) -> list[str]:
    if found.paper is None:
        return [
            f"{one.stage}, candidat {one.candidate}, maillon {one.n} : question {one.item}, "
            f"enregistrée le {instant(one.at)}."
            for one in found.receipts
        ]
    paper = found.paper
    return [
        f"{paper.stage}, candidat {paper.candidate}, copie close le {instant(paper.handed_in_at)} : "
        f"{paper.answered} réponses comptées, {len(paper.chain)} maillons.",
        f"Code du reçu : {codes.grouped(paper.code)}",
    ]


@receipt.command()
@click.option("--json", "as_json", is_flag=True, help="Le fichier public de /recus/cles.json.")
def keys(as_json: bool) -> None:
    """Lister les clés de cette installation."""
    with door.store().reading() as db:
        if as_json:
            click.echo(write_keys(queries.published(db)), nl=False)
            return
        for purpose, use in (
            (Purpose.RECEIPT, "signe les reçus"), (Purpose.RESCUE, "ouvre les fichiers de secours"),
        ):  # fmt: skip
            for place, key in enumerate(queries.keys(db, purpose)):
                state = use if place == 0 else "remplacée ; ce qu’elle a fait reste valable"
                click.echo(f"{key.name}  depuis le {instant(key.created_at)}  {state}")


@receipt.command()
@click.option("--why", default="", help="La raison, pour le journal.")
def rotate(why: str) -> None:
    """Changer de clés ; les reçus et fichiers de secours d’avant restent valables."""
    with door.store().writing() as db:
        made = actions.rotate(
            db, secret=Settings().secret(), seed=secrets.token_bytes(32), by=door.by(),
            now=datetime.now(UTC), why=why,
        )  # fmt: skip
        names = " et ".join(key.name for key in made)
    click.echo(f"Nouvelles clés : {names}. Les serveurs les prennent dans les 30 secondes.")


@receipt.command("audit")
@click.argument("files", nargs=-1, type=FILE)
def compare(files: tuple[Path, ...]) -> None:
    """Comparer des reçus à la base, et vérifier la chaîne de chaque copie enregistrée."""
    wrong = 0
    with door.store().reading() as db:
        known = queries.public_keys(db)
        for file in files:
            evidence = proven(door.read(file), known)
            found = [*evidence.problems, *_unlike(db, evidence)]
            wrong += len(found)
            for problem in found:
                click.echo(f"{file} : {problem}", err=True)
            if not found:
                click.echo(f"{file} : {len(evidence.receipts)} réponses, toutes retrouvées.")
        count = 0
        for count, record in enumerate(records(db), 1):  # noqa: B007  # told below
            for problem in audit.broken(record):
                wrong += 1
                click.echo(f"{record.stage}, candidat {record.candidate} : {problem}", err=True)
    if wrong:
        door.refuse(f"{wrong} anomalie{'s' if wrong > 1 else ''}.")
    click.echo(f"{count} copie(s) en base, chaînes entières.")


def _unlike(db: Session, evidence: Evidence) -> list[str]:
    found = []
    papers = {(one.stage, one.candidate) for one in evidence.receipts}
    if evidence.paper:
        papers.add((evidence.paper.stage, evidence.paper.candidate))
    for stage, candidate in sorted(papers):
        record = record_of(db, stage, candidate)
        told = [
            problem
            for shown in evidence.receipts
            if (shown.stage, shown.candidate) == (stage, candidate)
            for problem in audit.unlike(shown, record)
        ]
        if evidence.paper and (evidence.paper.stage, evidence.paper.candidate) == (
            stage,
            candidate,
        ):
            told += audit.unlike_paper(evidence.paper, record)
        found += [f"{stage}, candidat {candidate} : {problem}" for problem in told]
    return found
