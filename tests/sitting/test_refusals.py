"""An answer that is not taken: the status, the code, the sentence, what counts, and nothing is lost.

The page shows ``title. detail``: the two together say what happened, what is safe and what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import col, select

from quizapp.contests.tables import Application
from quizapp.sitting import actions, timing
from quizapp.sitting.tables import Answer
from tests.journeys.test_errors import KEPT, STAGE, plain
from tests.journeys.test_first_round import enter, post
from tests.sitting.running import WHY, mine
from tests.sitting.test_views import paper, pass_of
from tests.world import NOON, World

__all__ = ["paper"]

OVER = NOON + timedelta(minutes=20, seconds=31)
COUNTS = {"number": 1, "seq": 5, "at": NOON.isoformat()}


@dataclass(frozen=True)
class Case:
    """What is done before, what is sent then, and what is told."""

    id: str
    status: int
    code: str
    told: str
    safe: str = ""
    counts: dict[str, Any] | None = None
    before: str = ""
    at: datetime = NOON
    item: int = 1
    sent: dict[str, Any] = field(default_factory=dict)
    raw: str | None = None
    content_type: str = "application/json"


SIGNED_OUT = (
    "Votre accès à cette épreuve n’est plus valable. Vos réponses sont gardées sur cet appareil. "
    "Reconnectez-vous pour les envoyer."
)
LATE = (
    "Le temps est écoulé. Cette réponse est arrivée après la fin : elle est gardée, mais ne compte "
    "pas. La réponse comptée a été enregistrée à 10 h 05 min 00 s."
)
INVALID = "Cette réponse n’a pas pu être comprise. "
CASES = [
    Case("E-04 no longer let in", 401, "signed_out", SIGNED_OUT, before="revoked"),
    Case(
        "E-20 another device", 409, "elsewhere",
        "Votre épreuve continue sur un autre appareil. Cette page ne peut plus rien enregistrer ; "
        "ce qui est enregistré reste.",
        before="taken over", sent={"seq": 6}, counts=COUNTS,
    ),
    Case(
        "E-23 older than what is kept", 409, "stale",
        "Une réponse plus récente est enregistrée. Elle vient d’un autre onglet ou d’un autre "
        "appareil. Rechargez la page pour la voir.",
        sent={"seq": 4}, counts=COUNTS,
    ),
    Case("E-25 after the grace", 409, "too_late", LATE, at=OVER, sent={"seq": 6}, counts=COUNTS),
    Case("E-25 after handing in", 409, "too_late", LATE, before="handed in", sent={"seq": 6}, counts=COUNTS),
    Case(
        "E-36 while it is paused", 503, "paused",
        "Votre épreuve est en pause. Cette réponse est gardée sur votre appareil et partira à la "
        "reprise.",
        before="paused", sent={"seq": 6}, counts=COUNTS,
    ),
    Case("E-26 a question of another paper", 422, "invalid_answer", f"{INVALID}Cette question ne fait pas partie de votre sujet.", KEPT, item=7),
    Case("E-26 a choice that is not shown", 422, "invalid_answer", f"{INVALID}Ce choix n’existe pas dans cette question.", KEPT, sent={"answer": ["9"]}),
    Case("E-26 two choices for one", 422, "invalid_answer", f"{INVALID}Un seul choix est possible pour cette question.", KEPT, sent={"answer": ["0", "1"]}),
    *(
        Case(f"E-27 {text}", 422, "invalid_answer", f"{INVALID}Écrivez un nombre, par exemple 12,5.", KEPT, item=6, sent={"answer": [text]})
        for text in ("12,5 m", "douze", "1.000,5", "∞", "NaN", "１２")
    ),
    *(
        Case(f"E-29 {name}", status, "malformed", "Envoi incorrect. Rechargez la page.", KEPT, raw=raw)
        for name, status, raw in (
            ("not JSON", 400, "{"), ("a number", 400, "12"), ("NaN", 400, '{"seq": NaN}'),
            ("too deep", 400, "[" * 5000), ("too big", 413, " " * 17_000), ("empty", 400, ""),
        )
    ),
    Case("E-56 a form", 415, "malformed", "Envoi incorrect. Rechargez la page.", KEPT, raw="answer=0", content_type="application/x-www-form-urlencoded"),
]  # fmt: skip


def prepare(world: World, what: str) -> None:
    """Let happen what a case needs before."""
    with world.store.writing() as db:
        sitting = mine(db, world)
        if what == "taken over":
            actions.take_over(db, sitting, writer="là-bas", now=NOON)
        elif what == "paused":
            timing.pause(db, sitting, now=NOON, **WHY)
        elif what == "handed in":
            plan = timing.plan_of(db, sitting.stage_id)
            actions.hand_in(db, sitting, plan, number=world.camille.number, now=NOON)
        elif what == "revoked":
            db.exec(
                update(Application)
                .where(col(Application.id) == world.camille.id)
                .values(stamp="un-autre")
            )


def counted(app: Flask) -> list[tuple[int, str | None]]:
    """The versions that count."""
    with app.extensions["store"].reading() as db:
        rows = db.exec(select(Answer).where(~col(Answer.late)))
        return [(row.seq, row.response) for row in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_answer_that_is_not_taken_is_told_and_changes_nothing_that_counts(
    app: Flask, client: FlaskClient, paper: str, clock: Callable[[datetime], None], case: Case
) -> None:
    held = pass_of(client, paper)
    first = {"answer": ["0"], "flagged": False, "seq": 5, "key": "clef-premiere"}
    assert client.post(f"{paper}/reponses/1", json=first, headers=held).status_code == 200
    before = counted(app)
    prepare(app.extensions["world"], case.before)
    clock(case.at)

    url, sent = (
        f"{paper}/reponses/{case.item}",
        {**first, "seq": 6, "key": "clef-seconde", **case.sent},
    )
    if case.raw is None:
        reply = client.post(url, json=sent, headers=held)
    else:
        reply = client.post(url, data=case.raw, content_type=case.content_type, headers=held)

    told = reply.json
    assert (reply.status_code, told["status"], told["code"]) == (
        case.status,
        case.status,
        case.code,
    )
    assert reply.mimetype == "application/problem+json"
    assert plain(f"{told['title']}. {told['detail']}") == case.told
    assert told.get("safe", "") == case.safe
    assert told.get("counts") == case.counts
    assert len(before) == 1
    assert counted(app) == before


def test_answer_sent_again_has_the_same_receipt(client: FlaskClient, paper: str) -> None:
    """E-21, E-22 and E-24: kept, delivered twice, and within the grace."""
    held = pass_of(client, paper)
    sent = {"answer": ["0"], "flagged": False, "seq": 1, "key": "clef-unique"}

    replies = [client.post(f"{paper}/reponses/1", json=sent, headers=held) for _ in range(2)]

    assert [one.status_code for one in replies] == [200, 200]
    assert replies[0].json["kept"] == replies[1].json["kept"]
    assert replies[0].json["receipt"] == replies[1].json["receipt"]


@pytest.mark.parametrize(
    ("before", "at", "told"),
    [
        ("", OVER, "Le temps est écoulé : vos dernières réponses sont gardées, sans compter."),
        ("paused", NOON, "Votre épreuve est en pause. Cette réponse est gardée sur votre appareil"),
        ("taken over", NOON, "Votre épreuve continue sur un autre appareil."),
    ],
)
def test_page_without_a_script_is_told_once(
    app: Flask,
    client: FlaskClient,
    paper: str,
    clock: Callable[[datetime], None],
    before: str,
    at: datetime,
    told: str,
) -> None:
    world: World = app.extensions["world"]
    prepare(world, before)
    clock(at)
    form = {"shown": "1,2", "answer-1": "0", "answer-2": "0", "seq-1": 0, "seq-2": 0, "go": "next"}

    sent = post(client, "/recus/verifier", f"{paper}/page", **form)
    read = plain(client.get("/recus/verifier").text)

    assert sent.status_code == 303
    assert read.count(told) == 1
    assert read.split(told)[0].rpartition("<p ")[2].endswith('role="alert">')
    assert counted(app) == []


def test_two_questions_that_cannot_be_understood_are_both_named(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    form = {"shown": "1,6", "answer-1": "9", "answer-6": "douze", "go": "next"}

    sent = post(client, f"{paper}?q=1", f"{paper}/page?q=1", **form)
    read = plain(client.get(sent.location).text)

    assert sent.location.endswith("q=1")  # it stays where the mistake is
    assert "Question 1 : Ce choix n’existe pas dans cette question." in read
    assert "Question 6 : Écrivez un nombre, par exemple 12,5." in read


def test_new_person_at_the_same_page_is_not_taken_for_the_first(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    """A page left open on a shared computer: the next person’s access does not save into it."""
    held = pass_of(client, paper)
    client.delete_cookie("quizapp")
    enter(client, app.extensions["world"], "claude")
    theirs = post(client, STAGE, f"{STAGE}/commencer").location

    reply = client.post(
        f"{theirs}/reponses/1", json={"answer": ["0"], "seq": 1, "key": "clef-unique"}, headers=held
    )

    assert (reply.status_code, reply.json["code"]) == (401, "signed_out")
    assert counted(app) == []
