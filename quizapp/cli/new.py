"""``bank new``: one more question, asked key by key or given by options."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import click
from pydantic import ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo

from quizapp.cli import door
from quizapp.exam import bank as bank_file
from quizapp.exam import sentences
from quizapp.exam import source as yaml_source
from quizapp.exam.comments import dash
from quizapp.exam.layout import laid_out, scalar
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.base import TYPES, Question, one_as_list

_ASKED = {
    "id": "Identifiant (par exemple cg-geo-001)",
    "topic": "Thème",
    "difficulty": "Difficulté (1, 2 ou 3)",
    "text": "Énoncé",
    "answer": "Bonne réponse",
    "answers": "Une bonne réponse",
    "wrong": "Un mauvais choix",
    "true": "L’énoncé est-il vrai ? (yes ou no)",
    "statements": "Une affirmation",
    "steps": "Une étape, à son rang",
    "pairs": "Ce qui est donné",
    "groups": "Un groupe",
    "passage": "Texte, avec {1} et {2} à la place des trous",
    "gaps": "Ce que le trou accepte",
    "accept": "Une réponse acceptée",
    "number": "Nombre juste",
    "estimate": "Valeur à estimer",
    "reactions": "Une réaction",
    "find": "Texte, avec le mot à trouver entre [crochets]",
    "rubric": "Barème, que le candidat ne voit pas",
    "survey": "Une réponse proposée",
    "explanation": "Explication",
    "source": "Source",
}
# What is asked beside each key of a mapping.
_BESIDE = {
    "statements": "Est-elle juste ? (yes ou no)",
    "pairs": "Ce qui lui correspond",
    "groups": "Ce qui s’y range",
    "reactions": "Son score (de -10 à 10)",
}
_DONE = " (vide pour finir)"

Asked = str | list[str] | dict[str, "Asked"]


@click.command()
@click.argument("file", metavar="FICHIER", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--type", "kind", type=click.Choice(list(TYPES)), default=None, help="Sinon déduit.")
@click.option("--title", help="Titre de la banque, si le fichier est nouveau.")
@click.option(
    "--set",
    "given",
    metavar="CLÉ=VALEUR",
    multiple=True,
    help="Une clé de la question ; la même clé plusieurs fois fait une liste.",
)
def new(file: Path, kind: str | None, title: str | None, given: tuple[str, ...]) -> None:
    """Ajouter une question à FICHIER, ou commencer une banque.

    Sans --set, chaque clé est demandée et vérifiée aussitôt. Avec --set, rien n’est demandé :

    \b
    quizapp bank new geo.yaml --set id=geo-001 --set topic=fleuves --set difficulty=1 \\
      --set "text=Quel fleuve traverse Tours ?" --set "answer=La Loire" \\
      --set "wrong=Le Rhône" --set "wrong=La Seine" \\
      --set "explanation=Le Cher y passe aussi." --set "source=Atlas"
    """
    before = door.read(file) if file.exists() else _head(file, title, ask=not given)
    values = _given(given) if given else _asked(TYPES[kind or "single"])
    if kind and kind != "single":
        values = {"type": kind, **values}
    text = _with(before, file, values)
    try:
        made = bank_file.parse(text, str(file))
    except RefusedError as error:
        if not given:  # what was typed by hand is not lost
            click.echo(text[len(before) :])
        door.refuse_all(error, then="rien n’a été écrit")
    door.write(file, text)
    click.echo(
        f"{file} : question {made.questions[-1].id} ajoutée ({len(made.questions)} en tout)."
    )
    click.echo(f"Vérifiez-la : quizapp bank check {file}")


def _head(file: Path, title: str | None, *, ask: bool) -> str:
    """The first lines of a new bank, named as its file."""
    if title is None:
        title = click.prompt("Titre de la banque") if ask else file.stem
    return f"bank: {file.stem}\ntitle: {scalar(title)}\nquestions:\n"


def _given(options: tuple[str, ...]) -> dict[str, str | list[str]]:
    values: dict[str, str | list[str]] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals:
            raise click.UsageError(f"« {option} » : écrivez --set clé=valeur.")
        earlier = values.get(key)
        if earlier is None:
            values[key] = value
        else:
            values[key] = [*([earlier] if isinstance(earlier, str) else earlier), value]
    return values


def _asked(model: type[Question]) -> dict[str, Asked]:
    """Every key that the type requires, asked for until it is right."""
    fields = {name: field for name, field in model.model_fields.items() if field.is_required()}
    names = list(_ASKED)
    ordered = sorted(fields, key=lambda name: names.index(name if name in names else "answer"))
    return {name: _value(name, fields[name]) for name in ordered}


def _value(name: str, field: FieldInfo) -> Asked:
    asked = _ASKED.get(name, name)
    if get_origin(field.annotation) is dict:
        return _mapping(asked, name, field)
    if _is_list(field):
        return _list(asked, name, field)
    return _one(asked, name, _type(field))


def _one(asked: str, name: str, kind: Any) -> str:
    def right(value: str) -> str:
        _check(name, kind, value)
        return value

    return str(click.prompt(asked, value_proc=right))


def _list(asked: str, name: str, field: FieldInfo) -> list[str]:
    """Values until an empty one, when there are enough."""
    values: list[str] = []
    while True:
        if value := _next(asked, values):
            values.append(value)
        elif not _lacks(name, field, values):
            return values


def _mapping(asked: str, name: str, field: FieldInfo) -> dict[str, Asked]:
    """Keys, each with what belongs to it, until an empty one, when there are enough."""
    values: dict[str, Asked] = {}
    kind = get_args(field.annotation)[1]
    beside = FieldInfo.from_annotation(kind)
    told = _BESIDE.get(name, name)
    while True:
        if not (key := _next(asked, values)):
            if not _lacks(name, field, values):
                return values
        elif get_origin(beside.annotation) is tuple:
            values[key] = _list(told, name, beside)
        else:
            values[key] = _one(told, name, (kind, ...))


def _next(asked: str, values: Collection[str]) -> str:
    """One more value, or nothing once there is one."""
    more = _DONE if values else ""
    return str(click.prompt(asked + more, default="" if values else None, show_default=False))


def _lacks(name: str, field: FieldInfo, values: Asked) -> bool:
    """Whether these values cannot be all, which is told."""
    try:
        _check(name, _type(field), values)
    except click.UsageError as error:
        click.echo(error.message)
        return True
    return False


def _check(name: str, kind: Any, value: Asked) -> None:
    """Raises UsageError, in French, if ``value`` is not of this kind."""
    model = create_model("Asked", __config__=ConfigDict(extra="forbid"), **{name: kind})
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        what, mend = sentences.told(error.errors()[0], model)
        raise click.UsageError(f"{what} {mend}".strip()) from None


def _type(field: FieldInfo) -> Any:
    return (Annotated[(field.annotation, *field.metadata)], ...)


def _is_list(field: FieldInfo) -> bool:
    takes_one = any(getattr(part, "func", None) is one_as_list for part in field.metadata)
    return takes_one or get_origin(field.annotation) in (list, tuple)


def _with(before: str, file: Path, values: Mapping[str, Any]) -> str:
    """The file with one more question, laid out; what stands in it already stays as it is."""
    alone = f"bank: x\ntitle: x\nquestions: [{json.dumps(values, ensure_ascii=False)}]\n"
    source = yaml_source.read(alone, str(file))
    try:
        bank_file.parse(alone, str(file), source=source)
    except RefusedError:
        return f"{before.rstrip()}\n  - {json.dumps(values, ensure_ascii=False)}\n"
    question = laid_out(alone, source).split("questions:\n")[1]
    indent = _indent(before, file)
    lines = (f"{indent}{line[2:]}" if line.strip() else "" for line in question.splitlines())
    return before.rstrip() + "\n" + "\n".join(lines) + "\n"


def _indent(text: str, file: Path) -> str:
    """What stands before the dashes of the questions already there; two spaces in a new bank."""
    source = yaml_source.read(text, str(file))
    if ("questions", 0) not in source.values:
        return "  "
    place = source.values[("questions", 0)]
    return " " * (dash(text.splitlines()[place.line - 1], place.column) - 1)
