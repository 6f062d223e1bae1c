"""What an open page asks: where its sitting stands, and that it was heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.sitting import heartbeat, timing
from quizapp.sitting.contacts import Contacts
from quizapp.sitting.heartbeat import Announcement
from quizapp.sitting.tables import Contact, Sitting
from tests.journeys.test_first_round import enter, post
from tests.sitting.running import END, WHY, mine, sat
from tests.world import NOON, World

__all__ = ["sat"]


@pytest.fixture
def paper(app: Flask, client: FlaskClient) -> str:
    """The address of Camille's paper."""
    enter(client, app.extensions["world"])
    page = "/epreuve/premier-tour"
    return post(client, page, f"{page}/commencer").location


def test_page_is_told_the_time_and_its_end(client: FlaskClient, paper: str) -> None:
    reply = client.get(f"{paper}/etat")

    assert reply.json == {
        "now": NOON.isoformat(), "ends_at": END.isoformat(), "left": 1200.0, "paused": False,
        "closed": False, "announcements": [],
    }  # fmt: skip
    assert reply.headers["Cache-Control"] == "no-store"


def test_page_is_told_of_a_pause_and_of_the_closing(
    app: Flask, client: FlaskClient, paper: str, clock: Callable[[datetime], None]
) -> None:
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        timing.pause(db, mine(db, world), now=NOON + timedelta(minutes=5), **WHY)
    clock(NOON + timedelta(minutes=30))

    paused = client.get(f"{paper}/etat").json
    page = client.get(paper).text
    with world.store.writing() as db:
        timing.resume(db, mine(db, world), now=NOON + timedelta(minutes=30), **WHY)
    post(client, f"{paper}/recapitulatif", f"{paper}/remise", confirm="y")

    assert (paused["paused"], paused["left"]) == (True, 900.0)
    assert "Votre épreuve est en pause" in page
    assert "La bonne" not in page
    assert client.get(f"{paper}/etat").json["closed"]


def test_paused_paper_cannot_be_handed_in_nor_read(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        timing.pause(db, mine(db, world), now=NOON, **WHY)

    assert client.get(f"{paper}/sujet").status_code == 404
    post(client, "/acces", f"{paper}/remise", confirm="y")
    with world.store.reading() as db:
        assert mine(db, world).closed_at is None


def test_anothers_state_does_not_exist(app: Flask, client: FlaskClient, paper: str) -> None:
    other = app.test_client()
    enter(other, app.extensions["world"], "claude")

    assert other.get(f"{paper}/etat").status_code == 404


def test_rooms_that_announce_are_heard(app: Flask, client: FlaskClient, paper: str) -> None:
    heartbeat.init_app(
        app,
        app.extensions["store"],
        announcers=[lambda _db, sitting: [Announcement(7, NOON, f"Composition {sitting}")]],
    )

    assert client.get(f"{paper}/etat").json["announcements"] == [
        {"id": 7, "at": NOON.isoformat(), "at_text": "10\u00a0h\u00a005", "text": "Composition 1"}
    ]


def test_contacts_are_stored_by_the_minute_and_not_each(sat: World) -> None:
    contacts = Contacts(sat.store)
    for second in (0, 3, 9, 11, 20, 75):
        contacts.note(1, NOON + timedelta(seconds=second))
    contacts.note(2, NOON + timedelta(seconds=76))

    with sat.store.reading() as db:
        rows = db.exec(select(Contact.sitting_id, Contact.minute).order_by("minute")).all()
        assert rows == [(1, NOON), (1, NOON + timedelta(minutes=1))]
        assert db.get_one(Sitting, 1).seen_at == NOON + timedelta(seconds=75)
        assert db.get_one(Sitting, 2).seen_at is None  # it waits for the next storing


def test_reading_the_paper_is_a_sign_of_life(
    app: Flask, client: FlaskClient, paper: str, clock: Callable[[datetime], None]
) -> None:
    """A page without a script asks nothing by itself: opening a question says that it is there."""
    world: World = app.extensions["world"]
    for minute in (5, 6, 9):
        clock(NOON + timedelta(minutes=minute))
        assert client.get(f"{paper}?q=2").status_code == 200

    with world.store.reading() as db:
        seen, minutes = mine(db, world).seen_at, db.exec(select(Contact.minute)).all()
    assert seen == NOON + timedelta(minutes=9)
    assert sorted(minutes) == [NOON + timedelta(minutes=one) for one in (5, 6, 9)]


def test_page_that_cannot_be_read_is_no_sign_of_life(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    """Nor is the page of a device that no longer writes, or of somebody else."""
    world: World = app.extensions["world"]
    other, phone = app.test_client(), app.test_client()
    enter(other, world, "claude")
    enter(phone, world)

    assert other.get(paper).status_code == 404
    assert "Continuer ici" in phone.get(paper).text
    with world.store.reading() as db:
        assert mine(db, world).seen_at is None
