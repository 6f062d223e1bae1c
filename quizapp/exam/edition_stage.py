"""A stage as an edition states it: when it is open, how a paper is drawn and timed, who goes on."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from quizapp.exam.admission import Access
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.clock import Expiry, Start, Timing, Window
from quizapp.exam.keys import LocalTime, YesNo
from quizapp.exam.pace import Pace, pace_of
from quizapp.exam.questions.base import Line, Slug, Whole
from quizapp.exam.ranking.tiebreaks import TieKey, tie_keys
from quizapp.exam.stages import Cut
from quizapp.exam.visibility import Shows

Group = Literal["city", "region", "nation"]


def _known_keys(names: tuple[str, ...]) -> tuple[str, ...]:
    tie_keys(names, seed="")
    return names


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Part):
    """An interval in wall-clock time of the edition's zone."""

    opens: LocalTime
    closes: LocalTime


def _spoken(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    told = (f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else "")
    return " ".join(filter(None, told))


class Stage(Part):
    """One stage: who is compared with whom, how many go on, and for a quiz how it is sat.

    ``duration`` is in minutes, ``grace`` in seconds. ``page`` shows one question or all. ``start``
    says whether time begins with each person or for all at the opening, ``late`` whether the
    window's end cuts the time of somebody who starts late, ``expiry`` what becomes of a sitting
    that nobody handed in. ``forward_only`` shows one question after another without a way back, in
    every section that does not say otherwise. Candidates are ranked and qualified per ``group``,
    ``quota`` of each; ``meets`` is the group in which they come together, by which the next stage's
    lists are printed. ``access`` keeps a quiz to some networks, or to Safe Exam Browser.
    ``cut`` says what happens to candidates who remain equal at the last place: a ``lot`` parts them,
    or ``all`` go on. With ``lots: public`` they are
    drawn from a public value that comes after the list, else from a seed made when this is loaded.
    ``shows`` says when candidates see what of their results.
    """

    stage: Slug
    title: Line
    kind: Literal["quiz", "jury"]
    opens: LocalTime
    closes: LocalTime
    group: Group
    quota: Annotated[Whole, Field(ge=1, le=10_000)]
    meets: Group = "nation"
    duration: Annotated[Whole, Field(ge=1, le=600)] | None = None
    grace: Annotated[Whole, Field(ge=0, le=600)] = 30
    page: Literal["one", "all"] = "one"
    start: Start = Start.PERSONAL
    late: Literal["cut", "full"] = "cut"
    expiry: Expiry = Expiry.HAND_IN
    forward_only: YesNo = False
    sections: tuple[Section, ...] = ()
    ties: Annotated[tuple[str, ...], AfterValidator(_known_keys)] = ()
    cut: Cut | None = None
    access: Access | None = None
    lots: Literal["seed", "public"] = "seed"
    shows: Shows = Shows()

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.cut == "lot" and "lot" not in self.ties:
            raise ValueError(
                "« cut: lot » demande un tirage au sort que « ties » ne prévoit pas.|"
                " Ajoutez « lot » à la fin de « ties », ou écrivez « cut: all »."
            )
        if self.lots == "public" and "lot" not in self.ties:
            raise ValueError(
                "« lots: public » demande un tirage au sort que « ties » ne prévoit pas.|"
                " Ajoutez « lot » à la fin de « ties », ou retirez « lots »."
            )
        if self.kind == "quiz":
            if self.duration is None:
                raise ValueError("Un quiz a une durée.| Ajoutez « duration: 20 » (en minutes).")
            if self.start is Start.COMMON and self.late == "full":
                raise ValueError(
                    "Avec un départ commun, tous finissent ensemble : « late: full » ne peut pas "
                    "s’appliquer.| Retirez-le, ou écrivez « start: personal »."
                )
            self.blueprint  # noqa: B018  # raises what is wrong with the sections together
            banks = {section.bank for section in self.sections if section.scored}
            for name in self.ties:
                stem, _, bank = name.partition(":")
                if stem == "section" and bank not in banks:
                    raise ValueError(
                        f"Le départage « {name} » nomme une section absente ou non notée.|"
                        f" Sections notées : {', '.join(sorted(banks))}."
                    )
            if self.pace is not None:
                self._is_possible(self.pace, timedelta(minutes=self.duration))
        elif self.access is not None:
            raise ValueError("Un jury ne s’ouvre pas en ligne.| Retirez « access ».")
        elif self.sections or self.duration is not None:
            raise ValueError(
                "Un jury n’a ni durée ni sections.| Retirez « duration » et « sections »."
            )
        elif self.forward_only:
            raise ValueError("Un jury ne parcourt pas de questions.| Retirez « forward_only ».")
        return self

    def _is_possible(self, pace: Pace, duration: timedelta) -> None:
        """Refuse times of parts and questions that this stage cannot give."""
        asked = sum((part.longest or timedelta(0) for part in pace.parts), timedelta(0))
        if asked > duration:
            raise ValueError(
                f"Les sections demandent {_spoken(asked)} en tout, et l’étape dure "
                f"{_spoken(duration)}.| Allongez « duration », ou raccourcissez les sections."
            )
        shortest = min((part.each for part in pace.parts if part.each is not None), default=None)
        if shortest is not None and self.grace_time > shortest:
            raise ValueError(
                f"Le délai de grâce ({self.grace} s) est plus long que le temps d’une question "
                f"({_spoken(shortest)}).| Raccourcissez « grace » : il est là pour le réseau."
            )
        if self.page == "all" and any(part.forward for part in pace.parts):
            raise ValueError(
                "« page: all » montre toutes les questions ensemble, et sans retour en arrière elles "
                "viennent une à une.| Écrivez « page: one »."
            )

    @cached_property
    def blueprint(self) -> Blueprint:
        """How this stage's papers are composed."""
        if not self.sections:
            raise ValueError("Un quiz a des sections.| Ajoutez « sections: » et leurs banques.")
        return Blueprint(sections=self.sections)

    @cached_property
    def pace(self) -> Pace | None:
        """The way through a paper by parts or questions with a time of their own, if there is one."""
        return pace_of(self.sections, forward_only=self.forward_only)

    def timing(self, window: Window) -> Timing:
        """What decides when a sitting ends, before anyone's own time."""
        duration = timedelta(minutes=self.duration or 0)
        return Timing(window, duration, self.start, cut=self.late == "cut")

    @property
    def grace_time(self) -> timedelta:
        """How long after the end an answer still counts."""
        return timedelta(seconds=self.grace)

    @property
    def cut_rule(self) -> Cut:
        """What decides at the cut; unless stated, the lot where there is one, else all go on."""
        return self.cut or ("lot" if "lot" in self.ties else "all")

    @property
    def practice(self) -> bool:
        """Whether it is a try of the practice paper, which is never ranked, counted or listed."""
        return False

    def tie_keys(self, seed: str) -> list[TieKey]:
        """The keys that break ties, in order; lots are drawn from ``seed``."""
        titles = {section.bank: section.title for section in self.sections}
        return tie_keys(self.ties, seed=seed, titles=titles)


class PracticeStage(Stage):
    """One try of the practice paper: a stage beside those of the contest, in which each sits once."""

    @property
    def practice(self) -> bool:
        """It is."""
        return True
