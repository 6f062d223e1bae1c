"""A bank as a table: one row a question, one column a key, and cells that a person can fill in.

A list stands in its cell one line an element; a mapping one line a pair, ``left => right``; a gap is
a line of accepted texts, ``a | b``, or of choices, ``menu : right | wrong | wrong``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from quizapp.exam.bank import Bank
from quizapp.exam.folding import FOLDS, fold
from quizapp.exam.formats.base import Imported, Loss, NotCarriedError, refuse, tell_cut_cases
from quizapp.exam.formats.entries import Entry, entry_of
from quizapp.exam.formats.intake import Intake, Item
from quizapp.exam.questions.base import TYPES, Question

_ARROW, _OR, _MENU, _NOTHING = " => ", " | ", "menu : ", "(rien)"

# French headings of the first and most used columns; the others bear the name of their key.
_HEADINGS = {
    "bank": "banque",
    "title": "titre de la banque",
    "id": "identifiant",
    "type": "type",
    "topic": "thème",
    "difficulty": "difficulté",
    "stimulus": "texte du cas",
    "text": "énoncé",
    "answer": "bonne réponse",
    "answers": "bonnes réponses",
    "wrong": "mauvaises réponses",
    "accept": "réponses acceptées",
    "explanation": "explication",
    "source": "source",
    "weight": "points",
    "tags": "étiquettes",
}
_LAST = ("explanation", "source", "true_until", "weight", "scoring", "tags", "exclude")
MAX_COLUMNS = 500
_DECIMALS = frozenset({"number", "estimate", "within", "between"})


@cache
def columns() -> tuple[str, ...]:
    """All keys, in the order of the columns."""
    keys = dict.fromkeys(key for kind in TYPES.values() for key in kind.model_fields)
    first = [key for key in _HEADINGS if key not in _LAST]
    middle = [key for key in keys if key not in first and key not in _LAST]
    return (*first, *middle, *_LAST)


def _shape(key: str) -> str:
    """How a cell of this column is read: ``text``, ``list``, ``pairs``, ``groups`` or ``gaps``."""
    if key in ("gaps", "groups"):
        return key
    if key == "scoring":
        return "pairs"
    fields = (kind.model_fields[key] for kind in TYPES.values() if key in kind.model_fields)
    origins = set(_origins(next((field.annotation for field in fields), None)))
    if dict in origins:
        return "pairs"
    return "list" if tuple in origins and key != "within" else "text"


def _origins(annotation: Any) -> Iterator[Any]:
    """What a key's values are made of: ``dict``, ``tuple``, through « annotated » and « or none »."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        for option in get_args(annotation):
            yield from _origins(option)
    elif origin is Annotated:
        yield from _origins(get_args(annotation)[0])
    else:
        yield origin


def rows_of(bank: Bank, losses: list[Loss]) -> list[list[str]]:
    """The heading and a row for each question; empty columns are left out."""
    keys = columns()
    rows, kept = [], []
    for question in bank.questions:
        try:
            rows.append(_row(bank, question, keys))
            kept.append(question)
        except NotCarriedError as error:
            losses.append(Loss(question.id, str(error)))
    tell_cut_cases(bank, kept, losses)
    used = [at for at, key in enumerate(keys) if any(row[at] for row in rows) or key == "text"]
    heading = [_HEADINGS.get(keys[at], keys[at]) for at in used]
    return [heading, *([row[at] for at in used] for row in rows)]


def _row(bank: Bank, question: Question, keys: Sequence[str]) -> list[str]:
    entry = entry_of(question)
    entry |= {"bank": bank.slug, "title": bank.title, "type": question.kind}
    if question.stimulus:
        entry["stimulus"] = question.stimulus.text
    return [_cell(key, entry[key]) if key in entry else "" for key in keys]


def _cell(key: str, value: Any) -> str:
    shape = "text" if key in ("bank", "title", "stimulus") else _shape(key)
    cell = _CELLS[shape](value)
    if shape == "text":
        return cell.replace(".", ",") if key in _DECIMALS else cell
    if _READ[shape](cell) != value:
        raise NotCarriedError(
            f"« {key} » contient un retour à la ligne ou un signe réservé à la mise en tableau"
            f" (« {_ARROW.strip()} », « {_OR.strip()} »)"
        )
    return cell.replace(".", ",") if key in _DECIMALS else cell


def _pairs_cell(value: dict[str, str]) -> str:
    return "\n".join(f"{left}{_ARROW}{right}" for left, right in value.items())


def _groups_cell(value: dict[str, list[str]]) -> str:
    return "\n".join(f"{group}{_ARROW}{line}" for group, lines in value.items() for line in lines)


