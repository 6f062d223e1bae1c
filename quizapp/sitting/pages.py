"""A sitting as its pages show it: the sheet of questions, and the state of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app, get_template_attribute, render_template, url_for
from markupsafe import Markup

from quizapp.exam.bank import Bank
from quizapp.exam.clock import Own
from quizapp.exam.pace import Pace, Part, Step
from quizapp.exam.paper import Item
from quizapp.exam.questions.shown import Choice, Shown
from quizapp.sitting.answers import Answers
from quizapp.sitting.queries import Kept, Seat, Standing
from quizapp.web.i18n import hour, language
from quizapp.web.stencil import Stencil, hole

# Questions ready to be filled in, by process: a few thousand bytes each; and the texts to fill them
# with, some hundred bytes for each order of choices.
_MOST, _MOST_DRAWN = 4_000, 20_000


@dataclass(frozen=True, slots=True)
class State:
    """Where one item of a paper stands, for lists of them."""

    number: int
    section: str
    answered: bool
    flagged: bool
    seq: int


def states(seat: Seat, kept: Mapping[int, Kept]) -> list[State]:
    """Where each item of a sitting's paper stands."""
    return [
        State(
            item.number,
            seat.sections[item.bank],
            answered=mine is not None and mine.response is not None,
            flagged=mine is not None and mine.flagged,
            seq=mine.seq if mine else 0,
        )
        for item in seat.paper.items
        for mine in [kept.get(item.number)]
    ]


def cells(seat: Seat, kept: Mapping[int, Kept]) -> str:
    """The state of every item for the page's script: ``3a 0 2af`` (version, answered, flagged)."""
    told = []
    for number in range(1, seat.total + 1):
        mine = kept.get(number)
        if mine is None:
            told.append("0")
        else:
            answered = "a" if mine.response is not None else ""
            told.append(f"{mine.seq}{answered}{'f' if mine.flagged else ''}")
    return " ".join(told)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question on its sheet, as ``parts/question.html`` shows it; most of it is filled in."""

    number: str
    section: str
    seq: str
    flag: str
    saved: str
    question: Shown


class Pages:
    """The pages of a paper, whose constant parts are rendered once in this process.

    The frame is constant for a stage and a language, a question for a version of its bank.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._frames: dict[tuple[Any, ...], Stencil] = {}
        self._questions: dict[tuple[Any, ...], Stencil] = {}
        self._drawn: dict[tuple[Any, ...], tuple[Stencil, dict[str, str]]] = {}

    def paper(
        self,
        seat: Seat,
        kept: Mapping[int, Kept],
        *,
        current: int,
        values: Mapping[str, str],
        step: Step | None = None,
    ) -> str:
        """The page of the paper at item ``current``; ``values`` fill what is the person's own.

        Of a paced paper it is the page of a ``step``, and holds nothing of the others.
        """
        first, final = (step.first, step.last) if step else (1, seat.total)
        shown = range(first, final + 1) if seat.page == "all" else (current,)
        paper = seat.paper
        last = max((kept[number].at for number in shown if number in kept), default=None)
        frame = self._frame(seat, first=current == first, last=current == final, step=step)
        return frame.filled(
            {
                **values,
                "current": str(current),
                "section": str(Markup.escape(seat.sections[paper.items[current - 1].bank])),
                "shown": ",".join(map(str, shown)),
                "cells": cells(seat, kept),
                "answered": str(sum(one.response is not None for one in kept.values())),
                "last_kept": last.isoformat() if last else "",
                "questions": self.questions(seat, kept, [paper.items[n - 1] for n in shown]),
            }
        )

    def whole(self, seat: Seat, kept: Mapping[int, Kept], step: Step | None = None) -> str:
        """All questions of the paper, or of a step of it, without a frame."""
        items = seat.paper.items
        return self.questions(seat, kept, items[step.first - 1 : step.last] if step else items)

    def _frame(self, seat: Seat, *, first: bool, last: bool, step: Step | None) -> Stencil:
        key = (seat.stage_id, language(), first, last, step.number if step else 0)
        frame = self._frames.get(key)
        if frame is None:
            html = render_template(
                "sitting/paper.html",
                hole=hole, key=key_of(seat), title=seat.title, layout=seat.page, total=seat.total,
                only_handed_in=seat.only_handed_in, first=first, last=last, practice=seat.practice,
                step=_way(seat, step) if step else None,
            )  # fmt: skip
            frame = self._frames.setdefault(key, Stencil(html))
        return frame

    def questions(self, seat: Seat, kept: Mapping[int, Kept], items: Sequence[Item]) -> str:
        """The questions of these items, each with the answer that counts."""
        one, speech = seat.page == "one", language()
        return "".join(
            self._question(self._answers.bank(seat, item.bank), seat, item, mine, one, speech)
            for item in items
            for mine in [kept.get(item.number)]
        )

    def _question(
        self, bank: Bank, seat: Seat, item: Item, mine: Kept | None, one: bool, speech: str
    ) -> str:
        response = mine.response if mine else None
        key = (bank.digest, item.question, item.order, response, seat.stage_id, one, speech)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._draw(bank, seat, item, response, one, speech)
            if len(self._drawn) >= _MOST_DRAWN:
                self._drawn.clear()
            self._drawn[key] = drawn
        stencil, texts = drawn
        return stencil.filled(
            {
                **texts,
                "number": str(item.number),
                "seq": str(mine.seq if mine else 0),
                "flag": " checked" if mine and mine.flagged else "",
                "saved": mine.at.isoformat() if mine else "",
            }
        )

    def _draw(
        self, bank: Bank, seat: Seat, item: Item, response: str | None, one: bool, speech: str
    ) -> tuple[Stencil, dict[str, str]]:
        """A question's stencil, and the texts that depend on the order of its choices.

        A type that shows choices and no more has one stencil for all orders and answers.
        """
        shown = bank.by_id[item.question].show(item.order, response)
        alike = bool(shown.choices) and shown.body is None and shown.unsure is None
        key: tuple[Any, ...] = (bank.digest, item.question, seat.stage_id, one, speech)
        if not alike:
            key = (*key, item.order, response)
        stencil = self._questions.get(key)
        if stencil is None:
            blank = replace(shown, choices=tuple(map(_blank, shown.choices))) if alike else shown
            stencil = self._cut(seat, item, blank, one)
            if len(self._questions) >= _MOST:
                self._questions.clear()
            self._questions[key] = stencil
        texts = {f"label_{choice.value}": str(choice.label) for choice in shown.choices}
        marks = {f"checked_{choice.value}": str(choice.checked) for choice in shown.choices}
        return stencil, {**texts, **marks}

    @staticmethod
    def _cut(seat: Seat, item: Item, question: Shown, one: bool) -> Stencil:
        sheet = Sheet(
            hole("number"), seat.sections[item.bank], hole("seq"), hole("flag"), hole("saved"),
            question,
        )  # fmt: skip
        draw = get_template_attribute("parts/question.html", "question")
        # Nobody waits at the other end while somebody practises.
        desk = "" if seat.practice else url_for("helping.help_page", stage_key=key_of(seat))
        return Stencil(str(draw(sheet, seat.total, one, desk)))


