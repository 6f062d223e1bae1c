"""Alive, ready, and the figures: for whom, and what they say when something is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from quizapp import worker
from quizapp.app import create_app
from quizapp.kit import migrate
from quizapp.settings import Settings
from quizapp.sitting import actions
from tests.lived import plan_of
from tests.world import NOON

TOKEN = "un jeton de mesure"


@pytest.fixture
def away(tmp_path: Path) -> Iterator[FlaskClient]:
    """An application whose database is away."""
    settings = Settings(
        instance=tmp_path, secret_key="s" * 32, testing=True, metrics_token=TOKEN,
        database_url="postgresql://personne@127.0.0.1:1/rien?connect_timeout=2",
    )  # fmt: skip
    made = create_app(settings)
    yield made.test_client()
    made.extensions["store"].dispose()


def _settings(app: Flask, **changes: object) -> None:
    old: Settings = app.extensions["settings"]
    app.extensions["settings"] = old.model_copy(update=changes)


def test_process_is_alive_and_ready(client: FlaskClient) -> None:
    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.json) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json) == (
        200,
        {
            "status": "ready",
            "checks": {"database": True, "schema": True, "writer": True, "serving": True},
        },
    )


def test_process_without_its_database_is_alive_and_not_ready(away: FlaskClient) -> None:
    assert away.get("/healthz").status_code == 200
    ready = away.get("/readyz")
    assert ready.status_code == 503
    assert ready.json["checks"] == {
        "database": False, "schema": False, "writer": True, "serving": True,
    }  # fmt: skip


def test_schema_of_another_version_is_not_ready(tmp_path: Path) -> None:
    app = create_app(Settings(instance=tmp_path, secret_key="s" * 32, testing=True))
    migrate.upgrade(app.extensions["store"], revision="0001")

    ready = app.test_client().get("/readyz")

    assert (ready.status_code, ready.json["checks"]["schema"]) == (503, False)
    app.extensions["store"].dispose()


def test_draining_server_is_not_ready_but_answers(app: Flask, client: FlaskClient) -> None:
    app.extensions["metrics"].draining = True

    assert client.get("/readyz").status_code == 503
    assert client.get("/").status_code == 200


def test_server_whose_writer_died_is_not_ready(app: Flask, client: FlaskClient) -> None:
    class Dead:
        alive = False

    app.extensions["answers"] = Dead()

    assert client.get("/readyz").json["checks"]["writer"] is False


def test_figures_are_for_nobody_by_default(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 404), ("", 404), ("Bearer", 404), ("Bearer ", 404), (f"Bearer {TOKEN}é", 404),
        (TOKEN, 404), (f"Basic {TOKEN}", 404), (f"Bearer {TOKEN}", 200),
    ],
)  # fmt: skip
def test_figures_for_whoever_shows_the_token(
    app: Flask, client: FlaskClient, authorization: str | None, status: int
) -> None:
    _settings(app, metrics_token=SecretStr(TOKEN), metrics_loopback=True)
    headers = {} if authorization is None else {"Authorization": authorization}

    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ("127.0.0.1", {"X-Real-IP": "192.0.2.7"}, 404),
    ],
)
def test_figures_for_this_machine_and_not_through_a_proxy_on_it(
    app: Flask, client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    _settings(app, metrics_loopback=True)

    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert answer.status_code == status


def test_figures_say_how_it_stands(app: Flask, client: FlaskClient) -> None:
    _settings(app, metrics_loopback=True)
    store, world = app.extensions["store"], app.extensions["world"]
    with store.writing() as db:
        for candidate, start in (
            (world.camille, NOON),
            (world.claude, NOON - timedelta(minutes=5)),
        ):
            actions.start(
                db, plan_of(db), application_id=candidate.id, seed="g", writer="ici", now=start
            )
    before = _figures(client, at=NOON)
    worker.take_turn(store, holder="moi", now=NOON + timedelta(minutes=19))
    after = _figures(client, at=NOON + timedelta(minutes=19, seconds=3))
    unclosed = _figures(client, at=NOON + timedelta(minutes=21))

    assert before["quizapp_database_up"] == 1
    assert "quizapp_worker_lag_seconds" not in before
    assert after["quizapp_worker_lag_seconds"] == 3
    assert (before["quizapp_open_sittings"], after["quizapp_open_sittings"]) == (2, 1)
    assert (after["quizapp_overdue_seconds"], unclosed["quizapp_overdue_seconds"]) == (0, 60)
    assert after['quizapp_requests_total{kind="health",status="200"}'] == 1
    assert [name for name in after if name.startswith("quizapp_build_info")]


def test_refused_saves_are_told_apart_from_acknowledged_ones(
    app: Flask, client: FlaskClient
) -> None:
    _settings(app, metrics_loopback=True)
    metrics = app.extensions["metrics"]
    for status, times in ((200, 3), (409, 2), (503, 1)):
        for _ in range(times):
            metrics.count("save", status, 0.01)

    found = _figures(client)

    assert {
        fate: found[f'quizapp_saves_total{{outcome="{fate}"}}']
        for fate in ("acknowledged", "refused", "failed")
    } == {"acknowledged": 3, "refused": 2, "failed": 1}


def test_figures_without_a_database_say_so(away: FlaskClient) -> None:
    answer = away.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert "quizapp_database_up 0" in answer.text.splitlines()
    assert "quizapp_open_sittings" not in answer.text


def _figures(client: FlaskClient, at: datetime = NOON) -> dict[str, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quizapp.operations.views.now", lambda: at)
        text = client.get("/metrics").text
    assert re.fullmatch(r"(?:[^\n]+\n)+", text)
    return {
        name: float(value)
        for line in text.splitlines()
        if not line.startswith("#")
        for name, value in [line.rsplit(" ", 1)]
    }
