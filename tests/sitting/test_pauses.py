"""Clocks that stand still, papers opened again, outages given back; on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from quizapp.results import actions as results
from quizapp.sitting import actions, queries, times, timing
from quizapp.sitting.keeping import Saving
from quizapp.sitting.tables import Contact, Sitting, SittingPause
from tests.sitting.running import (
    END,
    LYON,
    WHY,
    ends,
    journalled,
    mine,
    minutes,
    plan_in,
    sat,
    save,
)
from tests.world import NOON, World

__all__ = ["sat"]


def test_pause_stops_one_clock_and_gives_back_exactly_its_length(sat: World) -> None:
    begins, length = NOON + minutes(5), timedelta(minutes=7, microseconds=13)
    with sat.store.writing() as db:
        timing.pause(db, mine(db, sat), now=begins, **WHY)
    with sat.store.writing() as db:
        sitting = mine(db, sat)
        assert queries.time_left(sitting, begins + minutes(3)) == minutes(15)
        assert save(db, sitting, at=begins + minutes(3)).outcome is Saving.PAUSED
        assert save(db, mine(db, sat, "dominique"), at=begins + minutes(3)).outcome is Saving.KEPT
        timing.resume(db, sitting, now=begins + length, **WHY)
        assert sitting.ends_at == END + length
    with sat.store.writing() as db:
        sitting = mine(db, sat)
        assert save(db, sitting, at=END + length).outcome is Saving.KEPT

    assert ends(sat) == {"Camille": END + length, "Dominique": END, "Claude": END}
    assert [
        one.what for one in journalled(sat, "sitting.pause") + journalled(sat, "sitting.resume")
    ]


def test_paused_sitting_outlives_its_end_and_keeps_what_is_given_meanwhile(sat: World) -> None:
    long_after = END + minutes(30)
    with sat.store.writing() as db:
        timing.pause(db, mine(db, sat), now=NOON + minutes(5), **WHY)
    with sat.store.writing() as db:
        assert actions.close_expired(db, now=long_after) == 2
        timing.extend(db, plan_in(db), scope=LYON, minutes=2, now=long_after, **WHY)
        sitting = mine(db, sat)
        assert not queries.is_over(sitting, plan_in(db), long_after)
        assert queries.running(db, plan_in(db), now=long_after) == 1
        timing.resume(db, sitting, now=long_after, **WHY)

        assert queries.time_left(sitting, long_after) == minutes(17)


@pytest.mark.parametrize("act", ["pause", "resume", "reopen"])
def test_act_that_makes_no_sense_is_refused_in_words(sat: World, act: str) -> None:
    more: dict[str, Any] = {"minutes": 5} if act == "reopen" else {}
    with sat.store.writing() as db:
        sitting = mine(db, sat)
        if act == "pause":
            timing.pause(db, sitting, now=NOON, **WHY)
        with pytest.raises(timing.NotPossibleError, match=r"en pause|en cours"):
            getattr(timing, act)(db, sitting, now=NOON, **WHY, **more)


def test_pause_after_the_end_is_refused(sat: World) -> None:
    with sat.store.writing() as db, pytest.raises(timing.NotPossibleError, match="écoulé"):
        timing.pause(db, mine(db, sat), now=END + timedelta(seconds=1), **WHY)


def test_stage_closed_while_paused_ends_the_pause(sat: World) -> None:
    closes = NOON + minutes(9)
    with sat.store.writing() as db:
        timing.pause(db, mine(db, sat), now=NOON + minutes(5), **WHY)
    with sat.store.writing() as db:
        results.close_stage(db, plan_in(db), by="o", reason="Fin", now=closes)

    with sat.store.reading() as db:
        sitting = mine(db, sat)
        assert (sitting.paused_at, sitting.closed_by, sitting.closed_at) == (None, "office", closes)
        assert [one.ends_at for one in db.exec(select(SittingPause))] == [closes]


@pytest.mark.parametrize(
    ("handed_in", "opened", "given", "left"),
    [
        (NOON + minutes(12), NOON + minutes(30), 0, minutes(8)),
        (NOON + minutes(12), NOON + minutes(13), 5, minutes(13)),
        (END + minutes(1), END + minutes(40), 5, minutes(5)),
    ],
)
def test_reopened_sitting_has_what_was_left_and_the_minutes_given(
    sat: World, handed_in: datetime, opened: datetime, given: int, left: timedelta
) -> None:
    with sat.store.writing() as db:
        sitting, number = mine(db, sat), sat.camille.number
        save(db, sitting, at=NOON + minutes(1))
        actions.hand_in(db, sitting, plan_in(db), number=number, now=handed_in)
        digest = sitting.digest
    with sat.store.writing() as db:
        timing.reopen(db, mine(db, sat), minutes=given, now=opened, **WHY)
    with sat.store.writing() as db:
        sitting = mine(db, sat)
        assert queries.time_left(sitting, opened) == left
        assert (sitting.closed_at, sitting.digest) == (None, None)
        assert save(db, sitting, at=opened + left, seq=2).outcome is Saving.KEPT
        actions.hand_in(db, sitting, plan_in(db), number=number, now=opened + left)
        assert sitting.digest != digest

    [entry] = journalled(sat, "sitting.reopen")
    assert str(digest) in entry.before


def test_reopening_without_time_is_refused(sat: World) -> None:
    with sat.store.writing() as db:
        actions.close_expired(db, now=END + minutes(1))
    with sat.store.writing() as db, pytest.raises(timing.NotPossibleError, match="une minute"):
        timing.reopen(db, mine(db, sat), minutes=0, now=END + minutes(2), **WHY)


def test_time_given_while_the_expired_are_being_closed_counts(sat: World) -> None:
    with sat.store.writing() as db:
        timing.extend(db, plan_in(db), scope=LYON, minutes=5, now=END + minutes(1), **WHY)
        assert actions.close_expired(db, now=END + minutes(1)) == 1

    with sat.store.reading() as db:
        assert mine(db, sat).closed_at is None


def seen(db: Session, sitting: Sitting, *at: datetime) -> None:
    db.add_all(Contact(sitting_id=sitting.id or 0, minute=one.replace(second=0)) for one in at)
    db.flush()


def test_outage_is_given_back_to_those_it_hit(sat: World) -> None:
    begins, stops = NOON + timedelta(minutes=3, seconds=20), NOON + timedelta(minutes=9, seconds=5)
    now = NOON + minutes(12)
    with sat.store.writing() as db:
        seen(db, mine(db, sat), NOON + minutes(3), NOON + minutes(9))  # silent in between
        seen(db, mine(db, sat, "dominique"), NOON + minutes(5))
        save(db, mine(db, sat, "claude"), at=NOON + minutes(4))
        hits = times.hit_by_outage(db, plan_in(db), begins=begins, ends=stops)
    assert [(hit.number, hit.lost, hit.closed) for hit in hits] == [
        (sat.camille.number, timedelta(seconds=345), False)
    ]

    for count in (1, 0):  # nobody is given the same outage twice
        with sat.store.writing() as db:
            given = timing.outage(db, plan_in(db), begins=begins, ends=stops, now=now, **WHY)
            assert given == count
    assert ends(sat) == {"Camille": END + timedelta(seconds=345), "Dominique": END, "Claude": END}


def test_outage_takes_only_time_in_which_the_clock_ran(sat: World) -> None:
    begins, stops = NOON + minutes(2), END + minutes(9)
    with sat.store.writing() as db:
        timing.pause(db, mine(db, sat), now=NOON + minutes(5), **WHY)
        hits = times.hit_by_outage(db, plan_in(db), begins=begins, ends=stops)

    assert {hit.number: hit.lost for hit in hits} == {
        sat.camille.number: minutes(3), sat.dominique.number: minutes(18),
        sat.claude.number: minutes(18),
    }  # fmt: skip


def test_outage_that_outlasted_a_sitting_opens_it_again(sat: World) -> None:
    begins, stops, now = END - minutes(6), END + minutes(10), END + minutes(12)
    with sat.store.writing() as db:
        number = sat.dominique.number
        actions.hand_in(
            db, mine(db, sat, "dominique"), plan_in(db), number=number, now=END - minutes(1)
        )
        actions.close_expired(db, now=END + minutes(1))
    with sat.store.writing() as db:
        given = timing.outage(
            db, plan_in(db), begins=begins, ends=stops, only={sat.camille.id}, now=now, **WHY
        )

    assert given == 1
    with sat.store.reading() as db:
        assert queries.time_left(mine(db, sat), now) == minutes(6)
        assert mine(db, sat, "dominique").closed_by == "candidate"
        assert mine(db, sat, "claude").closed_by == "expiry"
