"""What every question is and can do, and the register of its types.

A type is one module of this folder (its keys, its reading and its marking) and one template,
``templates/questions/<type>.html`` (how it is answered and reviewed).
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from quizapp.exam import markup
from quizapp.exam.lots import Stream

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]


def _digits(value: Any) -> Any:
    """Refuse what Python reads as a number and a person does not: ``１２``, ``1_000``."""
    if isinstance(value, str) and not (value.isascii() and "_" not in value):
        raise ValueError(f"« {value} » n’est pas un nombre.| Écrivez-le en chiffres ordinaires.")
    return value


Whole = Annotated[int, BeforeValidator(_digits)]


def _written_date(value: Any) -> Any:
    """Refuse a bare number, which would be read as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError(
            f"« {value[:60]} » n’est pas une date.|"
            " Écrivez l’année, le mois et le jour, par exemple « 2027-12-31 »."
        )
    return value


def one_as_list(value: Any) -> Any:
    """Let an author write one text where a list is meant."""
    return [value] if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as shown: the value it posts, its text as HTML, whether it is chosen."""

    value: str
    label: str
    chosen: bool

    @property
    def checked(self) -> str:
        """What marks its field as chosen, in HTML."""
        return " checked" if self.chosen else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as a template shows it to one candidate."""

    type: str
    stem: str
    choices: tuple[Choice, ...] = ()
    value: str = ""
    unit: str = ""


class Question(BaseModel):
    """A question of a bank. An answer, once read, is a short text, kept as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]

    id: Slug
    type: str = ""
    topic: Line
    difficulty: Annotated[Whole, Field(ge=1, le=3)]
    text: Text
    explanation: Text
    source: Line
    true_until: Annotated[date, BeforeValidator(_written_date)] | None = None

    def order(self, stream: Stream) -> tuple[int, ...]:  # noqa: ARG002
        """The order in which one candidate sees the choices, drawn from ``stream``."""
        return ()

    @abstractmethod
    def read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        """The answer in what was posted, or None for no answer; raises NotAnAnswerError."""

    @abstractmethod
    def mark(self, answer: str | None) -> Fraction:
        """The part of the question's points that this answer earns, from 0 to 1."""

    @abstractmethod
    def show(self, order: Sequence[int], answer: str | None) -> Shown:
        """The question as this candidate sees it; never anything of its key."""

    @abstractmethod
    def told(self, answer: str | None) -> str:
        """An answer as a line of text, for a list or an export."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The answer that earns all points."""

    def distance(self, answer: str | None) -> Fraction | None:  # noqa: ARG002
        """How far an estimate lies from the truth; None where nothing is estimated."""
        return None

    @property
    def stem(self) -> str:
        """The text as HTML."""
        return markup.block(self.text)


TYPES: dict[str, type[Question]] = {}
_KEYS: dict[str, frozenset[str]] = {}


def register(name: str, *, keys: Collection[str]) -> Callable[[type[Question]], type[Question]]:
    """Make a type known under ``name``; a question without ``type:`` that has ``keys`` is of it."""

    def known(question: type[Question]) -> type[Question]:
        if name in TYPES:
            raise ValueError(f"two question types are named {name!r}")
        question.kind = name
        TYPES[name], _KEYS[name] = question, frozenset(keys)
        return question

    return known


def type_of(entry: Mapping[str, Any]) -> type[Question]:
    """The type that an entry names, or that its keys tell; raises ValueError, in French."""
    if named := entry.get("type"):
        if isinstance(named, str) and named in TYPES:
            return TYPES[named]
        raise ValueError(
            f"Le type « {str(named)[:60]} » n’existe pas.| Types possibles : {', '.join(TYPES)}."
        )
    fitting = [name for name, keys in _KEYS.items() if keys <= entry.keys()]
    if len(fitting) == 1:
        return TYPES[fitting[0]]
    if fitting:
        raise ValueError(
            f"Cette question peut être de plusieurs types : {', '.join(fitting)}.|"
            " Gardez les clés d’un seul, ou ajoutez « type: »."
        )
    raise ValueError(
        "Cette question ne dit pas sa réponse.|"
        " Ajoutez « answer: » et « wrong: » (un choix), « answers: » et « wrong: » (plusieurs),"
        " ou « estimate: » (un nombre à estimer)."
    )
