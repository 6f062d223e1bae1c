"""Where a paper opens: the network and the browser are asked for before any question is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.app import create_app
from quizapp.settings import Settings
from tests import world as worlds
from tests.journeys.test_first_round import enter, post
from tests.sitting.test_views import save
from tests.world import EDITION, NOON

KEY = "ab" * 32
STAGE = "/epreuve/premier-tour"
INSIDE, OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "203.0.113.9"}

Make = Callable[..., Flask]


@pytest.fixture
def made(tmp_path: Path, clock: Callable[[datetime], None]) -> Make:
    """The application on an edition with these rules of access, behind so many proxies."""

    def make(access: str, *, proxies: int = 0) -> Flask:
        app = create_app(
            Settings(
                instance=tmp_path,
                secret_key=worlds.SECRET.decode(),
                testing=True,
                trusted_proxies=proxies,
            )  # type: ignore[arg-type]
        )
        text = EDITION.replace("    duration: 20\n", f"    duration: 20\n    access: {access}\n")
        app.extensions["world"] = worlds.build(app.extensions["store"], edition=text)
        clock(NOON)
        return app

    return make


def browser(app: Flask, **environ: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base.update(environ)
    enter(client, app.extensions["world"])
    return client


def seb(
    client: FlaskClient, path: str, *, key: str = KEY, header: str = "ConfigKeyHash"
) -> dict[str, str]:
    """The header that Safe Exam Browser adds when it asks for this path."""
    made = hashlib.sha256(f"http://localhost{path}{key}".encode()).hexdigest()
    return {f"X-SafeExamBrowser-{header}": made}


def started(app: Flask, client: FlaskClient) -> str:
    return str(post(client, STAGE, f"{STAGE}/commencer").location)


def test_inside_the_network_the_paper_opens(made: Make) -> None:
    app = made("{networks: 192.0.2.0/24}")
    client = browser(app, **INSIDE)

    assert client.get(started(app, client)).status_code == 200


def test_outside_the_network_no_question_is_sent(made: Make) -> None:
    app = made("{networks: 192.0.2.0/24}")
    client = browser(app, **INSIDE)
    paper = started(app, client)
    client.environ_base.update(OUTSIDE)

    for page in (STAGE, f"{STAGE}/commencer", paper, f"{paper}/sujet"):
        answer = client.get(page) if "commencer" not in page else post(client, "/mon-espace", page)
        if page == STAGE:  # somebody who has begun is led to the paper, which refuses
            assert answer.location == paper
            continue
        assert answer.status_code == 403, page
        assert "ne s’ouvre pas depuis ce réseau" in answer.text
        assert "203.0.113.9" in answer.text
        assert "Question 0 de" not in answer.text


def test_waiting_room_says_it_before_the_bell(
    made: Make, clock: Callable[[datetime], None]
) -> None:
    app = made("{networks: 192.0.2.0/24}")
    client = browser(app, **OUTSIDE)

    assert client.get(STAGE).status_code == 403
    assert client.get("/mon-espace").status_code == 200


def test_answer_is_kept_wherever_it_is_sent_from(made: Make) -> None:
    app = made("{networks: 192.0.2.0/24}")
    client = browser(app, **INSIDE)
    paper = started(app, client)
    page = client.get(paper).text
    holder = {"X-Pass": page.split('data-pass="')[1].split('"')[0]}
    client.environ_base.update(OUTSIDE)

    body = {"answer": ["0"], "flagged": False, "seq": 1, "key": "clef-unique"}
    assert client.post(f"{paper}/reponses/1", json=body, headers=holder).status_code == 200


def test_behind_a_proxy_the_trusted_address_decides(made: Make) -> None:
    """What the proxy adds last is believed; what a browser writes before it is not."""
    app = made("{networks: 192.0.2.0/24}", proxies=1)
    client = browser(app)

    def status(forwarded: str) -> int:
        return client.get(STAGE, headers={"X-Forwarded-For": forwarded}).status_code

    assert status("192.0.2.7") == 200
    assert status("203.0.113.9") == 403
    assert status("192.0.2.7, 203.0.113.9") == 403


def test_without_a_proxy_no_header_is_believed(made: Make) -> None:
    app = made("{networks: 192.0.2.0/24}")
    client = browser(app, **OUTSIDE)

    assert client.get(STAGE, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


@pytest.mark.parametrize(
    ("rule", "header"), [("seb_config_keys", "ConfigKeyHash"), ("seb_exam_keys", "RequestHash")]
)
def test_safe_exam_browser_shows_its_key_for_each_address(
    made: Make, rule: str, header: str
) -> None:
    app = made(f"{{{rule}: {KEY}}}")
    client = browser(app)
    begin = f"{STAGE}/commencer"

    assert client.get(STAGE).status_code == 403
    assert client.get(STAGE, headers=seb(client, STAGE, header=header)).status_code == 200
    token = client.get(STAGE, headers=seb(client, STAGE, header=header)).text
    form = {"csrf_token": token.split('name="csrf_token" value="')[1].split('"')[0]}
    assert client.post(begin, data=form).status_code == 403
    paper = client.post(begin, data=form, headers=seb(client, begin, header=header)).location

    second = f"{paper}?q=2"
    assert client.get(second, headers=seb(client, second, header=header)).status_code == 200
    whole = f"{paper}/sujet"
    assert client.get(whole, headers=seb(client, whole, header=header)).status_code == 200
    for wrong in (
        {}, seb(client, paper, header=header), seb(client, second, key="cd" * 32, header=header),
    ):  # fmt: skip
        answer = client.get(second, headers=wrong)
        assert answer.status_code == 403
        assert "Safe Exam Browser" in answer.text


def test_without_a_rule_nothing_is_asked(app: Flask, client: FlaskClient) -> None:
    enter(client, app.extensions["world"])
    client.environ_base.update(OUTSIDE)

    paper = started(app, client)

    assert save(client, paper).status_code == 200
