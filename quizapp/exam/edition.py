"""An edition: one year of the contest, read from an organiser's YAML."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from quizapp.exam import edition_checks
from quizapp.exam import source as yaml_source
from quizapp.exam.blueprint import Section
from quizapp.exam.clock import Window, utc
from quizapp.exam.edition_checks import PRACTICE
from quizapp.exam.edition_stage import Part, PracticeStage, Span, Stage
from quizapp.exam.keys import LocalTime, YesNo
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.base import Line, Slug, Text, Whole
from quizapp.exam.retention import months_after


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"Le fuseau « {name} » n’existe pas.| Écrivez par exemple « Europe/Paris »."
        ) from None
    return name


def _none(value: Any) -> Any:
    return None if value in ("no", "non") else value


Zone = Annotated[str, AfterValidator(_zone)]


class Rules(Part):
    """The rules that a candidate accepts: a version, and a text in Markdown."""

    version: Line
    text: Annotated[Text, Field(max_length=40_000)]


class Privacy(Part):
    """How many months after the end of the edition people are still named."""

    months: Annotated[Whole, Field(ge=1, le=120)] = 12


class Practice(Part):
    """How candidates may practise: a bank of its own, and how often.

    Unless ``opens`` and ``closes`` say otherwise, one may practise from the opening of the
    applications to that of the first quiz. ``duration`` is in minutes.
    """

    bank: Slug = PRACTICE
    questions: Annotated[Whole, Field(ge=1, le=100)] = 10
    duration: Annotated[Whole, Field(ge=1, le=120)] = 6
    tries: Annotated[Whole, Field(ge=1, le=20)] = 5
    opens: LocalTime | None = None
    closes: LocalTime | None = None

    def stage(self, number: int, first: Stage, span: Span) -> PracticeStage:
        """The try of this number, like the quiz ``first`` in its ways, open during ``span``."""
        section = Section(bank=self.bank, title="Entraînement", questions=self.questions)
        return PracticeStage(
            stage=f"{PRACTICE}-{number}", title="Entraînement", kind="quiz", opens=span.opens,
            closes=span.closes, group="nation", quota=1, duration=self.duration, grace=first.grace,
            page=first.page, late="full", sections=(section,),
        )  # fmt: skip


class Edition(Part):
    """One year of the contest, as its organisers state it.

    ``tries`` are the practice papers that a candidate may sit, one after the other. With
    ``two_people``, whoever proposes a correction cannot apply it, and a ranking is checked by one
    person and published by another.
    """

    edition: Slug
    name: Line
    zone: Zone = "Europe/Paris"
    applications: Span
    rules: Rules
    privacy: Privacy = Privacy()
    two_people: YesNo = False
    practice: Annotated[Practice | None, BeforeValidator(_none)] = Practice()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=20)]

    def window(self, span: Span | Stage) -> Window:
        """The window of a stage, or of the applications, in UTC."""
        return Window(utc(span.opens, self.zone), utc(span.closes, self.zone))

    @property
    def erased_at(self) -> datetime:
        """When personal data is erased: ``privacy.months`` after the last window closes, in UTC."""
        spans: tuple[Span | Stage, ...] = (self.applications, *self.stages)
        return months_after(max(self.window(span).closes for span in spans), self.privacy.months)

    @cached_property
    def tries(self) -> tuple[PracticeStage, ...]:
        """The practice stages; none where the edition has no quiz, or no time before it."""
        first = next((stage for stage in self.stages if stage.kind == "quiz"), None)
        if self.practice is None or first is None:
            return ()
        span = Span(
            opens=self.practice.opens or self.applications.opens,
            closes=self.practice.closes or first.opens,
        )
        if span.closes <= span.opens:
            return ()
        numbers = range(1, self.practice.tries + 1)
        return tuple(self.practice.stage(number, first, span) for number in numbers)

    @cached_property
    def every_stage(self) -> dict[str, Stage]:
        """The stages of the contest and those for practice, by key."""
        return {stage.stage: stage for stage in (*self.stages, *self.tries)}

    def stage(self, key: str) -> Stage:
        """The stage of this key, of the contest or for practice; raises KeyError."""
        return self.every_stage[key]


def parse(text: str, file: str = "edition.yaml") -> Edition:
    """The edition in ``text``; raises RefusedError with every problem found in it."""
    return read(text, file)[1]


def read(text: str, file: str) -> tuple[yaml_source.Source, Edition]:
    """As ``parse``, with the source that knows where each value stands."""
    source = yaml_source.read(text, file)
    edition = yaml_source.build(source, (), Edition) if source.value is not None else None
    if edition is not None:
        edition_checks.times(source, edition)
        edition_checks.keys(source, edition)
        edition_checks.practice(source, edition)
    if source.problems or edition is None:
        raise RefusedError(source.problems)
    return source, edition


@lru_cache(maxsize=16)
def parsed(text: str) -> Edition:
    """As ``parse``, for a text known to be good; the same text gives the same object."""
    return parse(text)