def _way(seat: Seat, step: Step) -> dict[str, Any]:
    """What the frame of a step says of it, and of what follows."""
    following = seat.pace.following(step.number) if seat.pace else None
    after = "summary" if following is None else "part" if following.begins_part else "question"
    part = step.part
    return {
        "number": step.number, "first": step.first, "last": step.last, "after": after,
        "forward": part.forward,
        "of": "question" if part.each else "part" if part.lasts else "",
        "until": hole("step_until"), "until_hour": hole("step_until_hour"),
        "left": hole("step_left"),
    }  # fmt: skip


def key_of(seat: Seat) -> str:
    """The stage's name in addresses."""
    return seat.stage.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Blank:
    """A choice whose text and mark are still to be filled in."""

    value: str
    label: str
    checked: str


def _blank(choice: Choice) -> Any:
    return _Blank(choice.value, hole(f"label_{choice.value}"), hole(f"checked_{choice.value}"))


def told_parts(pace: Pace, own: Own) -> list[dict[str, Any]]:
    """The parts of a paper as pages tell them to somebody: their times, in seconds."""
    return [
        _part(place, part.with_allowance(own.allowance))
        for place, part in enumerate(pace.parts, start=1)
    ]


def _part(place: int, part: Part) -> dict[str, Any]:
    return {
        "place": place, "title": part.title, "total": part.total, "forward": part.forward,
        "each": part.each.total_seconds() if part.each else None,
        "lasts": part.lasts.total_seconds() if part.lasts else None,
    }  # fmt: skip


def pages() -> Pages:
    """This process's pages."""
    found: Pages = current_app.extensions["pages"]
    return found


def bar(
    seat: Seat,
    standing: Standing,
    *,
    writing_pass: str,
    rescue_page: Mapping[str, str],
    now: datetime,
    announced: Sequence[Any] = (),
) -> dict[str, str]:
    """What the bar above a sitting says of this person and this moment.

    ``rescue_page`` is what the page needs to seal a rescue file, see ``rescue.for_page``.
    """
    said = render_template("parts/said.html", latest=announced[-1]) if announced else ""
    return {
        "sitting": str(standing.sitting_id),
        "pass": writing_pass,
        "rescue": Markup.escape(json.dumps(rescue_page, ensure_ascii=False)),
        "said": Markup(said),  # noqa: S704  # rendered above
        "now": now.isoformat(),
        "ends_at": standing.ends_at.isoformat(),
        "ends_at_hour": hour(standing.ends_at, seat.zone),
        "lasts": str(int((standing.ends_at - seat.started_at).total_seconds())),
        "paused": str(standing.paused_at is not None).lower(),
        "left": str(int((standing.ends_at - (standing.paused_at or now)).total_seconds())),
    }
