"""A press of a button of the desk is one act: pressed twice, for many people, between other desks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import select

from quizapp.invigilation import acts
from quizapp.invigilation.tables import Message
from quizapp.kit.journal import JournalEntry
from quizapp.sitting.tables import Sitting
from tests.invigilation.test_views import BASE, _crowd, desk, hidden, running
from tests.journeys.test_first_round import post
from tests.sitting.running import END, ends, journalled, mine, minutes
from tests.world import NOON, World

__all__ = ["desk", "running"]


def press(client: FlaskClient, address: str, times: int = 1, **form: object) -> list[Any]:
    """Open an act, fill its form in, and press its button so many times."""
    filled = {**hidden(client.get(address).text), **form}
    return [post(client, address, **filled) for _ in range(times)]


@pytest.mark.parametrize(
    "whom", ["?ville=69123", "?c={number}", "?etat=silent"], ids=["city", "person", "filter"]
)
def test_time_given_by_a_double_press_is_given_once(
    desk: FlaskClient, running: World, whom: str
) -> None:
    address = f"{BASE}/actes/prolonger{whom.format(number=running.camille.number)}"

    first, second = press(desk, address, 2, minutes=10, reason="Panne", announce="y")

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert "Cet acte était déjà fait" in desk.get(second.location).text
    assert ends(running)["Camille"] == END + minutes(10)
    with running.store.reading() as db:
        told = db.exec(select(Message).where(Message.body.startswith("L’organisation"))).all()  # type: ignore[attr-defined]
    assert len(told) == len(journalled(running, "time.extend"))


def test_message_pressed_twice_is_sent_once(desk: FlaskClient, running: World) -> None:
    answers = press(desk, f"{BASE}/actes/ecrire", 2, body="Tout va bien.")

    assert [one.status_code for one in answers] == [303, 303]
    with running.store.reading() as db:
        sent = db.exec(select(Message).where(Message.body == "Tout va bien.")).all()
    assert len(sent) == 1


def test_act_that_was_refused_may_come_again(desk: FlaskClient, running: World) -> None:
    address = f"{BASE}/actes/suspendre?c={running.camille.number}"
    form = {**hidden(desk.get(address).text), "reason": "Malaise"}
    press(desk, f"{BASE}/actes/prolonger?ville=69123", minutes=10, reason="Panne")

    refused = post(desk, address, **form)
    again = post(desk, address, **{**form, **hidden(refused.text)})

    assert (refused.status_code, again.status_code) == (409, 303)
    with running.store.reading() as db:
        assert mine(db, running).paused_at == NOON


@pytest.mark.parametrize("given", [{"key": ""}, {"key": "court"}, {"key": "x" * 41}, {"seen": ""}])
def test_act_without_what_its_form_carries_is_not_done(
    desk: FlaskClient, running: World, given: dict[str, str]
) -> None:
    [answer] = press(
        desk, f"{BASE}/actes/prolonger?ville=69123", minutes=10, reason="Panne", **given
    )

    assert answer.status_code == 422
    assert set(ends(running).values()) == {END}


def test_act_on_more_than_fifty_is_done_to_each_once(desk: FlaskClient, running: World) -> None:
    _crowd(running, 2 * acts.AT_ONCE)

    [answer] = press(desk, f"{BASE}/actes/suspendre?etat=silent", reason="Alerte incendie")

    everyone = 2 * acts.AT_ONCE + 3
    assert f"{everyone} compositions en pause" in desk.get(answer.location).text
    with running.store.reading() as db:
        sat = db.exec(select(Sitting.paused_at)).all()
        lines = db.exec(select(JournalEntry.subject).where(JournalEntry.what == "sitting.pause"))
        assert len(set(lines)) == everyone
    assert sat == [NOON] * everyone
    assert len(journalled(running, "sitting.pause")) == everyone


def test_desk_that_acts_between_two_batches_is_not_overwritten(
    app: Flask, desk: FlaskClient, running: World
) -> None:
    """Another desk pauses the last person of all, once the first fifty have been served."""
    _crowd(running, acts.AT_ONCE)
    with running.store.reading() as db:
        last = desk.get(f"{BASE}?page=2").text.rpartition('data-key="')[2].partition('"')[0]
    file, acted = str(running.store.engine.url.database), []

    def act(*_connection: object) -> None:
        with closing(sqlite3.connect(file)) as other, other:
            done = other.execute(
                "SELECT count(*) FROM journal WHERE what = 'sitting.pause'"
            ).fetchone()
            if done[0] == acts.AT_ONCE and not acted:
                acted.append(last)
                other.execute(
                    "INSERT INTO journal (at, who, what, subject, before, after, why) "
                    "VALUES (?, 'staff:9', 'sitting.pause', ?, '', '', 'Autre bureau')",
                    (f"{NOON:%Y-%m-%d %H:%M:%S.%f}", f"stage:premier-tour/application:{last}"),
                )

    event.listen(running.store.engine, "checkin", act)
    [answer] = press(desk, f"{BASE}/actes/suspendre?etat=silent", reason="Alerte incendie")
    event.remove(running.store.engine, "checkin", act)

    told = desk.get(answer.location).text
    assert acted == [last]
    assert f"{acts.AT_ONCE} compositions en pause" in told
    assert "Rien n’a changé pour 3 personnes" in told.replace("\xa0", " ")
    with running.store.reading() as db:
        running_on = db.exec(select(Sitting).where(Sitting.paused_at.is_(None))).all()  # type: ignore[union-attr]
    assert len(running_on) == 3
