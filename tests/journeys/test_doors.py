"""Every door of the house: what opens it, what a reader may change, what a cache may keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import SQLModel, select

from quizapp.contests.tables import Application
from quizapp.invigilation import actions
from quizapp.invigilation.tables import Kind
from quizapp.people import actions as people
from quizapp.results import actions as results
from quizapp.sitting import timing
from tests.journeys.test_first_round import enter, organiser, post
from tests.sitting.running import LYON, WHY, mine, plan_in, save, start
from tests.world import NOON, PASSWORD, World

STAGE = "premier-tour"
# What is noted of a reader is no change: a sign of life, and a try that failed.
NOTED = {"contact", "throttle"}


@pytest.fixture
def lived(app: Flask, client: FlaskClient) -> World:
    """Camille composes on another device, Claude has handed in, the desk has spoken and acted."""
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        for adviser in (world.camille, world.claude):
            save(db, start(db, adviser.id), at=NOON)
        plan = plan_in(db)
        actions.report(
            db, plan, application_id=world.camille.id, kind=Kind.INCIDENT, key="clef-une",
            code="AAAABBBB", body="", now=NOON,
        )  # fmt: skip
        actions.send(db, plan, LYON, body="Patience.", by="staff:1", now=NOON)
        timing.extend(db, plan, scope=LYON, minutes=10, now=NOON, **WHY)
    return world


def addresses(app: Flask, world: World, method: str) -> list[str]:
    """An address of every route that answers this method, with names of things that exist."""
    with world.store.reading() as db:
        sitting = mine(db, world).id
    named: dict[str, object] = {
        "sitting_id": sitting, "stage_key": STAGE, "item": 1, "number": 1, "code": "AAAABBBB",
        "token": world.camille.access.token, "filename": "css/base.css", "suffix": "json",
        "act": "accepter", "bank": "culture-generale", "question": "cu-0",
    }  # fmt: skip
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method not in (rule.methods or ()):
                continue
            values = {name: named.get(name, "") for name in rule.arguments}
            names = [""]
            if "name" in rule.arguments:
                names = ["national"] if "listes" in rule.rule else ["prolonger", "suspendre"]
            if rule.endpoint.startswith(("invigilation.candidate", "office.new_code")):
                values["number"] = world.camille.number
            for name in names:
                built = rule.build({**values, **({"name": name} if name else {})})
                assert built is not None, rule
                found.append(built[1])
    return found


def rows(world: World) -> dict[str, list[Any]]:
    """Everything stored, but what is noted of readers."""
    with world.store.reading() as db:
        found = {}
        for name in SQLModel.metadata.tables:
            every = db.connection().execute(text(f"SELECT * FROM {name}")).mappings()
            found[name] = [{**one, "seen_at": None} for one in every]
    return {name: every for name, every in found.items() if name not in NOTED}


def signed_in(app: Flask, world: World, who: str) -> FlaskClient:
    """A browser of this person’s that has begun nothing."""
    if who == "organiser":
        return organiser(app)
    client = app.test_client()
    if who != "stranger":
        enter(client, world, who)
    return client


@pytest.mark.parametrize("who", ["stranger", "camille", "claude", "organiser"])
def test_reading_changes_nothing(app: Flask, lived: World, who: str) -> None:
    client = signed_in(app, lived, who)
    before = rows(lived)

    read = {page: client.get(page).status_code for page in addresses(app, lived, "GET")}
    read |= {page: client.get(page).status_code for page in addresses(app, lived, "POST")}

    assert rows(lived) == before
    assert {status for status in read.values() if status >= 500} <= {503}
    assert len(read) > 50


@pytest.mark.parametrize("kind", ["form", "json"])
@pytest.mark.parametrize("who", ["stranger", "camille", "organiser"])
def test_no_form_is_heard_without_its_token(app: Flask, lived: World, who: str, kind: str) -> None:
    client = signed_in(app, lived, who)
    before = rows(lived)
    open_to_all = {"/signalements"}  # browsers send their reports without one

    told = {}
    for page in set(addresses(app, lived, "POST")) - open_to_all:
        how: dict[str, Any] = {"json": {}} if kind == "json" else {"data": {"reason": "x"}}
        answer = client.post(page, **how)
        told[page] = (answer.status_code, answer.json["code"] if answer.is_json else "csrf")

    assert told == dict.fromkeys(told, (403, "csrf"))
    assert len(told) > 20
    assert rows(lived) == before


@pytest.mark.parametrize("who", ["camille", "claude", "organiser"])
def test_no_cache_keeps_a_personal_page(app: Flask, lived: World, who: str) -> None:
    client = signed_in(app, lived, who)
    for_all = {"/communes", "/recus/cles.json"}

    kept = {}
    for page in addresses(app, lived, "GET"):
        if page.startswith("/static/") or page in for_all:
            continue
        with client.get(page) as answer:
            kept[page] = answer.headers["Cache-Control"]

    assert set(kept.values()) <= {"no-store", "private, no-cache"}, kept


def test_nothing_of_a_ranking_is_told_before_its_publication(
    app: Flask, lived: World, clock: Callable[[datetime], None]
) -> None:
    later = NOON + timedelta(hours=2)
    clock(later)
    with lived.store.writing() as db:
        results.close_stage(db, plan_in(db), by="o", reason="fin", now=later)
    claude = signed_in(app, lived, "claude")

    page = claude.get(f"/resultats/{STAGE}/moi")
    script = claude.get(f"/resultats/{STAGE}/moi", headers={"Accept": "application/json"})
    space = claude.get("/mon-espace").text
    stolen = claude.get(f"/organisation/etapes/{STAGE}/listes/national.json")

    assert [page.status_code, script.status_code, stolen.status_code] == [403, 403, 403]
    for told in (page.text, script.text, space, stolen.text):
        assert not re.search(r"\brang\b|ex æquo|qualifié|points?\b|sur 5", told, re.IGNORECASE)


def test_session_before_signing_in_is_not_the_session_after(app: Flask, lived: World) -> None:
    for page, form in (
        ("/acces", {"code": lived.camille.access.printed}),
        (f"/acces/{lived.camille.access.token}", {}),
        ("/connexion", {"email": "o@exemple.fr", "password": PASSWORD}),
    ):
        client = app.test_client()
        with client.session_transaction() as session:
            session["device"] = session["planted"] = "d’un autre"

        assert post(client, page, **form).status_code == 303

        with client.session_transaction() as session:
            assert session["_user_id"]
            assert "planted" not in session
            assert session.get("device") != "d’un autre"


@pytest.mark.parametrize(
    ("target", "led"),
    [
        ("/epreuve/premier-tour?q=2", "/epreuve/premier-tour?q=2"),
        ("https://exemple.fr/", "/mon-espace"),
        ("//exemple.fr", "/mon-espace"),
        ("/\\exemple.fr", "/mon-espace"),
        ("javascript:alert(1)", "/mon-espace"),
        ("/\nLocation: https://exemple.fr", "/mon-espace"),
        ("mon-espace", "/mon-espace"),
        ("", "/mon-espace"),
    ],
)
def test_signing_in_never_leads_to_another_site(
    app: Flask, lived: World, target: str, led: str
) -> None:
    client = app.test_client()
    answer = client.post(
        "/acces",
        query_string={"next": target},
        data={
            "csrf_token": token(client, "/acces"),
            "code": lived.camille.access.printed,
        },
    )

    assert answer.location == led


def token(client: FlaskClient, page: str) -> str:
    """The token of the form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def without_tokens(page: str) -> str:
    """A page without its form tokens: they bear the second in which they were made."""
    return re.sub(r'(value|content)="[\w.-]{60,}"', "", page)


