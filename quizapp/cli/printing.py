"""``bank print``: a paper, its answer sheet and its key as PDF, for the day when the network is down."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import click

from quizapp import prints
from quizapp.cli import door
from quizapp.exam import bank as bank_file
from quizapp.exam import edition as edition_file
from quizapp.exam.bank import Bank
from quizapp.exam.paper import Item, draw
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.gaps import Piece
from quizapp.exam.questions.shown import Row
from quizapp.exam.questions.word import Words
from quizapp.prints.blocks import blocks, runs


@click.command("print")
@click.argument("edition", metavar="ÉDITION", type=door.FILE)
@click.argument("stage_key", metavar="ÉTAPE")
@click.argument("files", metavar="BANQUES…", nargs=-1, required=True, type=door.FILE)
@click.option(
    "--seed", default="papier", show_default=True, help="Le même mot donne le même sujet."
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    show_default=True,
)
def print_paper(
    edition: Path, stage_key: str, files: tuple[Path, ...], seed: str, folder: Path
) -> None:
    """Tirer un sujet de l’ÉTAPE sur papier : le sujet, la feuille de réponses et, à part, le corrigé.

    Trois PDF balisés, polices comprises. Gardez le corrigé sous clé : il ouvre l’épreuve.
    """
    try:
        says = edition_file.parse(door.read(edition), str(edition))
        banks = {
            one.slug: one for one in (bank_file.parse(door.read(file), str(file)) for file in files)
        }
    except RefusedError as error:
        door.refuse_all(error, then="rien n’a été imprimé")
    stage = next(
        (one for one in says.stages if one.stage == stage_key and one.kind == "quiz"), None
    )
    if stage is None:
        door.refuse(f"L’épreuve « {stage_key} » n’existe pas dans {edition}.")
    if lacks := stage.blueprint.shortages(banks):
        door.refuse("\n".join(str(lack) for lack in lacks))
    title = f"{says.name} : {stage.title}"
    items = draw(stage.blueprint, banks, seed).items
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in (
        ("sujet", _paper(items, banks, {one.bank: one.title for one in stage.blueprint.sections})),
        ("reponses", _grid(items, banks)),
        ("corrige", _key(items, banks)),
    ):
        file = folder / f"{stage.stage}-{seed}-{name}.pdf"
        file.write_bytes(
            prints.pdf("paper", {**told, "title": f"{title}{told['suffix']}", "seed": seed})
        )
        click.echo(str(file))


def _questions(items: tuple[Item, ...], banks: Mapping[str, Bank]) -> list[tuple[Item, Question]]:
    return [(item, banks[item.bank].by_id[item.question]) for item in items]


def _paper(
    items: tuple[Item, ...], banks: Mapping[str, Bank], titles: Mapping[str, str]
) -> dict[str, Any]:
    sections = [
        {
            "title": title,
            "questions": [
                _asked(item, one) for item, one in _questions(items, banks) if item.bank == bank
            ],
        }
        for bank, title in titles.items()
    ]
    intro = "Répondez au stylo, sur la feuille de réponses. Sauf mention contraire, une réponse est juste."
    return {"what": "paper", "suffix": "", "intro": intro, "sections": sections}


def _asked(item: Item, question: Question) -> dict[str, Any]:
    """One question as the page is given it: by what its type shows."""
    shown = question.show(item.order, None)
    told: dict[str, Any] = {
        "number": item.number, "stimulus": blocks(shown.stimulus), "stem": blocks(shown.stem),
        "choices": _lettered(shown.choices), "rows": [], "options": [], "hint": "", "line": False,
        "lines": 0, "unit": shown.unit, "long": bool(shown.stimulus),
    }  # fmt: skip
    match shown.body:
        case tuple() as rows if (
            rows and all(isinstance(row, Row) for row in rows) and shown.choices
        ):
            told["hint"] = "Écrivez deux lettres : la meilleure réaction, puis la moins bonne."
        case tuple() as rows if rows and all(isinstance(row, Row) for row in rows):
            told["rows"] = [runs(row.label) for row in rows]
            told["options"] = [option.label for option in rows[0].options]
        case tuple() as pieces if pieces and all(isinstance(one, Piece) for one in pieces):
            told["stem"] += blocks("".join(_gap(piece) for piece in pieces))
        case Words() as text:
            told["stem"] += blocks(" ".join(word.text for word in text.words))
            told["hint"] = "Recopiez le mot, ou les mots, sur la feuille de réponses."
        case int():
            told["lines"] = 8
        case _:
            told["line"] = not shown.choices
    if question.kind == "multiple":
        told["hint"] = "Plusieurs réponses sont possibles."
    return told


def _lettered(choices: Any) -> list[dict[str, Any]]:
    return [
        {"letter": letter, "runs": runs(choice.label)}
        for letter, choice in zip(ascii_uppercase, choices, strict=False)
    ]


def _gap(piece: Piece) -> str:
    if not piece.gap:
        return piece.text
    among = f" : {', '.join(option.label for option in piece.options)}" if piece.options else ""
    return f"{piece.text}………… ({piece.gap}{among})"


def _grid(items: tuple[Item, ...], banks: Mapping[str, Bank]) -> dict[str, Any]:
    answers = []
    for item, question in _questions(items, banks):
        shown = question.show(item.order, None)
        ticked = shown.body is None or isinstance(shown.body, str)
        letters = list(ascii_uppercase[: len(shown.choices)]) if ticked else []
        answers.append({"number": item.number, "letters": letters, "unit": shown.unit})
    intro = "Nom : ……………………………………  Prénom : ……………………………  Numéro : ………………"
    return {"what": "grid", "suffix": ", feuille de réponses", "intro": intro, "answers": answers}


def _key(items: tuple[Item, ...], banks: Mapping[str, Bank]) -> dict[str, Any]:
    keys = [
        {"number": item.number, "id": question.id, "key": _right(item, question),
         "points": str(question.weight if question.earns else 0)}
        for item, question in _questions(items, banks)
    ]  # fmt: skip
    return {
        "what": "key",
        "suffix": ", corrigé",
        "intro": "À ne pas remettre aux candidats.",
        "keys": keys,
    }


def _right(item: Item, question: Question) -> str:
    """The key, with the letters under which this paper shows it."""
    shown = question.show(item.order, question.key or None)
    letters = [
        letter
        for letter, choice in zip(ascii_uppercase, shown.choices, strict=False)
        if choice.chosen
    ]
    told = question.told_key or (
        "à noter par une personne" if question.earns else "sans points : aucune n’est juste"
    )
    return f"{', '.join(letters)} : {told}" if letters else told
