"""A candidate without a script on the way through a paced paper, for the tests of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.exam.pace import Open
from quizapp.sitting import queries
from tests import world as worlds
from tests.journeys.test_first_round import enter, post
from tests.sitting.running import mine
from tests.world import NOON, World

Clock = Callable[[datetime], None]


def seconds(count: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=count)


@pytest.fixture
def edition() -> str:
    """A paced one."""
    return worlds.PACED


@pytest.fixture
def world(app: Flask) -> World:
    made: World = app.extensions["world"]
    return made


@pytest.fixture
def paper(client: FlaskClient, world: World) -> str:
    """The address of Camille's paper, on which nothing is open yet."""
    enter(client, world)
    page = "/epreuve/premier-tour"
    return post(client, page, f"{page}/commencer").location


def begin(client: FlaskClient, paper: str, leaving: int = 0) -> TestResponse:
    """Press « Commencer cette partie »."""
    return on(client, paper, leaving, begin=1)


def on(client: FlaskClient, paper: str, leaving: int, **answers: object) -> TestResponse:
    """Press « Question suivante » or « Partie suivante »."""
    reply = post(client, paper, f"{paper}/suite", leaving=leaving, **answers)
    assert reply.status_code == 303
    return reply


def opened(world: World) -> Open | None:
    with world.store.reading() as db:
        return queries.open_in(mine(db, world))


def stems(page: str) -> list[str]:
    """Which questions a page holds, by their numbers."""
    return re.findall(r'id="stem-(\d+)"', page)


def said(page: str) -> str:
    """The text of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.replace("\xa0", " ")).split())
