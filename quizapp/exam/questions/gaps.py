"""A text with gaps, typed or chosen from a menu."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from quizapp.exam import markup
from quizapp.exam.folding import matches
from quizapp.exam.keys import folded
from quizapp.exam.markup import Html
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Question, Text, one_as_list, register
from quizapp.exam.questions.short import EVERY, Folds, Typos, Variant, Variants, one_line
from quizapp.exam.questions.shown import Choice, Reviewed, Shown
from quizapp.exam.scoring import Tally

_MARK = re.compile(r"\{(\d{1,2})\}", re.ASCII)


class Gap(BaseModel):
    """One gap: typed, with the texts that it accepts, or chosen, with one right text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accept: Variants | None = None
    answer: Variant | None = None
    wrong: Annotated[tuple[Variant, ...], BeforeValidator(one_as_list), Field(max_length=9)] = ()

    @model_validator(mode="after")
    def _is_typed_or_chosen(self) -> Self:
        if (self.accept is None) == (self.answer is None) or bool(self.wrong) != bool(self.answer):
            raise ValueError(
                "Un trou se remplit au clavier ou par un choix.|"
                " Écrivez une liste de textes acceptés, ou « {answer: …, wrong: […]} »."
            )
        known = [folded(text) for text in self.options]
        if len(set(known)) < len(known):
            raise ValueError("Un choix de ce trou apparaît deux fois.| Retirez-en un.")
        return self

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen, the right one first; nothing where it is typed."""
        return (self.answer, *self.wrong) if self.answer else ()

    @property
    def menu(self) -> list[int]:
        """The options in the order of the alphabet, which tells nothing of the author's."""
        return sorted(range(len(self.options)), key=lambda one: folded(self.options[one]))

    def read(self, value: str) -> str:
        """What is kept of a posted value: the typed text, or the number of the option."""
        if self.accept:
            return one_line(value, limit=100)
        places = {"": "", **{str(place): str(option) for place, option in enumerate(self.menu)}}
        if value not in places:
            raise NotAnAnswerError("Ce choix n’existe pas dans cette question.")
        return places[value]

    def said(self, kept: str) -> str:
        """What was kept, as text."""
        return self.options[int(kept)] if kept and self.options else kept

    @property
    def key(self) -> str:
        """What is kept of a right answer."""
        return self.accept[0] if self.accept else "0"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the passage as HTML, and the gap after it: its number, or 0 at the end."""

    text: Html
    gap: int = 0
    value: str = ""
    options: tuple[Choice, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A gap after publication: what was given, and what belongs there."""

    gap: int
    given: str
    key: str
    right: bool


def _as_gap(value: Any) -> Any:
    return {"accept": value} if isinstance(value, (str, list)) else value


@register("gaps", keys={"passage", "gaps"})
class Gaps(Question):
    """A passage with gaps, ``{1}``, ``{2}``; an answer is kept as the list of what fills them."""

    rules: ClassVar[tuple[str, ...]] = ("all-or-nothing", "right-minus-wrong", "per-option")

    passage: Text
    gaps: Annotated[
        tuple[Annotated[Gap, BeforeValidator(_as_gap)], ...], Field(min_length=1, max_length=20)
    ]
    ignore: Folds = EVERY
    typos: Typos = 0

    @model_validator(mode="after")
    def _marks_fit(self) -> Self:
        marks = _MARK.findall(markup.block(self.passage))
        asked = [str(number) for number in range(1, len(self.gaps) + 1)]
        if marks != asked:
            raise ValueError(
                f"« passage » contient les trous {', '.join(marks) or '(aucun)'}, et « gaps » en"
                f" décrit {len(asked)}.| Écrivez {{1}}, {{2}}… une fois chacun, dans l’ordre."
            )
        return self

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:  # noqa: ARG002
        if not any(value.strip() for value in posted):
            return None
        if len(posted) != len(self.gaps):
            raise NotAnAnswerError("Il manque des trous à cette réponse. Rechargez la page.")
        kept = [gap.read(value) for gap, value in zip(self.gaps, posted, strict=True)]
        return json.dumps(kept, ensure_ascii=False) if any(kept) else None

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:  # noqa: ARG002
        return Shown(self.kind, self.stem, body=tuple(self._pieces(self._kept(answer))))

    def _pieces(self, kept: list[str]) -> Iterator[Piece]:
        *texts, end = _MARK.split(markup.block(self.passage))[::2]
        for number, (text, gap) in enumerate(zip(texts, self.gaps, strict=True), start=1):
            given = kept[number - 1]
            options = tuple(
                Choice(str(place), gap.options[option], str(option) == given)
                for place, option in enumerate(gap.menu)
            )
            value = "" if gap.options else given
            yield Piece(Html(text), number, value, options, gap.said(given))
        yield Piece(Html(end))

    def review(self, order: Sequence[int], answer: str | None) -> Reviewed:
        """With each gap beside what belongs there."""
        kept = self._kept(None if self.is_unsure(answer) else answer)
        filled = tuple(
            Filled(number, gap.said(given), self._wanted(gap), self._fits(gap, given))
            for number, (gap, given) in enumerate(zip(self.gaps, kept, strict=True), start=1)
        )
        return replace(super().review(order, answer), body=filled)

    def _told(self, answer: str) -> str:
        kept = self._kept(answer)
        return " | ".join(
            gap.said(given) or "…" for gap, given in zip(self.gaps, kept, strict=True)
        )

    def _tally(self, answer: str) -> Tally:
        kept = self._kept(answer)
        right = sum(self._fits(gap, given) for gap, given in zip(self.gaps, kept, strict=True))
        return Tally(right, sum(map(bool, kept)) - right, of=len(kept))

    def _fits(self, gap: Gap, given: str) -> bool:
        if gap.accept and given:
            return matches(given, gap.accept, self.ignore, typos=self.typos)
        return given == "0"

    @property
    def key(self) -> str:
        """What fills all gaps rightly."""
        return json.dumps([gap.key for gap in self.gaps], ensure_ascii=False)

    @property
    def told_key(self) -> str:
        """What each gap accepts."""
        return " | ".join(self._wanted(gap) for gap in self.gaps)

    def _wanted(self, gap: Gap) -> str:
        return " ou ".join(gap.accept) if gap.accept else gap.said("0")

    def _kept(self, answer: str | None) -> list[str]:
        return json.loads(answer) if answer else [""] * len(self.gaps)
