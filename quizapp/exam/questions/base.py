"""What every question is and can do, and the register of its types.

A type is one module of this folder (its keys, its reading and its marking) and one template,
``templates/questions/<type>.html`` (how it is answered and reviewed). A room uses ``order``,
``read``, ``mark``, ``show``, ``told``, ``review`` and ``summarise``; a type fills in those that
begin with an underscore, which never meet « Je ne sais pas ».
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from quizapp.exam import markup
from quizapp.exam.keys import WrittenDate
from quizapp.exam.lots import Stream
from quizapp.exam.markup import Html
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.keyed import Keyed
from quizapp.exam.questions.shown import Count, Reviewed, Shown, Stimulus
from quizapp.exam.scoring import Scoring, Tally, rule_alone

DONT_KNOW = "?"  # posted and kept where a question offers « Je ne sais pas »

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]


def _digits(value: Any) -> Any:
    """Refuse what Python reads as a number and a person does not: ``１２``, ``1_000``."""
    if isinstance(value, str) and not (value.isascii() and "_" not in value):
        raise ValueError(f"« {value} » n’est pas un nombre.| Écrivez-le en chiffres ordinaires.")
    return value


Whole = Annotated[int, BeforeValidator(_digits)]


def one_as_list(value: Any) -> Any:
    """Let an author write one text where a list is meant."""
    return [value] if isinstance(value, str) else value


class Question(Keyed):
    """A question of a bank. An answer, once read, is a short text, kept as it is.

    ``rules`` names the scoring rules that suit the type, its own first. A type that ``earns`` no
    points is left out of every total. Questions of a bank that share a word of ``exclude`` never
    stand in one paper. Keys that came ``later`` than the first banks count in a digest only where
    they say something: an old bank keeps its digest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    rules: ClassVar[tuple[str, ...]] = ("all-or-nothing",)
    earns: ClassVar[bool] = True
    later: ClassVar[frozenset[str]] = frozenset({"weight", "scoring", "tags", "exclude"})

    id: Slug
    type: str = ""
    topic: Line
    difficulty: Annotated[Whole, Field(ge=1, le=3)]
    text: Text
    explanation: Text
    source: Line
    true_until: WrittenDate | None = None
    weight: Annotated[Whole, Field(ge=1, le=100)] = 1
    scoring: Annotated[Scoring, BeforeValidator(rule_alone)] = Scoring()
    tags: Annotated[tuple[Line, ...], BeforeValidator(one_as_list), Field(max_length=20)] = ()
    exclude: Annotated[tuple[Slug, ...], BeforeValidator(one_as_list), Field(max_length=20)] = ()

    _stimulus: Stimulus | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _scoring_suits(self) -> Self:
        if not self.earns and (self.weight != 1 or self.scoring != Scoring()):
            raise ValueError(
                "Une question de ce type ne rapporte pas de points.|"
                " Retirez « weight » et « scoring »."
            )
        if not self.rules and self.scoring != Scoring():
            raise ValueError("Cette question est notée par une personne.| Retirez « scoring ».")
        if self.scoring.rule is not None and self.scoring.rule not in self.rules:
            raise ValueError(
                f"La règle « {self.scoring.rule} » ne convient pas à ce type de question.|"
                f" Règles possibles : {', '.join(self.rules)}."
            )
        return self

    def order(self, stream: Stream) -> tuple[int, ...]:  # noqa: ARG002
        """The order in which one candidate sees the choices, drawn from ``stream``."""
        return ()

    def read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        """The answer in what was posted, or None for no answer; raises NotAnAnswerError."""
        if self.scoring.dont_know is None or DONT_KNOW not in posted:
            return self._read(posted, order)
        if set(posted) - {"", DONT_KNOW}:
            raise NotAnAnswerError(
                "Vous avez répondu et dit « Je ne sais pas » : retirez l’un des deux."
            )
        return DONT_KNOW

    def mark(self, answer: str | None) -> Fraction | None:
        """The part of the question's points that this answer earns, from ``floor`` to 1.

        None where a person has to say it.
        """
        if not self.earns:
            return Fraction(0)
        if answer is None:
            return self.scoring.unanswered
        if self.is_unsure(answer):
            return self.scoring.dont_know
        if any(self._same(answer, other) for other in self._also):
            return Fraction(1)
        return self.scoring.part(self.rule, self._tally(answer))

    def show(self, order: Sequence[int], answer: str | None) -> Shown:
        """The question as this candidate sees it; never anything of its key."""
        unsure = None if self.scoring.dont_know is None else answer == DONT_KNOW
        return replace(
            self._show(order, None if unsure else answer),
            stimulus=markup.block(self._stimulus.text) if self._stimulus else "",
            unsure=unsure,
        )

    def told(self, answer: str | None) -> str:
        """An answer as a line of text, for a list or an export."""
        if answer is None:
            return ""
        return "Je ne sais pas" if self.is_unsure(answer) else self._told(answer)

    def review(self, order: Sequence[int], answer: str | None) -> Reviewed:
        """The question after publication, with the answer given and the key."""
        return Reviewed(
            question=self.show(order, answer),
            key=self.show(order, self.counts) if self.counts else None,
            told=self.told(answer),
            told_key=self.told_counts,
            explanation=markup.block(self.explanation) if self.explanation else Html(),
            source=self.source,
        )

    def summarise(self, answers: Iterable[str | None]) -> tuple[Count, ...]:
        """The answers given, the most frequent first; a type may count its parts instead."""
        return tuple(
            Count(self.told(answer), count, right=self.mark(answer) == 1)
            for answer, count in Counter(answers).most_common(30)
            if answer is not None
        )

    @abstractmethod
    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        """The answer in what was posted, or None for no answer; raises NotAnAnswerError."""

    def _tally(self, answer: str) -> Tally:
        """How an answer compares with the key."""
        return Tally.of_one(self._same(answer, self.counts))

    @abstractmethod
    def _show(self, order: Sequence[int], answer: str | None) -> Shown:
        """The question as this candidate sees it."""

    @abstractmethod
    def _told(self, answer: str) -> str:
        """An answer as a line of text."""

    @property
    def rule(self) -> str:
        """The name of the scoring rule that applies."""
        return self.scoring.rule or self.rules[0]

    @property
    def floor(self) -> Fraction:
        """The least part of the points that an answer can earn."""
        return self.scoring.floor

    def distance(self, answer: str | None) -> Fraction | None:  # noqa: ARG002
        """How far an estimate lies from the truth; None where nothing is estimated."""
        return None

    def is_unsure(self, answer: str | None) -> bool:
        """Whether this answer is « Je ne sais pas »."""
        return self.scoring.dont_know is not None and answer == DONT_KNOW

    @property
    def stem(self) -> Html:
        """The text as HTML."""
        return markup.block(self.text)

    @property
    def stimulus(self) -> Stimulus | None:
        """What it has in common with the other questions of its case; None if it stands alone."""
        return self._stimulus

    def part_of(self, case: Stimulus, number: int) -> Self:
        """This question as the one of this number, from 1, in a composite case."""
        part = self.model_copy(update={"id": f"{case.case}.{number}"})
        part._stimulus = case
        return part

    def scored_by_default(self, scoring: Scoring) -> Self:
        """This question under its bank's scoring, if it says none of its own."""
        if self.scoring != Scoring() or not self.rules:
            return self
        if scoring.rule not in self.rules or scoring.rule == "fractions":
            scoring = scoring.model_copy(update={"rule": None})
        return self.model_copy(update={"scoring": scoring})

    def meaning(self) -> dict[str, Any]:
        """What makes it this question, for the digest of its bank."""
        silent = {
            name
            for name in self.later
            if getattr(self, name) == type(self).model_fields[name].default
        }
        said = {"kind": self.kind, **self.model_dump(mode="json", exclude=silent)}
        if self._stimulus:
            said["stimulus"] = self._stimulus.text
        return said


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
            f"Le type « {str(named)[:60]} » n’existe pas.| Types possibles : {', '.join(sorted(TYPES))}."
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
        " ou les clés d’un autre type : docs/bank-format.md les montre tous."
    )
