"""Commands on how papers are composed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from quizapp.cli import door
from quizapp.exam import bank, edition
from quizapp.exam.problems import RefusedError
from quizapp.exam.spread import Spread, spread


@click.group()
def blueprint() -> None:
    """Plans d’épreuve."""


@blueprint.command()
@click.argument("edition_file", metavar="ÉDITION", type=door.FILE)
@click.argument("banks", metavar="BANQUES…", nargs=-1, required=True, type=door.FILE)
@click.option(
    "--bound",
    type=click.FloatRange(0, 2),
    default=0.2,
    show_default=True,
    help="Écart permis entre le sujet le plus facile et le plus difficile, en degrés (de 1 à 3).",
)
def check(edition_file: Path, banks: tuple[Path, ...], bound: float) -> None:
    """Vérifier que chaque tirage de l’ÉDITION se remplit dans ces BANQUES, et que tous se valent.

    Le degré d’un sujet est la difficulté moyenne (de 1 à 3) de ses questions notées. Il est calculé
    exactement, sur tous les sujets possibles ; si des cas ou des exclusions s’en mêlent, il est
    mesuré sur un nombre de tirages qui est dit. Code de sortie 1 s’il manque des questions, ou si
    l’écart dépasse la borne.
    """
    try:
        says = edition.parse(door.read(edition_file), str(edition_file))
        parsed = [bank.parse(door.read(file), str(file)) for file in banks]
    except RefusedError as error:
        door.refuse_all(error, then="rien n’a été vérifié")
    by_slug = {one.slug: one for one in parsed}
    bad = 0
    for stage in says.stages:
        if stage.kind != "quiz":
            continue
        click.echo(f"{stage.title} : {stage.blueprint.questions} questions.")
        if lacks := stage.blueprint.shortages(by_slug):
            bad += 1
            for lack in lacks:
                click.echo(f"  {lack}")
            continue
        click.echo("  Chaque tirage se remplit.")
        found = spread(stage.blueprint, by_slug)
        if found is None:
            click.echo("  Aucune section n’est notée.")
            continue
        click.echo(_told(found))
        if found.width > Fraction(bound).limit_denominator(10_000):
            bad += 1
            click.echo(f"  L’écart dépasse {_degrees(Fraction(bound))}.")
            click.echo("  Ajoutez « difficulty: » aux sections qui n’en ont pas.")
    if bad:
        raise SystemExit(1)


def _told(found: Spread) -> str:
    return (
        f"  Degré moyen {_degrees(found.mean)} ; le plus facile {_degrees(found.easiest)},"
        f" le plus difficile {_degrees(found.hardest)} ; écart {_degrees(found.width)}"
        + (f" (mesuré sur {found.seeds} tirages)." if found.seeds else ".")
    )


def _degrees(value: Fraction) -> str:
    return f"{float(value):.2f}".replace(".", ",")
