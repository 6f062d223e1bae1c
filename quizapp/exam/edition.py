"""An edition: one year of the contest, read from an organiser's YAML."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from quizapp.exam import source as yaml_source
from quizapp.exam.admission import Access
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.clock import Expiry, Start, Timing, Window, utc
from quizapp.exam.keys import LocalTime, YesNo
from quizapp.exam.pace import Pace, pace_of
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.base import Line, Slug, Text, Whole
from quizapp.exam.ranking.tiebreaks import TieKey, tie_keys
from quizapp.exam.retention import months_after
from quizapp.exam.stages import Cut
from quizapp.exam.visibility import Shows

Group = Literal["city", "region", "nation"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"Le fuseau « {name} » n’existe pas.| Écrivez par exemple « Europe/Paris »."
        ) from None
    return name


def _known_keys(names: tuple[str, ...]) -> tuple[str, ...]:
    tie_keys(names, seed="")
    return names


Zone = Annotated[str, AfterValidator(_zone)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Part):
    """An interval in wall-clock time of the edition's zone."""

    opens: LocalTime
    closes: LocalTime


class Rules(_Part):
    """The rules that a candidate accepts: a version, and a text in Markdown."""

    version: Line
    text: Annotated[Text, Field(max_length=40_000)]


class Privacy(_Part):
    """How many months after the end of the edition people are still named."""

    months: Annotated[Whole, Field(ge=1, le=120)] = 12


def _spoken(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    told = (f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else "")
    return " ".join(filter(None, told))


class Stage(_Part):
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

    def tie_keys(self, seed: str) -> list[TieKey]:
        """The keys that break ties, in order; lots are drawn from ``seed``."""
        titles = {section.bank: section.title for section in self.sections}
        return tie_keys(self.ties, seed=seed, titles=titles)


class Edition(_Part):
    """One year of the contest, as its organisers state it.

    With ``two_people``, whoever proposes a correction cannot apply it, and a ranking is checked by
    one person and published by another.
    """

    edition: Slug
    name: Line
    zone: Zone = "Europe/Paris"
    applications: Span
    rules: Rules
    privacy: Privacy = Privacy()
    two_people: YesNo = False
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=20)]

    def window(self, span: Span | Stage) -> Window:
        """The window of a stage, or of the applications, in UTC."""
        return Window(utc(span.opens, self.zone), utc(span.closes, self.zone))

    @property
    def erased_at(self) -> datetime:
        """When personal data is erased: ``privacy.months`` after the last window closes, in UTC."""
        spans: tuple[Span | Stage, ...] = (self.applications, *self.stages)
        return months_after(max(self.window(span).closes for span in spans), self.privacy.months)

    def stage(self, key: str) -> Stage:
        """The stage of this key; raises KeyError."""
        return {stage.stage: stage for stage in self.stages}[key]


def parse(text: str, file: str = "edition.yaml") -> Edition:
    """The edition in ``text``; raises RefusedError with every problem found in it."""
    return read(text, file)[1]


def read(text: str, file: str) -> tuple[yaml_source.Source, Edition]:
    """As ``parse``, with the source that knows where each value stands."""
    source = yaml_source.read(text, file)
    edition = yaml_source.build(source, (), Edition) if source.value is not None else None
    if edition is not None:
        _check_times(source, edition)
        _check_keys(source, edition)
    if source.problems or edition is None:
        raise RefusedError(source.problems)
    return source, edition


@lru_cache(maxsize=16)
def parsed(text: str) -> Edition:
    """As ``parse``, for a text known to be good; the same text gives the same object."""
    return parse(text)


def _check_times(source: yaml_source.Source, edition: Edition) -> None:
    spans: list[tuple[yaml_source.Path, Span | Stage]] = [(("applications",), edition.applications)]
    spans += [(("stages", place), stage) for place, stage in enumerate(edition.stages)]
    for path, span in spans:
        for name, local in (("opens", span.opens), ("closes", span.closes)):
            try:
                utc(local, edition.zone)
            except ValueError as error:
                source.refuse((*path, name), str(error))
        for name, local in span.shows.dates if isinstance(span, Stage) else ():
            try:
                utc(local, edition.zone)
            except ValueError as error:
                source.refuse((*path, "shows", name), str(error))
        if span.closes <= span.opens:
            source.refuse(
                (*path, "closes"),
                "La fermeture ne suit pas l’ouverture.",
                "Mettez « closes » après « opens ».",
            )
    for place, (earlier, later) in enumerate(
        zip(edition.stages, edition.stages[1:], strict=False), start=1
    ):
        if later.opens < earlier.closes:
            source.refuse(
                ("stages", place, "opens"),
                f"« {later.title} » ouvre avant la fin de « {earlier.title} ».",
                "Les étapes se suivent : retardez l’ouverture.",
            )


def _check_keys(source: yaml_source.Source, edition: Edition) -> None:
    seen: set[str] = set()
    for place, stage in enumerate(edition.stages):
        if stage.stage in seen:
            source.refuse(
                ("stages", place, "stage"),
                f"Deux étapes se nomment « {stage.stage} ».",
                "Donnez à chacune son nom.",
            )
        seen.add(stage.stage)
