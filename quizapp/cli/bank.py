"""Commands for authors: check, lay out, begin, compare, describe, preview and exchange banks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import click

from quizapp.banks import actions as banks
from quizapp.cli import door, exchange, new, preview, printing, stats
from quizapp.contests import queries
from quizapp.exam import bank as bank_file
from quizapp.exam import sidecar as sidecars
from quizapp.exam import source as yaml_source
from quizapp.exam.bank_schema import schema
from quizapp.exam.changes import Reach, changes
from quizapp.exam.layout import laid_out
from quizapp.exam.lint import linting, pages
from quizapp.exam.lint.entries import Shelf
from quizapp.exam.lint.rules import RULES, Finding, Severity
from quizapp.exam.lint.typography import mended_text
from quizapp.exam.problems import Problem, RefusedError
from quizapp.sitting.queries import begun


@click.group()
def bank() -> None:
    """Banques de questions."""


bank.add_command(new.new)
bank.add_command(preview.preview)
bank.add_command(stats.stats)
bank.add_command(printing.print_paper)
bank.add_command(exchange.import_)
bank.add_command(exchange.export)


@bank.command()
@door.FILES
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "json", "github"]),
    default="human",
    show_default=True,
    help="Pour une personne, un programme, ou les annotations de GitHub.",
)
@click.option("--strict", is_flag=True, help="Refuser aussi les alertes et les conseils.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Comme si l’on était ce jour.")
def check(files: tuple[Path, ...], form: str, strict: bool, day: datetime | None) -> None:
    """Vérifier des banques : d’abord leur forme, puis la rédaction des questions.

    Chaque remarque donne le fichier, la ligne, la colonne et comment réparer. Code de sortie 1 pour
    une erreur ; avec --strict, pour toute remarque. « quizapp bank rules » explique les règles.
    """
    today = day.date() if day else door.today()
    texts = {str(file): door.read(file) for file in files}
    shelves: dict[str, Shelf] = {}
    findings: list[Finding] = []
    for name, text in texts.items():
        try:
            shelves[name] = Shelf.of(text, name, today)
        except RefusedError as error:
            findings += map(_as_finding, error.problems)
    findings += linting.lint_shelves(shelves)
    for name, shelf in shelves.items():
        if sidecar := stats.beside(Path(name)):
            findings += sidecars.findings(sidecar, shelf)
    for line in _FORMATS[form](shelves, findings):
        click.echo(line)
    if any(strict or finding.severity is Severity.ERROR for finding in findings):
        raise SystemExit(1)


def _as_finding(problem: Problem) -> Finding:
    return Finding(problem.place, "format", Severity.ERROR, problem.what, problem.mend)


def _human(shelves: dict[str, Shelf], findings: list[Finding]) -> Iterable[str]:
    for finding in findings:
        if finding.code == "format":
            yield f"{finding.place}: erreur {finding.what} {finding.mend}".rstrip()
        else:
            yield str(finding)
    for name, shelf in shelves.items():
        topics = len({question.topic for question in shelf.bank.questions})
        yield f"{name}: {_many(len(shelf.bank.questions), 'question')}, {_many(topics, 'thème')}."
    counts = [sum(one.severity is severity for one in findings) for severity in Severity]
    if any(counts):
        told = zip(counts, (severity.word for severity in Severity), strict=True)
        yield ", ".join(_many(count, word) for count, word in told) + "."
    else:
        yield "Rien à reprendre."


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"


def _json(shelves: dict[str, Shelf], findings: list[Finding]) -> Iterable[str]:
    yield json.dumps(
        {
            "banks": [
                {"file": name, "bank": shelf.bank.slug, "questions": len(shelf.bank.questions)}
                for name, shelf in shelves.items()
            ],
            "findings": [
                {
                    "file": finding.place.file,
                    "line": finding.place.line,
                    "column": finding.place.column,
                    "code": finding.code,
                    "severity": finding.severity,
                    "question": finding.question,
                    "what": finding.what,
                    "mend": finding.mend,
                }
                for finding in findings
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _github(_: dict[str, Shelf], findings: list[Finding]) -> Iterable[str]:
    """Workflow commands, which GitHub shows beside the lines of a change."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
    for finding in findings:
        text = _escaped(f"{finding.what} {finding.mend}".rstrip())
        file = _escaped(finding.place.file).replace(":", "%3A").replace(",", "%2C")
        yield (
            f"::{levels[finding.severity]} file={file},line={finding.place.line},"
            f"col={finding.place.column},title={finding.code}::{text}"
        )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_FORMATS = {"human": _human, "json": _json, "github": _github}


