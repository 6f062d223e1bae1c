"""What is read of a foreign file, item by item: made whole, checked, and told where it is not kept."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from quizapp.exam import bank as bank_file
from quizapp.exam import source as yaml_source
from quizapp.exam.cases import SHARED
from quizapp.exam.formats.base import Imported, Loss, NotCarriedError, refuse
from quizapp.exam.formats.entries import Entry
from quizapp.exam.layout import laid_out
from quizapp.exam.problems import RefusedError

MAX_ITEMS = 5_000
MAX_ENTRY = 100_000  # characters
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_PART = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.(\d{1,2})")


class Item:
    """One item of a file while it is read."""

    def __init__(self, label: str, line: int, losses: list[Loss]) -> None:
        self.label, self.line, self.losses = label, line, losses

    def tell(self, what: str, *keys: str) -> None:
        """Tell a detail that is not kept."""
        loss = Loss(self.label, what, whole=False, line=self.line, keys=frozenset(keys))
        if loss not in self.losses:
            self.losses.append(loss)


class Intake:
    """The bank that a file makes."""

    def __init__(self, file: str) -> None:
        self.file = PurePath(file).name
        self.slug = slug(PurePath(file).stem) or "banque"
        self.title = PurePath(file).stem[:300] or "Banque"
        self.losses: list[Loss] = []
        self.stimuli: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._cases: dict[str, Entry] = {}
        self._ids: set[str] = set()
        self._count = 0

    @contextmanager
    def item(self, name: str = "", *, line: int = 0) -> Iterator[Item]:
        """The next item; if it cannot be carried, that is told, and the next one is read."""
        self._count += 1
        if self._count > MAX_ITEMS:
            refuse(self.file, "Ce fichier contient plus de 5 000 questions.", line=line or 1)
        short = " ".join(name[:200].split())[:60]
        label = f"question {self._count}" + (f" « {short} »" if short else "")
        details: list[Loss] = []
        try:
            yield Item(label, line, details)
        except NotCarriedError as error:
            self.losses.append(Loss(label, str(error), line=line))
        else:
            self.losses += details

    @property
    def cases(self) -> set[str]:
        """The cases of which a part was kept."""
        return set(self._cases)

    def add(self, entry: Entry, item: Item) -> None:
        """Keep a question, with what it lacks; raises NotCarriedError if it is none of ours."""
        cleaned = _visible(entry)
        if cleaned != entry:
            item.tell("des caractères invisibles ont été retirés")
        entry = {key: value for key, value in cleaned.items() if _says(key, value)}
        part = _PART.fullmatch(str(entry.get("id", "")))
        case = part[1] if part and part[1] in self.stimuli else ""
        whole = {
            "topic": self.title,
            "difficulty": "2",
            "explanation": "Le fichier importé ne donne pas d’explication.",
            "source": f"Fichier {self.file}",
            **entry,
            "id": "partie" if case else self._free(str(entry.get("id", ""))),
        }
        if "survey" in entry:
            whole.update({key: entry.get(key, "") for key in ("explanation", "source")})
            whole = {key: value for key, value in whole.items() if value}
        _check(whole)
        if case:
            self._part(case, whole)
        else:
            self._ids.add(whole["id"])
            self._entries.append(whole)

    def _free(self, wanted: str) -> str:
        """An identifier that no question has yet, as near as can be to the one wanted."""
        stem = slug(wanted) or f"{self.slug[:50]}-{len(self._ids) + 1:03}"
        free, number = stem, 2
        while free in self._ids:
            free, number = f"{stem[:55]}-{number}", number + 1
        return free

    def _part(self, case: str, entry: Entry) -> None:
        if case not in self._cases:
            shared = {key: entry[key] for key in SHARED if key in entry}
            self._cases[case] = {**shared, "id": self._free(case), "text": self.stimuli[case]}
            self._cases[case]["parts"] = []
            self._ids.add(self._cases[case]["id"])
            self._entries.append(self._cases[case])
        self._cases[case]["parts"].append(
            {key: value for key, value in entry.items() if key not in SHARED}
        )

    def imported(self) -> Imported:
        """The bank as YAML in the one layout, with all that was told."""
        entries = [_alone(entry) for entry in self._entries]
        if not entries:
            return Imported("", 0, tuple(self.losses))
        text = _yaml(self.slug, self.title, entries)
        source = yaml_source.read(text, self.file)
        bank = bank_file.parse(text, self.file, source=source)
        # Read again: a case shares its keys with its parts as it is read.
        source = yaml_source.read(text, self.file)
        return Imported(laid_out(text, source), len(bank.questions), tuple(self.losses))


def slug(text: str) -> str:
    """A text as an identifier: ``Géographie, 1`` is ``geographie-1``; may be empty."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
    plain = bare.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


def _alone(entry: Entry) -> Entry:
    """A case of one question as a question with all of the text."""
    if len(entry.get("parts", "both")) > 1:
        return entry
    part = entry["parts"][0]
    shared = {key: value for key, value in entry.items() if key != "parts"}
    return {**shared, **part, "text": f"{entry['text']}\n\n{part['text']}"}


def _says(key: str, value: Any) -> bool:
    """Whether a key says anything; that nothing is ignored does, and so does a missing choice."""
    return value not in ("", None) and not (
        value == [] and key in ("tags", "exclude", "refuse", "extra", "last")
    )


def _visible(value: Any) -> Any:
    """A value without what nobody sees and an editor would stumble over."""
    if isinstance(value, str):
        return _INVISIBLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, list):
        return [_visible(one) for one in value]
    if isinstance(value, dict):
        return {_visible(key): _visible(one) for key, one in value.items()}
    return value


def _check(entry: Entry) -> None:
    text = _yaml("x", "x", [entry])
    if len(text) > MAX_ENTRY:
        raise NotCarriedError("elle est trop longue pour une question")
    try:
        bank_file.parse(text)
    except RefusedError as error:
        problem = error.problems[0]
        raise NotCarriedError(f"{problem.what} {problem.mend}".strip()) from None


def _yaml(slug: str, title: str, entries: list[Entry]) -> str:
    """A bank that any YAML reader reads, one line a question; the layout comes after."""
    head = f"bank: {slug}\ntitle: {json.dumps(title, ensure_ascii=False)}\nquestions:\n"
    lines = [f"  - {json.dumps(entry, ensure_ascii=False)}" for entry in entries]
    return head + "\n\n".join(lines) + "\n"
