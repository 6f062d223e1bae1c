"""What browsers report: counted by place and hour, never kept as text, never a flood."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.invigilation import reporting
from quizapp.invigilation.tables import Fault
from tests.world import NOON

PATH = reporting.PATH
CSP = {"effective-directive": "img-src", "blocked-uri": "https://exemple.fr/camille?code=AAAA"}


def faults(app: Flask) -> dict[tuple[str, str], int]:
    """How often each fault was counted."""
    with app.extensions["store"].reading() as db:
        return {(one.kind, one.place): one.count for one in db.exec(select(Fault))}


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"kind": "script", "place": "sitting/bar.js:12 TypeError"},
         {("script", "sitting/bar.js:12 TypeError"): 1}),
        ({"faults": [{"kind": "save", "place": "offline", "times": 3},
                     {"kind": "save", "place": "refused"}]},
         {("save", "offline"): 3, ("save", "refused"): 1}),
        ({"csp-report": CSP}, {("csp", "img-src https"): 1}),
        ([{"type": "csp-violation",
           "body": {"effectiveDirective": "script-src-elem", "blockedURL": "inline"}}],
         {("csp", "script-src-elem inline"): 1}),
        ({"kind": "save", "place": "offline", "times": 100_000}, {("save", "offline"): 1}),
        ([{"type": "deprecation"}], {}),
        ([], {}),
        ([{"kind": "save", "place": "offline"}] * 30, {("save", "offline"): 20}),
    ],
)  # fmt: skip
def test_reports_of_every_form_are_counted(
    app: Flask, client: FlaskClient, told: Any, counted: dict[tuple[str, str], int]
) -> None:
    answer = client.post(PATH, data=json.dumps(told))

    assert (answer.status_code, answer.data) == (204, b"")
    assert faults(app) == counted


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "script", "place": "Camille Exemple a répondu B"},
        {"kind": "script", "place": "sitting.js:1 TypeError: Camille"},
        {"kind": "script", "place": "https://exemple.fr/acces/jeton.js:1 TypeError"},
        {"kind": "save", "place": "question 3 : B"},
        {"csp-report": {"violated-directive": "Camille Exemple", "blocked-uri": "AAAA"}},
    ],
)
def test_no_text_of_a_page_is_kept(app: Flask, client: FlaskClient, told: Any) -> None:
    assert client.post(PATH, data=json.dumps(told)).status_code == 204

    assert {place for _kind, place in faults(app)} == {reporting.ELSEWHERE}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("", 400), ("{", 400), ("12", 400), ('"texte"', 400), ('{"csp-report": 3}', 400),
        ('[{"type": "csp-violation"}]', 400), ('[{"kind": "save", "times": "x"}]', 400),
        ("[" * 5000, 400), ("\udcff", 400), (" " * (reporting.LARGEST + 1), 413),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_and_counts_nothing(
    app: Flask, client: FlaskClient, sent: str, status: int
) -> None:
    answer = client.post(PATH, data=sent.encode("utf-8", "surrogateescape"))

    assert answer.status_code == status
    assert faults(app) == {}


def test_flood_of_reports_is_let_through_in_part(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    app.extensions["reports"] = reporting.Sieve(each=3, all_=5)
    told = json.dumps({"kind": "save", "place": "offline"})

    answers = [
        client.post(PATH, data=told, environ_base={"REMOTE_ADDR": f"192.0.2.{number % 3}"})
        for number in range(12)
    ]
    within = faults(app)
    client.post(PATH, data=told)

    assert {one.status_code for one in answers} == {204}
    assert within == {("save", "offline"): 5}
    assert faults(app) == within


def test_next_minute_lets_reports_through_again(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    app.extensions["reports"] = reporting.Sieve(each=1, all_=1)
    told = json.dumps({"kind": "save", "place": "offline"})

    for seconds in (0, 30, 61):
        clock(NOON + timedelta(seconds=seconds))
        client.post(PATH, data=told)

    assert faults(app) == {("save", "offline"): 2}


def test_report_needs_neither_token_nor_access_and_sets_no_cookie(client: FlaskClient) -> None:
    answer = client.post(PATH, data=json.dumps({"kind": "save", "place": "offline"}))

    assert answer.status_code == 204
    assert "Set-Cookie" not in answer.headers
    assert client.get(PATH).status_code == 405