def _gaps_cell(value: list[Any]) -> str:
    return "\n".join(
        _MENU + _OR.join([gap["answer"], *gap["wrong"]]) if isinstance(gap, dict) else _OR.join(gap)
        for gap in value
    )


def _list_cell(value: list[str]) -> str:
    return "\n".join(value) or _NOTHING


def _lines(cell: str) -> list[str]:
    if cell.strip() == _NOTHING:
        return []
    return [line.strip() for line in cell.split("\n") if line.strip()]


def _pairs(cell: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(cell):
        left, arrow, right = (part.strip() for part in line.partition(_ARROW.strip()))
        if not arrow or left in found:
            raise NotCarriedError(f"« {line[:60]} » : une ligne « gauche => droite » est attendue")
        found[left] = right
    return found


def _groups(cell: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _lines(cell):
        group, _, one = (part.strip() for part in line.partition(_ARROW.strip()))
        found.setdefault(group, []).append(one)
    return found


def _gaps(cell: str) -> list[Any]:
    found: list[Any] = []
    for line in _lines(cell):
        texts = [text.strip() for text in line.removeprefix(_MENU).split(_OR.strip())]
        menu = line.startswith(_MENU)
        found.append({"answer": texts[0], "wrong": texts[1:]} if menu else texts)
    return found


_CELLS: dict[str, Any] = {
    "text": str,
    "list": _list_cell,
    "pairs": _pairs_cell,
    "groups": _groups_cell,
    "gaps": _gaps_cell,
}
_READ: dict[str, Any] = {
    "text": str,
    "list": _lines,
    "pairs": _pairs,
    "groups": _groups,
    "gaps": _gaps,
}


def imported(rows: Iterable[Sequence[str]], file: str, losses: Iterable[Loss] = ()) -> Imported:
    """The bank of a table whose first row names its columns; raises RefusedError."""
    lines = iter(rows)
    heading = next(lines, ())
    if len(heading) > MAX_COLUMNS:
        refuse(file, "Ce tableau a plus de 500 colonnes.", "Retirez celles de droite.")
    keys = [_key(name) for name in heading]
    if "text" not in keys:
        refuse(
            file,
            "Aucune colonne ne se nomme « énoncé ».",
            "La première ligne nomme les colonnes : énoncé, bonne réponse, mauvaises réponses…",
        )
    intake = Intake(file)
    intake.losses += losses
    unknown = [name for name, key in zip(heading, keys, strict=True) if name and not key]
    for name in unknown:
        intake.losses.append(
            Loss("colonne", f"« {name[:60]} » n’est pas une colonne connue", whole=False)
        )
    for number, row in enumerate(lines, start=2):
        cells = [(key, cell) for key, cell in zip(keys, row, strict=False) if key and cell.strip()]
        if cells:
            named = next((cell for key, cell in cells if key in ("id", "text")), "")
            with intake.item(named, line=number) as item:
                _read_row(intake, cells, item)
    return intake.imported()


def _key(heading: str) -> str:
    """The key that a heading names: its French words, or the key itself; numbers at its end go."""
    plain = fold(re.sub(r"\s*\d+$", "", heading), FOLDS)
    for change in (str, _singular):
        for key in columns():
            known = (fold(_HEADINGS.get(key, key), FOLDS), key.replace("_", " "), key)
            if change(plain) in map(change, known):
                return key
    return ""


def _singular(heading: str) -> str:
    return re.sub(r"s\b", "", heading)


def _read_row(intake: Intake, cells: list[tuple[str, str]], item: Item) -> None:
    joined: dict[str, str] = {}
    for key, cell in cells:
        joined[key] = f"{joined[key]}\n{cell}" if key in joined else cell
    slug, title = joined.pop("bank", ""), joined.pop("title", "")
    intake.slug, intake.title = slug or intake.slug, title or intake.title
    stimulus = joined.pop("stimulus", "")
    if stimulus:
        intake.stimuli[joined.get("id", "").strip().rpartition(".")[0]] = stimulus
    kind = joined.pop("type", "").strip()
    entry: Entry = {
        key: cell.strip() if _shape(key) == "text" else _READ[_shape(key)](cell)
        for key, cell in joined.items()
    }
    if "answer" in entry and "answers" not in entry and "\n" in entry["answer"]:
        entry["answers"] = _lines(entry.pop("answer"))
    if kind and kind not in TYPES:
        raise NotCarriedError(f"type « {kind[:40]} » non pris en charge")
    if not kind and set(entry) <= {"id", "topic", "difficulty", "text", "explanation", "source"}:
        raise NotCarriedError("aucune réponse n’est donnée")
    intake.add(entry, item)
