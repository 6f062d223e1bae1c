"""Schedules: each promise that a calendar could break, found before the opening, with its mend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import edition
from quizapp.exam.clock import Own, ends_at
from quizapp.exam.schedule import LATE, TYPICAL, check

GOOD = """\
edition: essai
name: Essai
applications: {opens: 2026-09-01 10:00, closes: 2026-10-31 23:59}
rules: {version: 1, text: Le règlement.}
stages:
  - stage: premier-tour
    title: Premier tour
    kind: quiz
    opens: 2026-11-28 10:00
    closes: 2026-11-28 11:00
    group: city
    quota: 3
    duration: 20
    sections:
      - {bank: metier, title: Métier, questions: 20}
  - stage: second-tour
    title: Second tour
    kind: quiz
    opens: 2026-11-28 14:00
    closes: 2026-11-28 15:00
    group: nation
    quota: 1
    duration: 20
    sections:
      - {bank: metier, title: Métier, questions: 20}
"""


def problems(text, **more):
    """What is wrong, with its line and column, and what to write instead."""
    return [
        f"{one.place.line}:{one.place.column}: {one.what} {one.mend}"
        for one in check(text, **more).problems
    ]


def test_sound_schedule_is_simulated_for_each_time_of_ones_own():
    found = check(GOOD)

    assert found.problems == ()
    assert [one.own for one in found.ends if one.stage == "premier-tour"] == list(TYPICAL)
    third = found.ends[1]
    assert third.first == datetime(2026, 11, 28, 9, 26, 40, tzinfo=UTC)
    assert third.last == datetime(2026, 11, 28, 10, 6, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("duration: 20", "duration: 70",
         "13:15: La durée (70 min) dépasse la fenêtre (60 min) : personne n’aurait tout son temps."
         " Fermez le 28/11/2026 à 11 h 15 ou plus tard."),
        ("closes: 2026-11-28 11:00", "closes: 2026-11-28 10:22",
         "10:13: Qui commence à 10 h 05 perdrait 3 min : la fermeture couperait son temps. Fermez le"
         " 28/11/2026 à 10 h 25 ou plus tard, ou écrivez « late: full », ou « start: common » si tous"
         " finissent ensemble."),
        ("opens: 2026-11-28 14:00", "opens: 2026-11-28 11:10",
         "19:12: « Second tour » ouvre alors que « Premier tour » peut durer, avec un temps"
         " supplémentaire de 1, jusqu’au 28/11/2026 à 11 h 20 min 30 s (délai de grâce compris)."
         " N’ouvrez pas avant le 28/11/2026 à 11 h 21."),
        ("duration: 20", "duration: 20\n    start: common",
         "10:13: Le temps commun finit à 10 h 20 : qui entre ensuite n’en a plus. Fermez l’entrée le"
         " 28/11/2026 à 10 h 20 ou plus tôt."),
        ("closes: 2026-11-28 11:00", "closes: 2026-11-28 10:02\n    start: common",
         "10:13: L’entrée ne reste ouverte que 2 min : qui arrive à 10 h 05 resterait dehors. Fermez"
         " l’entrée le 28/11/2026 à 10 h 05 ou plus tard."),
        ("duration: 20", "duration: 20\n    grace: 0\n    expiry: not-counted",
         "15:13: Sans délai de grâce, une copie remise à la dernière seconde ne compterait pas."
         " Écrivez par exemple « grace: 30 »."),
    ],
)  # fmt: skip
def test_schedule_that_would_cost_somebody_time_is_refused_with_the_mend(old, new, told):
    assert old in GOOD
    assert problems(GOOD.replace(old, new, 1)) == [told]


@pytest.mark.parametrize("stated", ["late: full", "start: common"])
def test_choice_that_is_stated_is_not_refused(stated):
    text = GOOD.replace("closes: 2026-11-28 11:00", "closes: 2026-11-28 10:20", 1)

    assert problems(text.replace("duration: 20", f"duration: 20\n    {stated}", 1)) == []


@pytest.mark.parametrize(("day", "way"), [("2027-03-28", "avancent"), ("2027-10-31", "reculent")])
def test_night_in_which_clocks_are_set_is_refused(day, way):
    text = GOOD.replace("2026-11-28 10:00", f"{day} 01:30").replace(
        "2026-11-28 11:00", f"{day} 04:00"
    )
    text = text.replace("2026-11-28", "2027-11-28")

    [told] = problems(text)

    assert told.startswith(f"9:12: Les horloges {way} d’une heure pendant cette étape")
    assert problems(text.replace("name: Essai", "name: Essai\nzone: Indian/Reunion")) == []


def test_long_stage_may_see_the_clocks_set():
    text = GOOD.replace("2026-11-28 10:00", "2026-10-20 10:00")

    assert problems(text) == []


def test_time_given_to_a_known_candidate_is_simulated_too():
    text = GOOD.replace("opens: 2026-11-28 14:00", "opens: 2026-11-28 12:00")
    long = Own(Fraction(1, 3), (timedelta(minutes=60),))

    assert problems(text) == []
    [told] = problems(text, owns=[long])
    assert "avec un temps supplémentaire de 1/3, prolongée de 60 min" in told


def test_places_where_a_quiz_opens_at_night_are_told():
    zones = {"Métropole": "Europe/Paris", "Martinique": "America/Martinique"}

    assert check(GOOD, zones=zones).remarks == (
        "« Premier tour » ouvre à 5 h 00, heure locale : Martinique.",
    )


@given(
    window=st.integers(1, 120), lasts=st.integers(1, 120), start=st.sampled_from(["personal", "common"]),
    late=st.sampled_from(["cut", "full"]), gap=st.integers(0, 240),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_schedule_without_problems_keeps_its_promises(window, lasts, start, late, gap):
    opens = datetime(2026, 11, 28, 10, tzinfo=UTC)  # the wall clock’s, written without a zone
    closes = opens + timedelta(minutes=window)
    late = "cut" if start == "common" else late
    text = (
        GOOD.replace("2026-11-28 11:00", f"{closes:%Y-%m-%d %H:%M}")
        .replace("2026-11-28 14:00", f"{closes + timedelta(minutes=gap):%Y-%m-%d %H:%M}")
        .replace("2026-11-28 15:00", "2026-11-29 15:00")
        .replace("duration: 20", f"duration: {lasts}\n    start: {start}\n    late: {late}", 1)
    )
    if check(text).problems:
        return
    says = edition.parse(text)
    stage, after = says.stages
    timing = stage.timing(says.window(stage))
    for own in TYPICAL:
        begun = timing.window.opens + LATE
        if start == "personal":
            owed = timedelta(seconds=int(lasts * 60 * (1 + own.allowance)))
            assert ends_at(timing, own, begun) - begun == owed
        last = ends_at(timing, own, timing.window.closes - timedelta(microseconds=1))
        assert last + stage.grace_time <= says.window(after).opens