@bank.command()
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="Toutes les règles, comme page de documentation.")
def rules(code: str | None, markdown: bool) -> None:
    """Expliquer les règles de « check », ou la seule règle CODE, par exemple QA101."""
    if markdown:
        click.echo(pages.page(), nl=False)
    elif code is None:
        for rule in sorted(RULES.values(), key=lambda rule: rule.code):
            click.echo(f"{rule.code}  {rule.severity.word:<7}  {rule.title}")
    elif rule_named := RULES.get(code.upper()):
        click.echo(pages.plain(rule_named))
    else:
        door.refuse(f"La règle « {code} » n’existe pas. Voyez « quizapp bank rules ».")


@bank.command()
@door.FILES
@click.option(
    "--check", "only", is_flag=True, help="Ne rien écrire ; code 1 si un fichier changerait."
)
@click.option(
    "--typography", is_flag=True, help="Reprendre aussi espaces, guillemets et apostrophes."
)
def fmt(files: tuple[Path, ...], only: bool, typography: bool) -> None:
    """Mettre des banques en page : ordre des clés, retraits, listes ; les commentaires restent.

    Le sens ne change pas. Avec --typography, les textes eux-mêmes sont repris.
    """
    changed = 0
    for file in files:
        text = door.read(file)
        try:
            before = bank_file.parse(text, str(file))
        except RefusedError as error:
            door.refuse_all(error, then=f"{file} est inchangé")
        after = laid_out(
            text, yaml_source.read(text, str(file)), mended_text if typography else None
        )
        if after == text:
            continue
        changed += 1
        if not typography and bank_file.parse(after, str(file)).digest != before.digest:
            raise RuntimeError(f"laying out {file} would change its meaning")
        if not only:
            door.write(file, after)
        click.echo(f"{file} : {'à mettre' if only else 'mis'} en page.")
    if not changed:
        click.echo("Rien à mettre en page.")
    elif only:
        raise SystemExit(1)


@bank.command()
@click.argument("old", metavar="ANCIEN", type=door.FILE)
@click.argument("now", metavar="NOUVEAU", type=door.FILE)
@click.option("--json", "as_json", is_flag=True, help="Pour un programme.")
def diff(old: Path, now: Path, as_json: bool) -> None:
    """Dire ce qui change de sens entre deux versions d’une banque, question par question."""
    try:
        found = changes(*(bank_file.parse(door.read(file), str(file)) for file in (old, now)))
    except RefusedError as error:
        door.refuse_all(error, then="rien n’a été comparé")
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for question, group in groupby(found, key=lambda change: change.question):
        click.echo(question or "la banque")
        for change in group:
            click.echo(f"  {change.name} ({change.reach.word})")
            for sign, text in (("-", change.old), ("+", change.new)):
                if text:
                    click.echo(f"    {sign} " + text.replace("\n", "\n      "))
    marks = len({one.question for one in found if one.reach is Reach.MARK})
    if not found:
        click.echo("Aucun changement de sens.")
    elif marks:
        click.echo(f"{marks} question{'s' if marks > 1 else ''} où la note peut changer.")


@bank.command("schema")
def print_schema() -> None:
    """Écrire le schéma JSON d’une banque, pour que l’éditeur complète et vérifie à la frappe."""
    click.echo(json.dumps(schema(), ensure_ascii=False, indent=1))


@bank.command("load")
@door.FILES
def load_banks(files: tuple[Path, ...]) -> None:
    """Charger des banques, toutes ou aucune."""
    now = datetime.now(UTC)
    try:
        with door.store().writing() as db:
            for file in files:
                banks.load_bank(db, door.read(file), file=str(file), by=door.by(), now=now)
            if row := queries.current_edition(db):
                plans = [*queries.plans(db, row), *queries.tries(db, row)]
                banks.pin_banks(db, plans, begun=begun(db), file=row.slug)
    except RefusedError as error:
        door.refuse_all(error)
    click.echo(f"{len(files)} banque(s) chargée(s).")
