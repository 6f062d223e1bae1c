"""The command line: one command a module or a group, found from its name."""

from __future__ import annotations

import click

from quizapp import __version__
from quizapp.cli import (
    bank,
    blueprint,
    database,
    demo,
    desk,
    doctor,
    privacy,
    receipt,
    rehearse,
    server,
    simulate,
)  # fmt: skip
from quizapp.kit import log


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="quizapp")
def main() -> None:
    """Quizapp : concours et examens en ligne, du premier candidat au dernier jury.

    Codes de sortie : 0 tout va bien ; 1 refusé, rien n’a changé ; 2 commande mal écrite.
    """
    log.configure()


for command in (
    demo.demo, server.serve, server.work, database.db, database.backup, database.restore,
    database.verify, doctor.doctor, bank.bank, blueprint.blueprint, desk.edition, desk.user,
    desk.rankings, privacy.privacy, receipt.receipt, simulate.simulate,
    rehearse.rehearse,
):  # fmt: skip
    main.add_command(command)
