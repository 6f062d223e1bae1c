"""What is told when something cannot be: the status, the sentence, what is safe, what to do.

Each refusal is asked for twice, by a person and by a script: both are told the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.journeys.test_doors import lived, rows, signed_in, token, without_tokens
from tests.world import NOON, OPENS, World

__all__ = ["lived"]

KEPT = "Vos réponses enregistrées sont conservées."
NOTHING = "Rien n’a été modifié."
GONE = "Cette page n’existe pas ou n’est plus disponible."
PAPER, STAGE = "/composition/1", "/epreuve/premier-tour"
DESK = "/surveillance/premier-tour"
RESULTS = "/organisation/etapes/premier-tour"
MONTHS, LATER = OPENS + timedelta(days=90), NOON + timedelta(hours=2)


@dataclass(frozen=True)
class Told:
    """A refusal: who asks for what, and what they are told."""

    id: str
    who: str
    page: str
    status: int
    code: str
    title: str
    detail: str
    safe: str = ""
    form: dict[str, str] | None = None
    at: datetime = NOON
    leads: str = "/"
    headers: dict[str, str] = field(default_factory=dict)


REFUSALS = [
    Told("E-01 unknown page", "stranger", "/nulle-part", 404, "not_found", "Page introuvable", GONE),
    Told("E-01 in an exam", "camille", "/composition/999", 404, "not_found", "Page introuvable", GONE, KEPT, leads="/mon-espace"),
    Told("E-02 somebody else’s", "camille", "/composition/2", 404, "not_found", "Page introuvable", GONE, KEPT, leads="/mon-espace"),
    Told("E-02 another stage", "camille", "/epreuve/finale", 404, "not_found", "Page introuvable", GONE, KEPT, leads="/mon-espace"),
    Told("E-02 an unknown act", "organiser", f"{DESK}/actes/oublier", 404, "not_found", "Page introuvable", GONE),
    Told("E-05 a candidate at the desk", "camille", DESK, 403, "role", "Cette page n’est pas pour vous", "Elle est réservée à d’autres personnes : vous êtes connecté avec un autre accès."),
    Told("E-05 an organiser’s space", "organiser", "/mon-espace", 403, "role", "Cette page n’est pas pour vous", "Elle est réservée à d’autres personnes : vous êtes connecté avec un autre accès."),
    Told("E-06 a stale form", "organiser", f"{RESULTS}/clore", 403, "csrf", "La page était ouverte depuis trop longtemps", "Rechargez-la et recommencez.", NOTHING, form={"csrf_token": "vieux"}),
    Told("E-06 a stale form in an exam", "camille", f"{PAPER}/page", 403, "csrf", "La page était ouverte depuis trop longtemps", "Rechargez-la et recommencez.", KEPT, form={"csrf_token": "vieux"}, headers={"Referer": f"http://localhost{PAPER}?q=2"}, leads=f"{PAPER}?q=2"),
    Told("E-06 a form of another site", "camille", f"{PAPER}/page", 403, "csrf", "La page était ouverte depuis trop longtemps", "Rechargez-la et recommencez.", KEPT, form={}, headers={"Referer": "https://exemple.fr/piege"}, leads="/mon-espace"),
    Told("E-10 a link altered", "stranger", "/acces/nimporte-quoi", 410, "link", "Ce lien n’est plus valable", "Entrez avec votre code d’accès, ou demandez un nouveau lien à l’organisation.", leads="/acces"),
    Told("E-15 applications closed", "stranger", "/candidature", 409, "applications_closed", "Les candidatures ne sont pas ouvertes", "Elles sont closes depuis le samedi 28 novembre 2026 à 18 h 00.", at=MONTHS),
    Told("E-15 applications not open yet", "stranger", "/candidature", 409, "applications_closed", "Les candidatures ne sont pas ouvertes", "Elles ouvrent le jeudi 1er octobre 2026 à 9 h 00.", at=OPENS - timedelta(days=90)),
    Told("E-17 started too early", "dominique", f"{STAGE}/commencer", 403, "too_early", "L’épreuve n’est pas encore ouverte", "Elle ouvre le samedi 28 novembre 2026 à 10 h 00.", form={}, at=OPENS - timedelta(minutes=1), leads=STAGE),
    Told("E-18 started too late", "dominique", f"{STAGE}/commencer", 403, "closed", "L’épreuve est terminée", "Elle est close depuis le samedi 28 novembre 2026 à 11 h 00.", "En cas de difficulté technique, signalez-la : l’heure de votre message est notée.", form={}, at=LATER, leads=f"{STAGE}/aide"),
    Told("E-18 come too late", "dominique", STAGE, 403, "closed", "L’épreuve est terminée", "Elle est close depuis le samedi 28 novembre 2026 à 11 h 00.", "En cas de difficulté technique, signalez-la : l’heure de votre message est notée.", at=LATER, leads=f"{STAGE}/aide"),
    Told("E-37 results not published", "claude", "/resultats/premier-tour/moi", 403, "not_published", "Les résultats ne sont pas encore publiés", "Ils paraîtront ici même. Rien n’est à faire d’ici là.", leads="/mon-espace"),
    Told("E-50 published before it is closed", "organiser", f"{RESULTS}/publier", 409, "not_now", "Cette étape ne peut pas changer ainsi", "Elle n’est pas encore ouverte, ou elle est déjà close.", leads=RESULTS),
    Told("E-56 the wrong method", "camille", "/deconnexion", 405, "method", "Page introuvable", "Cette page ne s’ouvre pas de cette façon."),
    Told("E-56 the wrong method in an exam", "camille", f"{PAPER}/remise", 405, "method", "Page introuvable", "Cette page ne s’ouvre pas de cette façon.", KEPT, leads="/mon-espace"),
]  # fmt: skip


def plain(page: str) -> str:
    """A page’s text as a person reads it."""
    return unescape(page).replace("\u202f", " ").replace("\xa0", " ")


def ask(client: FlaskClient, case: Told, accept: str) -> Any:
    """Ask for it, as a person’s browser or as a script."""
    headers = {"Accept": accept, **case.headers}
    if case.form is None:
        return client.get(case.page, headers=headers)
    form = {"csrf_token": token(client, "/recus/verifier"), **case.form}
    if case.code == "csrf" and not case.form:
        form = {}
    return client.post(case.page, data=form, headers=headers)


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.id)
def test_refusal_says_the_same_to_a_person_and_to_a_script(
    app: Flask, lived: World, clock: Callable[[datetime], None], case: Told
) -> None:
    client = signed_in(app, lived, case.who)
    clock(case.at)
    before = rows(lived)

    page, script = (ask(client, case, kind) for kind in ("text/html", "application/json"))

    read = plain(page.text)
    alert = read.split('role="alert"')[1]
    assert (page.status_code, script.status_code) == (case.status, case.status)
    assert script.mimetype == "application/problem+json"
    assert {name: plain(str(value)) for name, value in script.json.items()} == {
        "status": str(case.status), "code": case.code, "title": case.title, "detail": case.detail,
        **({"safe": case.safe} if case.safe else {}),
    }  # fmt: skip
    assert 'tabindex="-1" autofocus' in alert.split(">")[0]  # it is heard, and read first
    assert f"<h1>{case.title}</h1>" in alert
    assert case.detail in alert
    assert (f'<p class="notice notice-success">{case.safe}</p>' in alert) is bool(case.safe)
    assert f'href="{case.leads}"' in alert.split("</main>")[0]
    assert ("Allow" in page.headers) is (case.status == 405)
    assert rows(lived) == before


def test_what_is_somebody_else_s_looks_like_what_is_not(app: Flask, lived: World) -> None:
    client = signed_in(app, lived, "camille")

    other, none = (without_tokens(client.get(f"/composition/{number}").text) for number in (2, 999))

    assert none.replace("/composition/999", "/composition/2") == other


def test_stranger_is_asked_to_sign_in_and_goes_on(app: Flask, lived: World) -> None:
    client = app.test_client()

    sent = client.get("/mon-espace?x=1")
    page = plain(client.get(sent.location).text)
    script = client.get("/mon-espace", headers={"Accept": "application/json"})

    assert (sent.status_code, sent.location) == (303, "/acces?next=/mon-espace?x%3D1")
    assert "Connectez-vous pour continuer." in page
    assert (script.status_code, script.json["code"]) == (401, "signed_out")
    assert "Vos réponses sont gardées sur cet appareil." in script.json["detail"]
    assert client.get("/banques").location == "/connexion?next=/banques"
