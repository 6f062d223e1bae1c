"""What a template is given of a question: while it is answered, and afterwards with its key."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.exam.markup import Html


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What the questions of a composite case have in common: its identifier and its text."""

    case: str
    text: str


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
class Row:
    """One line to complete: its text as HTML, and a menu whose labels are plain text."""

    label: str
    options: tuple[Choice, ...]

    @property
    def chosen(self) -> str:
        """The label chosen in the menu, or nothing."""
        return next((option.label for option in self.options if option.chosen), "")


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as a template shows it to one candidate.

    ``body`` is what only this type's template knows. ``unsure`` says whether « Je ne sais pas » is
    chosen; None where it is not offered.
    """

    type: str
    stem: str
    choices: tuple[Choice, ...] = ()
    value: str = ""
    unit: str = ""
    body: object = None
    stimulus: str = ""
    unsure: bool | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question after publication: as answered, as the key answers it, and why.

    ``told`` and ``told_key`` are the two answers as lines of text; a question without a key, which a
    person marks or nobody does, has no ``key``. ``body`` is what only this type's template knows.
    """

    question: Shown
    key: Shown | None
    told: str
    told_key: str
    explanation: Html
    source: str
    body: object = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many candidates gave an answer, or chose a part of it, and whether it is right."""

    label: str
    count: int
    right: bool
