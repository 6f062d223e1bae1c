"""Whether an edition's times keep their promises: every candidate's end is simulated before opening."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from quizapp.exam import edition as edition_file
from quizapp.exam.clock import Expiry, Own, Start, Timing, ends_at, meant_for
from quizapp.exam.edition import Edition
from quizapp.exam.edition_stage import Stage
from quizapp.exam.problems import Problem
from quizapp.exam.source import Path, Source

# Somebody who begins this long after the opening is not late by any fault of theirs.
LATE = timedelta(minutes=5)
# The times of one's own that any edition will meet: none, *tiers-temps*, half, double.
TYPICAL = tuple(
    Own(factor) for factor in (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1))
)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Simulated:
    """When those with one time of their own end: begun at the opening, and at the last instant."""

    stage: str
    own: Own
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: problems that refuse the schedule, the ends, and what is worth knowing."""

    problems: tuple[Problem, ...]
    ends: tuple[Simulated, ...]
    remarks: tuple[str, ...]


def check(
    text: str,
    file: str = "edition.yaml",
    *,
    owns: Collection[Own] = (),
    zones: Mapping[str, str] | None = None,
) -> Checked:
    """Simulate every stage of the edition in ``text`` for each distinct time of one's own.

    ``owns`` are those of the candidates known so far, beside the usual ones; ``zones`` names the
    places whose own hours are told. Raises RefusedError if the text is no edition.
    """
    source, edition = edition_file.read(text, file)
    people = tuple(dict.fromkeys((*TYPICAL, *owns)))
    found: list[Problem] = []
    ends: list[Simulated] = []
    for place, stage in enumerate(edition.stages):
        if stage.kind == "quiz":
            simulated = list(_simulate(edition, stage, people))
            ends += simulated
            for path, what, mend in _wrong(edition, place, simulated):
                found.append(_problem(source, path, what, mend))
    return Checked(tuple(sorted(set(found))), tuple(ends), tuple(_nights(edition, zones or {})))


def _problem(source: Source, path: Path, what: str, mend: str) -> Problem:
    return Problem(source.place(path), what, mend)


def _simulate(edition: Edition, stage: Stage, people: Collection[Own]) -> Iterator[Simulated]:
    timing = stage.timing(edition.window(stage))
    for own in people:
        window = meant_for(timing, own).window
        last = window.closes + own.extension - _TICK
        yield Simulated(
            stage.stage, own, ends_at(timing, own, window.opens), ends_at(timing, own, last)
        )


def _wrong(
    edition: Edition, place: int, simulated: list[Simulated]
) -> Iterator[tuple[Path, str, str]]:
    """What is wrong with the times of one stage: where, what, and the mend."""
    stage = edition.stages[place]
    timing = stage.timing(edition.window(stage))
    here: Path = ("stages", place)
    if timing.start is Start.COMMON:
        yield from _wrong_common(edition, here, timing)
    else:
        yield from _wrong_personal(edition, here, timing)
    if stage.expiry is Expiry.NOT_COUNTED and not stage.grace:
        yield (
            (*here, "expiry"),
            "Sans délai de grâce, une copie remise à la dernière seconde ne compterait pas.",
            "Écrivez par exemple « grace: 30 ».",
        )
    last = max(simulated, key=lambda one: one.last)
    yield from _wrong_night(edition, here, timing, last)
    if place + 1 < len(edition.stages):
        after = edition.stages[place + 1]
        ends = last.last + stage.grace_time
        if edition.window(after).opens < ends:
            yield (
                ("stages", place + 1, "opens"),
                f"« {after.title} » ouvre alors que « {stage.title} » peut durer, {told(last.own)}, "
                f"jusqu’au {when(ends, edition.zone)} (délai de grâce compris).",
                f"N’ouvrez pas avant le {when(_minute(ends), edition.zone)}.",
            )


