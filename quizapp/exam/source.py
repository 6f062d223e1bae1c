"""Strict YAML: every scalar is text, every value knows its line, nothing is guessed.

YAML 1.2's failsafe schema: ``12:30``, ``on``, ``NO`` and ``010`` stay what the author wrote; what is
a number is decided by the key it stands under. Anchors, aliases, tags and duplicate keys, which can
make a file mean something else than it shows, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml import events
from yaml.error import MarkedYAMLError, YAMLError

from quizapp.exam import sentences
from quizapp.exam.problems import Place, Problem, RefusedError

MAX_BYTES = 5_000_000
MAX_DEPTH = 12
MAX_VALUES = 150_000  # some 12,000 questions
MAX_PROBLEMS = 100

Value = str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

# Control characters, marks that make a line read in another order than it is written, separators
# that YAML counts as lines and editors do not, and characters that nobody can see.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


@dataclass(slots=True)
class Source:
    """A file as plain values, with the place of each value and of each key, and what it says."""

    file: str
    value: Any = None
    text: str = ""
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where ``path`` stands, or the nearest thing around it that stands in the file."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(self.file))

    def refuse(self, path: Path, what: str, mend: str = "", *, key: bool = False) -> None:
        """Note a problem at ``path``; raises RefusedError once there are too many to read."""
        self.note(Problem(self.place(path, key=key), what, mend))

    def note(self, problem: Problem) -> None:
        """As ``refuse``, for a problem whose place is known."""
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            last = max(one.place for one in self.problems)
            more = "Il peut y en avoir d’autres après : corrigez d’abord ceux-ci."
            raise RefusedError([*self.problems, Problem(last, more)])


def read(text: str, file: str) -> Source:
    """Parse ``text``; what is not plain YAML is noted in ``problems``.

    Raises RefusedError at once where nothing after it can be read: a syntax error, or a file too
    large or too deep.
    """
    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise RefusedError(
            [
                Problem(
                    Place(file), "Ce fichier dépasse 5 Mo.", "Répartissez-le en plusieurs banques."
                )
            ]
        )
    text = text.removeprefix("\ufeff")
    source = Source(file, text=text)
    for match in _FORBIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        problem = Problem(
            Place(file, line, column),
            f"Caractère invisible U+{ord(match[0]):04X}.",
            "Effacez-le, puis tapez de nouveau le mot.",
        )
        raise RefusedError([problem])
    try:
        _Reader(source, yaml.parse(text, Loader=yaml.CSafeLoader)).document()
    except MarkedYAMLError as error:
        raise RefusedError([*source.problems, sentences.syntax(error, file)]) from None
    except YAMLError as error:
        raise RefusedError([Problem(Place(file), f"Ce fichier ne se lit pas : {error}")]) from None
    return source


class _Reader:
    """Builds values from parse events, noting places and refusing what is not plain."""

    def __init__(self, source: Source, stream: Iterator[events.Event]) -> None:
        self.source = source
        self.stream = stream

    def document(self) -> None:
        for event in self.stream:
            if isinstance(event, events.DocumentStartEvent):
                if self.source.value is not None:
                    self._refuse(
                        event.start_mark,
                        "Un second document commence ici.",
                        "Retirez la ligne « --- ».",
                    )
                    return
                self.source.value = self._value(next(self.stream), (), 0)
        if self.source.value is None:
            self.source.note(Problem(Place(self.source.file), "Ce fichier est vide."))

    def _value(self, event: events.Event, path: Path, depth: int) -> Value:
        self.source.values[path] = self._place(event.start_mark)
        self._plain(event)
        self._visible(event)
        if depth > MAX_DEPTH:
            self._give_up(event, "Trop de niveaux imbriqués.")
        if len(self.source.values) > MAX_VALUES:
            self._give_up(event, "Trop de valeurs. Répartissez-les en plusieurs banques.")
        if isinstance(event, events.SequenceStartEvent):
            return self._sequence(path, depth)
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(path, depth)
        return event.value if isinstance(event, events.ScalarEvent) else ""

    def _sequence(self, path: Path, depth: int) -> Value:
        values: list[Value] = []
        while not isinstance(event := next(self.stream), events.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values)), depth + 1))
        return values

    def _mapping(self, path: Path, depth: int) -> Value:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self.stream), events.MappingEndEvent):
            if not isinstance(event, events.ScalarEvent):
                raise RefusedError(
                    [
                        *self.source.problems,
                        Problem(
                            self._place(event.start_mark),
                            "Une clé doit être un mot, pas une liste.",
                        ),
                    ]
                )
            self._plain(event)
            self._visible(event)
            here = (*path, event.value)
            if event.value in values:
                first = self.source.keys[here].line
                self._refuse(
                    event.start_mark,
                    f"La clé « {event.value} » apparaît deux fois (lignes {first} et "
                    f"{self._place(event.start_mark).line}).",
                    "Gardez-en une seule.",
                )
                self._value(next(self.stream), (*path, event.value, "again"), depth + 1)
                continue
            self.source.keys[here] = self._place(event.start_mark)
            values[event.value] = self._value(next(self.stream), here, depth + 1)
        return values

    def _plain(self, event: events.Event) -> None:
        """Refuse what lets a file say one thing and mean another."""
        if isinstance(event, events.AliasEvent):
            self._refuse(
                event.start_mark,
                f"Le renvoi « *{event.anchor} » n’est pas permis.",
                "Écrivez la valeur, ou mettez le texte entre guillemets s’il commence par « * ».",
            )
        elif isinstance(event, events.NodeEvent) and event.anchor is not None:
            self._refuse(
                event.start_mark,
                f"L’ancre « &{event.anchor} » n’est pas permise.",
                "Mettez le texte entre guillemets s’il commence par « & ».",
            )
        if (tag := getattr(event, "tag", None)) is not None:
            self._refuse(
                event.start_mark,
                f"L’étiquette « {tag} » n’est pas permise.",
                "Mettez le texte entre guillemets s’il commence par « ! ».",
            )

    def _visible(self, event: events.Event) -> None:
        """Refuse a character that the file hides behind an escape such as ``\\u202e``."""
        if isinstance(event, events.ScalarEvent) and (match := _FORBIDDEN.search(event.value)):
            self._refuse(
                event.start_mark,
                f"Ce texte cache le caractère invisible U+{ord(match[0]):04X}.",
                "Effacez la séquence qui commence par « \\ ».",
            )

    def _give_up(self, event: events.Event, what: str) -> NoReturn:
        raise RefusedError([*self.source.problems, Problem(self._place(event.start_mark), what)])

    def _place(self, mark: Any) -> Place:
        return Place(self.source.file, mark.line + 1, mark.column + 1)

    def _refuse(self, mark: Any, what: str, mend: str) -> None:
        self.source.note(Problem(self._place(mark), what, mend))


def build(source: Source, path: Path, model: type[Model]) -> Model | None:
    """The value at ``path`` as ``model``; what does not fit is noted in ``source`` and gives None."""
    value: Any = source.value
    for step in path:
        value = value[step]
    try:
        return model.model_validate(value, context={"source": source})
    except ValidationError as error:
        errors = error.errors()
        inside = {details["loc"][:-1] for details in errors}
        for details in errors:
            if details["type"] == "too_short" and any(
                loc[: len(details["loc"])] == details["loc"] for loc in inside
            ):
                continue  # the list only looks short because its entries were refused
            where, is_key = _where(source, (*path, *details["loc"]))
            what, mend = sentences.told(details, model)
            source.refuse(where, what, mend, key=is_key or details["type"] == "extra_forbidden")
        return None


def _where(source: Source, loc: Path) -> tuple[Path, bool]:
    """The path in the file that a validation error speaks of (it may name steps that are not there)."""
    path: Path = ()
    for step in loc:
        if (*path, step) in source.values:
            path = (*path, step)
    return path, False
