"""Questions with rows: each row is completed from a menu, and one key says what belongs where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

from pydantic import model_validator

from quizapp.exam import markup
from quizapp.exam.keys import folded
from quizapp.exam.lots import Stream
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.shown import Choice, Count, Row, Shown
from quizapp.exam.scoring import Tally


class RowsQuestion(Question):
    """Rows and options, both numbered as the author wrote them.

    An answer is kept as each row's option, ``1,,0``; an empty place is a row left open. What is
    posted for a row is the place at which the option stood in the menu.
    """

    rules: ClassVar[tuple[str, ...]] = ("all-or-nothing", "right-minus-wrong", "per-option")

    @property
    def rows(self) -> tuple[str, ...]:
        """What is to be completed."""
        raise NotImplementedError

    @property
    def options(self) -> tuple[str, ...]:
        """What each row can be completed with."""
        raise NotImplementedError

    @property
    def right(self) -> tuple[int, ...]:
        """The option that belongs to each row."""
        raise NotImplementedError

    @property
    def menu(self) -> Sequence[int]:
        """The options in the order in which every candidate finds them."""
        return range(len(self.options))

    @model_validator(mode="after")
    def _lines_differ(self) -> Self:
        for texts in (self.rows, self.options):
            known = [folded(text) for text in texts]
            for place, text in enumerate(known):
                if text in known[:place]:
                    raise ValueError(f"« {texts[place]} » apparaît deux fois.| Retirez-en un.")
        return self

    def order(self, stream: Stream) -> tuple[int, ...]:
        """The rows shuffled."""
        rows = list(range(len(self.rows)))
        stream.shuffle(rows)
        return tuple(rows)

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        if not any(posted):
            return None
        seen = order or range(len(self.rows))
        if len(posted) != len(seen):
            raise NotAnAnswerError("Il manque des lignes à cette réponse. Rechargez la page.")
        menu = {"": "", **{str(place): str(option) for place, option in enumerate(self.menu)}}
        if not set(posted) <= menu.keys():
            raise NotAnAnswerError("Ce choix n’existe pas dans cette question.")
        given = dict(zip(seen, (menu[value] for value in posted), strict=True))
        return ",".join(given[row] for row in range(len(seen)))

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:
        given = self._given(answer)
        return Shown(
            self.kind,
            self.stem,
            body=tuple(
                Row(markup.inline(self.rows[row]), self._menu_of(given[row]))
                for row in order or range(len(self.rows))
            ),
        )

    def _menu_of(self, chosen: int | None) -> tuple[Choice, ...]:
        return tuple(
            Choice(str(place), markup.plain(self.options[option]), option == chosen)
            for place, option in enumerate(self.menu)
        )

    def _told(self, answer: str) -> str:
        return " | ".join(
            f"{self.rows[row]} : {self.options[option]}"
            for row, option in enumerate(self._given(answer))
            if option is not None
        )

    @property
    def key(self) -> str:
        """The right option of each row."""
        return ",".join(map(str, self.right))

    def _tally(self, answer: str) -> Tally:
        given = self._given(answer)
        wanted = self._given(self.counts)
        right = sum(one == key for one, key in zip(given, wanted, strict=True))
        open_rows = given.count(None)
        return Tally(right, len(given) - right - open_rows, of=len(given))

    def summarise(self, answers: Iterable[str | None]) -> tuple[Count, ...]:
        """How often each row was completed with each option."""
        pairs = Counter(
            pair
            for answer in answers
            if answer is not None and not self.is_unsure(answer)
            for pair in enumerate(self._given(answer))
        )
        return tuple(
            Count(f"{label} : {text}", pairs[row, option], self.right[row] == option)
            for row, label in enumerate(self.rows)
            for option, text in enumerate(self.options)
        )

    def _given(self, answer: str | None) -> list[int | None]:
        if answer is None:
            return [None] * len(self.rows)
        return [int(option) if option else None for option in answer.split(",")]