def _wrong_personal(
    edition: Edition, here: Path, timing: Timing
) -> Iterator[tuple[Path, str, str]]:
    """A window that is shorter than the duration, or that cuts a late but legitimate start."""
    window, lasts = timing.window, timing.duration
    if lasts > window.closes - window.opens:
        yield (
            (*here, "duration"),
            f"La durée ({_minutes(lasts)}) dépasse la fenêtre "
            f"({_minutes(window.closes - window.opens)}) : personne n’aurait tout son temps.",
            f"Fermez le {when(window.opens + LATE + lasts, edition.zone)} ou plus tard.",
        )
    elif timing.cut and window.opens + LATE + lasts > window.closes:
        late = window.opens + LATE
        short = late + lasts - window.closes
        yield (
            (*here, "closes"),
            f"Qui commence à {_hour(late, edition.zone)} perdrait {_minutes(short)} : "
            "la fermeture couperait son temps.",
            f"Fermez le {when(late + lasts, edition.zone)} ou plus tard, ou écrivez « late: full », "
            "ou « start: common » si tous finissent ensemble.",
        )


def _wrong_common(edition: Edition, here: Path, timing: Timing) -> Iterator[tuple[Path, str, str]]:
    """A door that stays open when the common time is over, or closes on the first who are late."""
    window, end = timing.window, timing.window.opens + timing.duration
    if window.closes > end:
        yield (
            (*here, "closes"),
            f"Le temps commun finit à {_hour(end, edition.zone)} : qui entre ensuite n’en a plus.",
            f"Fermez l’entrée le {when(end, edition.zone)} ou plus tôt.",
        )
    elif window.closes < window.opens + LATE:
        yield (
            (*here, "closes"),
            f"L’entrée ne reste ouverte que {_minutes(window.closes - window.opens)} : qui arrive à "
            f"{_hour(window.opens + LATE, edition.zone)} resterait dehors.",
            f"Fermez l’entrée le {when(window.opens + LATE, edition.zone)} ou plus tard.",
        )


def _wrong_night(
    edition: Edition, here: Path, timing: Timing, last: Simulated
) -> Iterator[tuple[Path, str, str]]:
    """A stage of some hours in which clocks are set: its hours on the wall mislead."""
    zone = ZoneInfo(edition.zone)
    opens, ends = timing.window.opens.astimezone(zone), last.last.astimezone(zone)
    moved = (ends.utcoffset() or timedelta(0)) - (opens.utcoffset() or timedelta(0))
    if moved and last.last - timing.window.opens < _DAY:
        way = "avancent" if moved > timedelta(0) else "reculent"
        yield (
            (*here, "opens"),
            f"Les horloges {way} d’une heure pendant cette étape : les heures affichées ne diront pas "
            "le temps qui reste.",
            "Choisissez un autre jour.",
        )


def _nights(edition: Edition, zones: Mapping[str, str]) -> Iterator[str]:
    """The places where a quiz opens at night."""
    for stage in edition.stages:
        opens = edition.window(stage).opens
        for name, zone in zones.items():
            if stage.kind == "quiz" and not 7 <= opens.astimezone(ZoneInfo(zone)).hour < 22:
                yield f"« {stage.title} » ouvre à {_hour(opens, zone)}, heure locale : {name}."


def told(own: Own) -> str:
    """Whose time this is, for a sentence."""
    parts = [
        f"avec un temps supplémentaire de {own.allowance}" if own.allowance else "",
        f"prolongée de {_minutes(own.extension)}" if own.extension else "",
        "avec une fenêtre ou une durée particulière" if own.overrides else "",
    ]
    return ", ".join(part for part in parts if part) or "sans aménagement"


def when(instant: datetime, zone: str) -> str:
    """An instant in a zone: ``28/11/2026 à 10 h 05``, with seconds where there are some."""
    return f"{instant.astimezone(ZoneInfo(zone)):%d/%m/%Y} à {_hour(instant, zone)}"


def _hour(instant: datetime, zone: str) -> str:
    local = instant.astimezone(ZoneInfo(zone))
    seconds = f" min {local.second:02} s" if local.second else ""
    return f"{local.hour} h {local.minute:02}{seconds}"


def _minutes(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes} min" + (f" {seconds:02} s" if seconds else "")


def _minute(instant: datetime) -> datetime:
    """The next whole minute."""
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + timedelta(minutes=1)
