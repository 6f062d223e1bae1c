"""``bank import`` and ``bank export``: banks of other programs, and what could not be carried."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import click

from quizapp.cli import door
from quizapp.exam import bank as bank_file
from quizapp.exam.formats import FORMATS
from quizapp.exam.formats.base import MAX_BYTES, Loss, format_of
from quizapp.exam.problems import RefusedError

_NAMED = 4  # items of one reason that are named in a line
_FORMAT = click.Choice(list(FORMATS))
_OUT = click.Path(dir_okay=False, path_type=Path)
_PARTIAL = "Écrire ce qui a pu l’être, même s’il manque des questions."
_REPLACE = "Écraser le fichier s’il existe déjà."


@click.command("import")
@click.argument("file", metavar="FICHIER", type=door.FILE)
@click.option("--format", "name", type=_FORMAT, help="Sinon reconnu à son nom et à son début.")
@click.option("--out", type=_OUT, help="La banque à écrire ; sans cela, rien n’est écrit.")
@click.option("--partial", is_flag=True, help=_PARTIAL)
@click.option("--replace", is_flag=True, help=_REPLACE)
@click.option("--json", "as_json", is_flag=True, help="Pour un programme.")
def import_(
    file: Path, name: str | None, out: Path | None, partial: bool, replace: bool, as_json: bool
) -> None:
    """Lire une banque d’un autre programme : Moodle, GIFT, Aiken, QTI, CSV, XLSX, AMC-TXT.

    Dit question par question ce qui n’a pas pu être repris, et pourquoi. S’il manque une question,
    rien n’est écrit et le code de sortie est 1, à moins de --partial.
    """
    if file.stat().st_size > MAX_BYTES:
        door.refuse(f"{file}:1:1: Ce fichier dépasse 10 Mo. Répartissez-le en plusieurs fichiers.")
    raw = file.read_bytes()
    try:
        known = FORMATS[name] if name else format_of(raw, str(file))
        made = known.read(raw, str(file))
    except RefusedError as error:
        door.refuse_all(error, then="rien n’a été importé")
    written = _write(out, made.text.encode(), made.count, made.losses, partial, replace)
    _tell(known.label, made.count, made.losses, written, as_json)


@click.command()
@click.argument("file", metavar="BANQUE", type=door.FILE)
@click.option("--format", "name", type=_FORMAT, required=True, help="Le format à écrire.")
@click.option("--out", type=_OUT, help="Le fichier à écrire ; sans cela, rien n’est écrit.")
@click.option("--partial", is_flag=True, help=_PARTIAL)
@click.option("--replace", is_flag=True, help=_REPLACE)
@click.option("--json", "as_json", is_flag=True, help="Pour un programme.")
def export(
    file: Path, name: str, out: Path | None, partial: bool, replace: bool, as_json: bool
) -> None:
    """Écrire une banque pour un autre programme, et dire ce qu’il ne peut pas porter.

    S’il manque une question, rien n’est écrit et le code de sortie est 1, à moins de --partial.
    """
    try:
        bank = bank_file.parse(door.read(file), str(file))
    except RefusedError as error:
        door.refuse_all(error, then="rien n’a été exporté")
    known = FORMATS[name]
    made = known.write(bank)
    written = _write(out, made.content, made.count, made.losses, partial, replace)
    _tell(known.label, made.count, made.losses, written, as_json)


def _write(
    out: Path | None,
    content: bytes,
    count: int,
    losses: Sequence[Loss],
    partial: bool,
    replace: bool,
) -> Path | None:
    """Write the file if it may be; where that was, or None."""
    missing = any(loss.whole for loss in losses)
    if out is None or not count or (missing and not partial):
        return None
    if out.exists() and not replace:
        door.refuse(f"{out} existe déjà. Choisissez un autre nom, ou ajoutez --replace.")
    door.write(out, content)
    return out


def _tell(
    label: str, count: int, losses: Sequence[Loss], written: Path | None, as_json: bool
) -> None:
    """Print the report; leave with code 1 where nothing was written for what is missing."""
    missing = [loss for loss in losses if loss.whole]
    if as_json:
        click.echo(json.dumps(_report(label, count, losses, written), ensure_ascii=False, indent=1))
    else:
        for line in _lines(count, losses, written):
            click.echo(line)
    if not count or (missing and written is None and not _wanted()):
        raise SystemExit(1)


def _wanted() -> bool:
    """Whether whoever asked said that a part is enough."""
    return bool(click.get_current_context().params["partial"])


def _report(
    label: str, count: int, losses: Sequence[Loss], written: Path | None
) -> dict[str, object]:
    return {
        "format": label,
        "questions": count,
        "written": str(written) if written else None,
        "losses": [
            {
                "item": loss.item,
                "line": loss.line or None,
                "what": loss.what,
                "left_out": loss.whole,
                "keys": sorted(loss.keys),
            }
            for loss in losses
        ],
    }


def _lines(count: int, losses: Sequence[Loss], written: Path | None) -> Iterable[str]:
    missing = [loss for loss in losses if loss.whole]
    for loss in missing:
        at = f" (ligne {loss.line})" if loss.line else ""
        yield f"Laissée de côté : {loss.item}{at} : {loss.what}."
    details = sorted((loss for loss in losses if not loss.whole), key=lambda loss: loss.what)
    for what, group in groupby(details, key=lambda loss: loss.what):
        items = list(dict.fromkeys(loss.item for loss in group))
        more = f" et {len(items) - _NAMED} autres" if len(items) > _NAMED else ""
        yield f"À savoir : {what} ({', '.join(items[:_NAMED])}{more})."
    kept = f"{count} question{'s' if count > 1 else ''} reprise{'s' if count > 1 else ''}"
    left = f", {len(missing)} laissée{'s' if len(missing) > 1 else ''} de côté" if missing else ""
    yield f"{kept}{left}."
    if written:
        yield f"{written} est écrit."
    elif missing and count and not _wanted():
        yield "Rien n’a été écrit. Pour écrire le reste, ajoutez --partial."
