"""Time given, on SQLite and on PostgreSQL: to whom it goes, what it adds, and how it is taken back."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import select

from quizapp.contests.tables import Application
from quizapp.exam.clock import EVERYONE, Scope, ScopeKind
from quizapp.results import actions as results
from quizapp.sitting import actions, times, timing
from quizapp.sitting.tables import TimeGrant
from tests.sitting.running import (
    END,
    LILLE,
    LYON,
    WHY,
    ends,
    journalled,
    minutes,
    plan_in,
    sat,
    start,
)
from tests.world import NOON, OPENS, World

__all__ = ["sat"]


def test_extension_of_a_city_reaches_that_city_and_no_other(sat: World) -> None:
    with sat.store.writing() as db:
        count = timing.extend(db, plan_in(db), scope=LYON, minutes=10, now=NOON, **WHY)

    assert count == 2
    assert ends(sat) == {
        "Camille": END + minutes(10), "Dominique": END + minutes(10), "Claude": END,
    }  # fmt: skip
    [entry] = journalled(sat, "time.extend")
    assert (entry.who, entry.why) == ("o@exemple.fr", "Panne du réseau")
    assert entry.subject == "stage:premier-tour/city:69123"
    assert (entry.before, entry.after) == (
        f"{END} / {END}", f"+10 min; 2: {END + minutes(10)} / {END + minutes(10)}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "reached"),
    [
        (EVERYONE, {"Camille", "Dominique", "Claude"}),
        (Scope(ScopeKind.REGION, "32"), {"Claude"}),
        (LILLE, {"Claude"}),
        (Scope(ScopeKind.CITY, "75056"), set()),
    ],
)
def test_extension_reaches_its_scope(sat: World, scope: Scope, reached: set[str]) -> None:
    with sat.store.writing() as db:
        timing.extend(db, plan_in(db), scope=scope, minutes=3, now=NOON, **WHY)

    assert {name for name, end in ends(sat).items() if end == END + minutes(3)} == reached
    assert {name for name, end in ends(sat).items() if end == END} == set(ends(sat)) - reached


def test_extension_of_a_centre_or_a_person(sat: World) -> None:
    with sat.store.writing() as db:
        centre = db.get_one(Application, sat.claude.id).centre_id
        scope = Scope(ScopeKind.CENTRE, str(centre))
        assert timing.extend(db, plan_in(db), scope=scope, minutes=3, now=NOON, **WHY) == 1
        who = times.person(sat.camille.id)
        assert timing.extend(db, plan_in(db), scope=who, minutes=4, now=NOON, **WHY) == 1

    assert ends(sat) == {"Camille": END + minutes(4), "Dominique": END, "Claude": END + minutes(3)}


def test_extension_holds_for_those_who_have_not_begun(world: World) -> None:
    with world.store.writing() as db:
        assert timing.extend(db, plan_in(db), scope=LYON, minutes=10, now=NOON, **WHY) == 0
    with world.store.writing() as db:
        start(db, world.camille.id)
        start(db, world.claude.id)
        # Lyon's door stays open as much longer.
        start(db, world.dominique.id, now=OPENS + minutes(65))

    assert ends(world) == {
        "Camille": END + minutes(10), "Claude": END, "Dominique": OPENS + minutes(70),
    }  # fmt: skip


def test_start_waits_for_an_extension_that_is_being_given(world: World) -> None:
    begun = threading.Event()

    def begin() -> None:
        begun.set()
        with world.store.writing() as db:
            start(db, world.camille.id)

    thread = threading.Thread(target=begin)
    with world.store.writing() as db:
        timing.extend(db, plan_in(db), scope=EVERYONE, minutes=10, now=NOON, **WHY)
        thread.start()
        assert begun.wait(10)
        thread.join(0.5)  # time enough to begin without waiting, if it did
    thread.join(10)

    assert ends(world) == {"Camille": END + minutes(10)}


def test_extension_takes_as_many_statements_for_three_as_for_one(
    world: World, statements: Counter[str]
) -> None:
    sent = []
    for adviser in (world.camille, world.dominique, world.claude):
        with world.store.writing() as db:
            start(db, adviser.id)
            plan = plan_in(db)
            statements.clear()
            timing.extend(db, plan, scope=EVERYONE, minutes=1, now=NOON, **WHY)
        sent.append(sum(statements.values()))

    assert sent[0] == sent[2]
    assert sent[0] < 12


def test_extensions_add_up_and_one_is_taken_back(sat: World) -> None:
    with sat.store.writing() as db:
        timing.extend(db, plan_in(db), scope=LYON, minutes=10, now=NOON, **WHY)
        timing.extend(db, plan_in(db), scope=EVERYONE, minutes=5, now=NOON, **WHY)
        [first, _] = times.grants(db, plan_in(db))
    with sat.store.writing() as db:
        assert timing.take_back(db, first.id or 0, now=NOON + minutes(1), **WHY) == 2

    assert set(ends(sat).values()) == {END + minutes(5)}
    with sat.store.writing() as db, pytest.raises(timing.NotPossibleError, match="déjà été"):
        timing.take_back(db, first.id or 0, now=NOON, **WHY)
    with sat.store.reading() as db:
        kept = [(one.seconds, one.undone_at) for one in db.exec(select(TimeGrant).order_by("id"))]
        assert kept == [(600, NOON + minutes(1)), (300, None)]


def test_extension_taken_back_ends_nobody_in_the_past(sat: World) -> None:
    later = END + minutes(4)
    with sat.store.writing() as db:
        timing.extend(db, plan_in(db), scope=LYON, minutes=10, now=NOON, **WHY)
        [grant] = times.grants(db, plan_in(db))
    with sat.store.writing() as db:
        timing.take_back(db, grant.id or 0, now=later, **WHY)

    assert ends(sat) == {"Camille": later, "Dominique": later, "Claude": END}


@pytest.mark.parametrize("count", [0, -5, 24 * 60 + 1])
def test_extension_is_some_minutes_and_nothing_else(sat: World, count: int) -> None:
    with sat.store.writing() as db, pytest.raises(timing.NotPossibleError, match="Donnez entre"):
        timing.extend(db, plan_in(db), scope=LYON, minutes=count, now=NOON, **WHY)

    assert set(ends(sat).values()) == {END}


def test_closed_stage_has_no_more_time_to_give(sat: World) -> None:
    with sat.store.writing() as db:
        results.close_stage(db, plan_in(db), by="o", reason="Fin", now=END + minutes(1))

    with (
        sat.store.writing() as db,
        pytest.raises(timing.NotPossibleError, match="close et corrigée"),
    ):
        timing.extend(db, plan_in(db), scope=LYON, minutes=5, now=END + minutes(2), **WHY)


def test_allowance_is_the_persons_and_its_history_is_kept(sat: World) -> None:
    with sat.store.writing() as db:
        timing.set_allowance(
            db, application_id=sat.camille.id, factor=Fraction(1, 3), by="o", now=NOON
        )
    assert ends(sat) == {
        "Camille": END + timedelta(seconds=400), "Dominique": END, "Claude": END,
    }  # fmt: skip
    with sat.store.writing() as db:
        timing.set_allowance(
            db, application_id=sat.camille.id, factor=Fraction(1, 2), by="o", now=NOON
        )

    assert ends(sat)["Camille"] == END + minutes(10)
    assert [(one.before, one.after, one.why) for one in journalled(sat, "allowance.set")] == [
        ("0", "1/3", ""), ("1/3", "1/2", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("factor", [Fraction(-1, 3), Fraction(7, 2)])
def test_allowance_stays_within_reason(world: World, factor: Fraction) -> None:
    with world.store.writing() as db, pytest.raises(timing.NotPossibleError, match="de 0"):
        timing.set_allowance(db, application_id=world.camille.id, factor=factor, by="o", now=NOON)


def test_allowance_given_before_counts_at_the_start_and_beyond_the_window(world: World) -> None:
    late = OPENS + minutes(55)
    with world.store.writing() as db:
        timing.set_allowance(
            db, application_id=world.camille.id, factor=Fraction(1, 3), by="o", now=OPENS
        )
        start(db, world.camille.id, now=late)

    assert ends(world) == {"Camille": OPENS + minutes(60) + timedelta(seconds=400)}


def test_window_or_duration_is_overridden_and_given_back(sat: World) -> None:
    with sat.store.writing() as db:
        plan = plan_in(db)
        timing.override_window(db, plan, scope=LYON, duration=minutes(30), now=NOON, **WHY)
        who = times.person(sat.camille.id)
        timing.override_window(db, plan, scope=who, duration=minutes(45), now=NOON, **WHY)
    assert ends(sat) == {
        "Camille": NOON + minutes(45),
        "Dominique": NOON + minutes(30),
        "Claude": END,
    }

    with sat.store.writing() as db:
        timing.override_window(db, plan_in(db), scope=who, now=NOON, **WHY)
    assert ends(sat)["Camille"] == NOON + minutes(30)
    assert len(journalled(sat, "time.override")) == 3


def test_window_opened_longer_lets_a_latecomer_in(world: World) -> None:
    late = OPENS + minutes(62)
    with world.store.writing() as db, pytest.raises(actions.NotOpenError):
        start(db, world.camille.id, now=late)
    with world.store.writing() as db:
        who = times.person(world.camille.id)
        timing.override_window(
            db, plan_in(db), scope=who, closes=OPENS + minutes(90), now=late, **WHY
        )
        assert start(db, world.camille.id, now=late).ends_at == late + minutes(20)
    with world.store.writing() as db, pytest.raises(actions.NotOpenError):
        start(db, world.claude.id, now=late)


def test_window_cannot_close_before_it_opens(world: World) -> None:
    with world.store.writing() as db, pytest.raises(timing.NotPossibleError, match="ne suit pas"):
        timing.override_window(db, plan_in(db), scope=LYON, closes=OPENS, now=NOON, **WHY)