class Counting:
    """The house’s own hasher, and how often it was asked."""

    def __init__(self, hasher: Any) -> None:
        self._hasher, self.asked = hasher, 0

    def verify(self, known: str, password: str) -> Any:
        """As the hasher."""
        self.asked += 1
        return self._hasher.verify(known, password)


def test_unknown_address_is_answered_as_a_wrong_password(
    app: Flask, lived: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = Counting(people._hasher)
    monkeypatch.setattr(people, "_hasher", hasher)

    told = []
    for email in ("o@exemple.fr", "nul@exemple.fr"):
        answer = post(app.test_client(), "/connexion", email=email, password="pas le bon mot")
        same = without_tokens(answer.text.replace(email, "adresse"))
        told.append((answer.status_code, same, hasher.asked))
        hasher.asked = 0

    assert told[0] == told[1]
    assert told[0][0] == 422
    assert "Adresse ou mot de passe incorrect." in told[0][1]
    assert told[0][2] == 1


def test_what_a_form_adds_is_not_heard(client: FlaskClient, app: Flask) -> None:
    answer = post(
        client, "/candidature", last_name="A", first_name="B", email="a@exemple.fr", company="C",
        city="Lyon", rules="y", id="1", number="999999", region="01", stamp="x", edition_id="7",
        applied_at="2020-01-01", code_trace="x",
    )  # fmt: skip

    assert answer.status_code == 303
    with app.extensions["store"].reading() as db:
        stored = db.exec(select(Application).where(Application.first_name == "B")).one()
    assert (stored.email, stored.number, stored.region) == ("a@exemple.fr", "000004", "84")
    assert stored.applied_at == NOON
