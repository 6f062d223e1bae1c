"""Around every request: its name, its count, its line without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from quizapp.kit import log
from quizapp.kit.metrics import Metrics
from quizapp.operations.kinds import KINDS, kind_of
from quizapp.web.watch import Watch


def _watched(app: Any, *, proxied: bool = False) -> tuple[Client, Metrics, log.Lines]:
    metrics, lines = Metrics(kinds=KINDS), log.Lines()
    watch = Watch(app, metrics=metrics, kind_of=kind_of, lines=lines, proxied=proxied)
    return Client(watch), metrics, lines


def _hello(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    log.get().info("inside")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"bonjour"]


def _broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    raise RuntimeError("cassé")


def test_line_names_the_request_and_hides_personal_links(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure()
    client, _, lines = _watched(_hello)

    answer = client.get(
        "/acces/hs7nDk3-secret-secret_42?code=ABCD-EFGH", environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    lines.flush()

    inside, line = map(json.loads, capsys.readouterr().err.splitlines())
    name = answer.headers["X-Request-ID"]
    assert inside["request"] == name
    assert {key: line[key] for key in line if key not in ("ms", "timestamp")} == {
        "event": "request", "request": name, "address": "192.0.2.7", "method": "GET",
        "path": "/acces/…", "kind": "sign_in", "status": 200,
    }  # fmt: skip


def test_line_cannot_be_forged_by_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    client, _, lines = _watched(_hello)

    client.get("/a%0A%7B%22event%22")
    lines.flush()

    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [one["path"] for one in told if one["event"] == "request"] == ['/a\n{"event"']


def test_every_request_has_another_name() -> None:
    client, _, _ = _watched(_hello)

    names = {client.get("/").headers["X-Request-ID"] for _ in range(50)}

    assert len(names) == 50


@pytest.mark.parametrize(
    ("proxied", "given", "kept"),
    [
        (True, "0123456789abcdef", True),
        (False, "0123456789abcdef", False),
        (True, "court", False),
        (True, "abc\u00e9defghij", False),
        (True, "x" * 65, False),
    ],
)
def test_name_given_by_a_proxy_is_kept_if_it_is_one(proxied: bool, given: str, kept: bool) -> None:
    client, _, _ = _watched(_hello, proxied=proxied)

    answer = client.get("/", environ_base={"HTTP_X_REQUEST_ID": given})

    assert (answer.headers["X-Request-ID"] == given) is kept


def test_failure_is_counted_and_goes_on() -> None:
    client, metrics, _ = _watched(_broken)

    with pytest.raises(RuntimeError, match="cassé"):
        client.get("/")

    assert metrics.answers() == {("page", "500"): 1}
    assert log.request.get() == ""


def test_draining_server_asks_to_let_go() -> None:
    client, metrics, _ = _watched(_hello)
    before = client.get("/").headers.get("Connection")

    metrics.draining = True

    assert (before, client.get("/").headers.get("Connection")) == (None, "close")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/composition/7/reponses/3", "save"),
        ("POST", "/composition/7/page", "save_page"),
        ("POST", "/composition/7/remise", "hand_in"),
        ("GET", "/composition/7", "paper"),
        ("GET", "/epreuve/premier-tour", "waiting"),
        ("GET", "/epreuve/premier-tour/etat", "poll"),
        ("POST", "/epreuve/premier-tour/commencer", "start"),
        ("GET", "/acces/abc", "sign_in"),
        ("GET", "/organisation", "office"),
        ("GET", "/organisation/etapes/premier-tour/listes/qualifies.csv", "download"),
        ("GET", "/static/css/base.css", "static"),
        ("GET", "/readyz", "health"),
        ("GET", "/", "page"),
        ("GET", "", "page"),
        ("BREW", "/nulle/part", "page"),
    ],
)
def test_requests_are_sorted(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind


def test_every_route_has_a_kind_that_is_counted(app: Flask) -> None:
    found = {
        kind_of(method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }

    assert found <= set(KINDS)


def test_application_counts_what_it_answers(app: Flask, client: FlaskClient) -> None:
    client.get("/")
    client.get("/nulle-part")
    client.get("/static/css/base.css")

    assert app.extensions["metrics"].answers() == {
        ("page", "200"): 1,
        ("page", "404"): 1,
        ("static", "200"): 1,
    }
