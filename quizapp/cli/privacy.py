"""Commands about personal data: what will be erased and when, and one person's erasure."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from quizapp.cli import door
from quizapp.contests import queries as contests
from quizapp.privacy import actions, queries


@click.group()
def privacy() -> None:
    """Les données personnelles."""


@privacy.command()
def due() -> None:
    """Dire ce qui sera effacé et quand, sans rien changer."""
    now = datetime.now(UTC)
    with door.store().reading() as db:
        found = queries.retentions(db)
        for one in found:
            local = one.erased_at.astimezone(ZoneInfo(one.edition.says.zone))
            state = "échéance passée" if one.erased_at <= now else "échéance"
            click.echo(f"{one.edition.slug} : {one.named} nommés, {state} le {local:%d/%m/%Y}.")
    if not found:
        click.echo("Aucune édition ne nomme plus personne.")


@privacy.command()
@click.argument("number")
@click.option("--reason", prompt="Motif", help="Inscrit au journal : n’y nommez pas la personne.")
@click.confirmation_option(
    prompt="Le nom, l’adresse et l’entreprise seront effacés pour toujours. Continuer ?"
)
def erase(number: str, reason: str) -> None:
    """Effacer les données personnelles du candidat NUMBER ; ses résultats restent, sans nom."""
    with door.store().writing() as db:
        edition = contests.current_edition(db)
        application = contests.application_by_number(db, edition, number) if edition else None
        if edition is None or application is None:
            door.refuse(f"Le candidat « {number} » n’existe pas.")
        actions.erase(db, edition, application, by=door.by(), reason=reason, now=datetime.now(UTC))
    click.echo(f"Candidat {number} : données personnelles effacées.")
