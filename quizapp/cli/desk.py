"""Commands for organisers: editions, people, rankings."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

import click

from quizapp.banks import actions as banks
from quizapp.cli import door
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.downloads.sheets import SHEETS
from quizapp.downloads.writers import WRITERS
from quizapp.exam import edition as edition_file
from quizapp.exam import schedule
from quizapp.exam.problems import RefusedError
from quizapp.people import actions as people
from quizapp.people import places
from quizapp.people.tables import ROLES
from quizapp.sitting.queries import begun
from quizapp.sitting.times import own_times


@click.group()
def edition() -> None:
    """L’édition du concours."""


@edition.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_edition(file: Path) -> None:
    """Simuler la fin de chaque candidat : refuse un calendrier qui coûterait du temps à quelqu’un."""
    try:
        checked = schedule.check(door.read(file), str(file), zones=_zones())
        says = edition_file.parse(door.read(file), str(file))
    except RefusedError as error:
        door.refuse_all(error)
    for one in checked.ends:
        first, last = schedule.when(one.first, says.zone), schedule.when(one.last, says.zone)
        title = says.stage(one.stage).title
        click.echo(f"{title}, {schedule.told(one.own)} : fin entre le {first} et le {last}.")
    for remark in checked.remarks:
        click.echo(f"À savoir : {remark}")
    for problem in checked.problems:
        click.echo(str(problem), err=True)
    if count := len(checked.problems):
        door.refuse(f"{count} problème{'s' if count > 1 else ''} dans le calendrier.")
    click.echo(f"Le calendrier de « {says.name} » tient ses promesses.")


def _zones() -> dict[str, str]:
    """The zones of the regions, each with the names of its regions."""
    found: dict[str, list[str]] = {}
    for region in places.regions():
        found.setdefault(region.zone, []).append(region.name)
    return {", ".join(names): zone for zone, names in found.items()}


@edition.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_edition(file: Path) -> None:
    """Charger une édition, nouvelle ou corrigée ; une étape commencée ne change plus."""
    now = datetime.now(UTC)
    try:
        with door.store().writing() as db:
            started = begun(db)
            row = contests.load_edition(
                db, door.read(file), file=str(file), begun=started, by=door.by(), now=now
            )
            plans = [*queries.plans(db, row), *queries.tries(db, row)]
            banks.load_practice(db, plans, by=door.by(), now=now)
            banks.pin_banks(db, plans, begun=started, file=str(file))
            name = row.says.name
            known = {own for plan in queries.plans(db, row) for own in own_times(db, plan).values()}
    except RefusedError as error:
        door.refuse_all(error)
    click.echo(f"Édition chargée : {name}.")
    for problem in schedule.check(door.read(file), str(file), owns=known).problems:
        click.echo(f"Attention : {problem}", err=True)


@click.group()
def user() -> None:
    """L’équipe du concours."""


@user.command()
@click.argument("email")
@click.option("--name", prompt="Nom", help="Le nom affiché.")
@click.option("--role", type=click.Choice(ROLES), default="organiser", show_default=True)
@click.option("--place", default="", help="La région ou la ville que surveille un « invigilator ».")
@click.password_option(help="Au moins 12 caractères ; demandé s’il n’est pas donné.")
def add(email: str, name: str, role: str, place: str, password: str) -> None:
    """Ajouter une personne, ou changer son rôle et son mot de passe."""
    try:
        with door.store().writing() as db:
            people.add_staff(db, email=email, name=name, role=role, password=password, place=place)
    except ValueError as error:
        door.refuse(str(error))
    click.echo(f"{email} : {role}.")


@click.group()
def rankings() -> None:
    """Les classements."""


@rankings.command()
@click.argument("stage")
@click.option(
    "--list", "name", type=click.Choice(list(SHEETS)), default="national", show_default=True
)
@click.option(
    "--format", "suffix", type=click.Choice(list(WRITERS)), default="csv", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Sinon, à l’écran.")
def export(stage: str, name: str, suffix: str, output: Path | None) -> None:
    """Exporter un classement de l’étape STAGE."""
    with door.store().reading() as db:
        plan = queries.plan(db, stage)
        if plan is None:
            door.refuse(f"L’étape « {stage} » n’existe pas.")
        if plan.row.closed_at is None:
            door.refuse(f"L’étape « {plan.title} » n’est pas close : rien n’est encore classé.")
        with TemporaryFile() as whole:  # a list that fails half-way leaves nothing behind
            WRITERS[suffix][1](SHEETS[name][1](db, plan), whole)
            whole.seek(0)
            if output is None:
                shutil.copyfileobj(whole, sys.stdout.buffer)
                return
            with output.open("wb") as file:
                shutil.copyfileobj(whole, file)
    click.echo(f"{output} : {output.stat().st_size} octets.", err=True)
