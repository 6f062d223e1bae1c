"""What every foreign format can do, the register of formats, and how what is lost is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NoReturn

from quizapp.exam.bank import Bank
from quizapp.exam.formats.entries import said
from quizapp.exam.problems import Place, Problem, RefusedError
from quizapp.exam.questions.base import Question

MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was not carried: of which item, why, and whether all of the item is missing.

    ``keys`` are the author's keys that a second reading would not give back; ``type`` among them
    says that the question would come back as one of another type.
    """

    item: str
    what: str
    whole: bool = True
    line: int = 0
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file gave: a bank as YAML (empty where no question is left), and what it did not give."""

    text: str
    count: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A file made of a bank, and what it does not hold."""

    content: bytes
    count: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """A foreign format: how it is named, recognised among files of its suffix, read and written.

    ``read`` raises RefusedError for a file of which nothing can be read.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    is_it: Callable[[bytes], bool]
    read: Callable[[bytes, str], Imported]
    write: Callable[[Bank], Exported]


FORMATS: dict[str, Format] = {}


def register(known: Format) -> None:
    """Make a format known under its name."""
    if known.name in FORMATS:
        raise ValueError(f"two formats are named {known.name!r}")
    FORMATS[known.name] = known


def format_of(raw: bytes, file: str) -> Format:
    """The format that a file's suffix and its first bytes tell; raises RefusedError."""
    suffix = PurePath(file).suffix.lower()
    for known in FORMATS.values():
        if suffix in known.suffixes and known.is_it(raw[:20_000]):
            return known
    names = ", ".join(FORMATS)
    raise RefusedError([
        Problem(
            Place(file), "Le format de ce fichier n’est pas reconnu.",
            f"Nommez-le par --format : {names}.",
        )
    ])  # fmt: skip


def refuse(file: str, what: str, mend: str = "", line: int = 1) -> NoReturn:
    """Refuse a whole file."""
    raise RefusedError([Problem(Place(file, line), what, mend)])


class NotCarriedError(ValueError):
    """An item that the other side cannot hold; the message says why, in French."""


def tell_cut_cases(bank: Bank, kept: Sequence[Question], losses: list[Loss]) -> None:
    """Tell of each question that stays of a case that it is another one now: parts are numbered."""
    ids = {question.id for question in kept}
    cut = {one.stimulus.case for one in bank.questions if one.stimulus and one.id not in ids}
    for question in kept:
        if question.stimulus and question.stimulus.case in cut:
            what = "son cas perd une question : les autres changent de numéro"
            keys = frozenset({"id", "text", "stimulus"})
            losses.append(Loss(question.id, what, whole=False, keys=keys))


Made = Any
Tell = Callable[..., None]
Maker = Callable[[Any, Tell], Made]


@dataclass(frozen=True)
class Outlet:
    """How a format writes each type of question, and which of the author's keys it then holds.

    A maker tells what it could only write otherwise; a key that no one names is told here, so that
    nothing that an author wrote is left out in silence.
    """

    label: str
    common: frozenset[str]
    makers: dict[str, tuple[Maker, frozenset[str]]] = field(default_factory=dict)

    def writes(self, *kinds: str, carries: str) -> Callable[[Maker], Maker]:
        """Make a function the writer of these types; ``carries`` are the keys it sees to."""

        def known(maker: Maker) -> Maker:
            for kind in kinds:
                self.makers[kind] = (maker, frozenset(carries.split()))
            return maker

        return known

    def made(self, bank: Bank, losses: list[Loss]) -> list[tuple[Question, Made]]:
        """Each question that can be written, as its maker made it; the rest is in ``losses``."""
        made = [(question, self._made(question, losses)) for question in bank.questions]
        kept = [(question, one) for question, one in made if one is not None]
        tell_cut_cases(bank, [question for question, _ in kept], losses)
        return kept

    def _made(self, question: Question, losses: list[Loss]) -> Made:
        """What the maker of its type makes; None where the format has no place for it."""
        told: list[Loss] = []

        def tell(what: str, *keys: str) -> None:
            loss = Loss(question.id, what, whole=False, keys=frozenset(keys))
            if loss not in told:
                told.append(loss)

        try:
            if question.kind not in self.makers:
                raise NotCarriedError(f"{self.label} n’a pas le type « {question.kind} »")
            maker, carries = self.makers[question.kind]
            made = maker(question, tell)
        except NotCarriedError as error:
            losses.append(Loss(question.id, str(error)))
            return None
        for key in said(question):
            if key not in self.common | carries:
                tell(f"{self.label} n’a pas de place pour « {key} »", key)
        losses += told
        return made
