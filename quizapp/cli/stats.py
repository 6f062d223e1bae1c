"""``bank stats``: after a round, what the answers say of each question."""

from __future__ import annotations

from pathlib import Path

import click

from quizapp.analysis import queries, report
from quizapp.cli import door
from quizapp.contests import queries as contests
from quizapp.exam import sidecar
from quizapp.exam.sidecar import Sidecar


def beside(bank: Path) -> Sidecar | None:
    """The file that ``stats`` has written beside a bank, if there is one."""
    file = bank.with_name(bank.stem + sidecar.SUFFIX)
    return sidecar.parse(door.read(file), str(file)) if file.exists() else None


@click.command()
@click.argument("stage", metavar="ÉTAPE")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="question_banks",
    show_default=True,
    help="Le dossier des banques : le rapport et un fichier par banque y sont écrits.",
)
def stats(stage: str, folder: Path) -> None:
    """Dire ce que les réponses de l’ÉTAPE apprennent de chaque question.

    Le rapport va dans ÉTAPE.stats.md. À côté de chaque banque, un fichier .stats.yaml garde l’essentiel :
    « check » et « preview » le montrent tant que la question n’a pas changé.
    """
    with door.store().reading() as db:
        plan = contests.plan(db, stage)
        if plan is None:
            door.refuse(f"L’étape « {stage} » n’existe pas.")
        if plan.row.closed_at is None:
            door.refuse(f"L’étape « {plan.title} » n’est pas close : rien n’est encore corrigé.")
        found = queries.analysed(db, plan)
        day = plan.row.closed_at.date()
    folder.mkdir(parents=True, exist_ok=True)
    door.write(folder / f"{stage}.stats.md", report.page(plan.title, found))
    for slug in sorted({one.bank.slug for one in found.asked.values()}):
        items = [
            (found.asked[name].question, item)
            for name, item in found.analysis.items.items()
            if found.asked[name].bank.slug == slug
        ]
        if items:
            door.write(folder / f"{slug}{sidecar.SUFFIX}", sidecar.write(plan.title, day, items))
    for line in report.summary(found):
        click.echo(line)
    click.echo(f"Rapport : {folder / f'{stage}.stats.md'}")
