"""The nginx configuration that is shipped, in a real nginx with TLS before real servers.

It needs nginx and openssl (Debian: ``apt-get install nginx-light openssl``); without them these
tests are skipped.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.web import assets
from tests.deploy.conftest import NAME, Front
from tests.serving import PATIENCE, Server, until

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(
        not (shutil.which("nginx") and shutil.which("openssl")),
        reason="no nginx or no openssl on this machine",
    ),
]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """As the shipped configuration asks for it."""
    return {
        **environment,
        "QUIZAPP_PUBLIC_URL": f"https://{NAME}",
        "QUIZAPP_TRUSTED_PROXIES": "1",
    }


Start = Callable[..., Server]
Put = Callable[..., Front]


def test_page_comes_over_tls_with_secure_cookies(start: Start, front: Put) -> None:
    site = front(start())

    status, headers, body = site.ask("/acces")

    assert (status, body.rstrip().endswith(b"</html>")) == (200, True)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Set-Cookie"].startswith("__Host-quizapp=")
    assert {"Secure", "HttpOnly"} <= {one.strip() for one in headers["Set-Cookie"].split(";")}
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])
    assert "/" not in headers["Server"]  # no version


def test_form_is_accepted_through_the_proxy(start: Start, front: Put) -> None:
    """The token's check compares the address of the page: host and scheme must have come through."""
    site = front(start())
    _, headers, body = site.ask("/acces")
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
    assert token is not None
    cookie = headers["Set-Cookie"].split(";")[0]

    def send(referer: str) -> int:
        return site.ask(
            "/acces", "POST", body=b"csrf_token=" + token[1] + b"&code=AAAA-BBBB-CC", Cookie=cookie,
            Content_Type="application/x-www-form-urlencoded", Referer=referer,
        )[0]  # fmt: skip

    assert send(f"https://{NAME}/acces") == 422  # the code is wrong, and the page says so
    assert send("https://ailleurs.exemple.fr/acces") == 403


def test_plain_http_is_sent_to_https(start: Start, front: Put) -> None:
    site = front(start())
    connection = http.client.HTTPConnection("127.0.0.1", site.plain, timeout=PATIENCE)

    connection.request("GET", "/acces?x=1", headers={"Host": NAME})
    answer = connection.getresponse()

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/acces?x=1")
    connection.close()


def test_address_is_the_one_that_came_and_not_the_one_that_is_claimed(
    start: Start, front: Put
) -> None:
    server = start()
    site = front(server)

    site.ask(
        "/reglement", source="127.0.0.2", X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9"
    )
    server.stop()

    lines = [json.loads(line) for line in server.log.splitlines() if '"event": "request"' in line]
    assert [line["address"] for line in lines if line["path"] == "/reglement"] == ["127.0.0.2"]


def test_personal_link_is_in_no_log(start: Start, front: Put) -> None:
    server = start()
    site = front(server)

    site.ask("/acces/un-lien-personnel-tres-secret")
    server.stop()

    until(lambda: "/acces/…" in site.log.read_text("utf-8"), "nginx logs")
    assert "secret" not in site.log.read_text("utf-8") + server.log


def test_static_files_are_cached_in_each_encoding(start: Start, front: Put) -> None:
    server = start()
    site = front(server)
    page = site.ask("/")[2].decode()
    sheet = re.search(r'href="(/static/css/base\.css\?v=\w+)"', page)
    assert sheet is not None
    body = (assets.FOLDER / "css/base.css").read_bytes()

    for _ in range(3):
        packed = site.ask(sheet[1], Accept_Encoding="gzip")
        assert packed[1]["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed[2]) == body
        plain = site.ask(sheet[1])
        assert (plain[1]["Content-Encoding"], plain[2]) == (None, body)
        assert site.ask(sheet[1], Accept_Encoding="br")[1]["Content-Encoding"] == "br"
        assert plain[1]["Cache-Control"] == "public, max-age=31536000, immutable"

    figures = server.get("/metrics")[1]
    assert 'quizapp_requests_total{kind="static",status="200"} 3' in figures


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_figures_are_not_for_outsiders(start: Start, front: Put, path: str) -> None:
    server = start()
    site = front(server)

    assert server.get(path)[0] == 200
    assert site.ask(path)[0] == 404


def test_too_large_a_body_is_refused_before_the_server(start: Start, front: Put) -> None:
    server = start()
    site = front(server)

    status, _, _ = site.ask("/acces", "POST", body=b"x" * 1_100_000)

    assert status == 413
    assert 'status="413"' not in server.get("/metrics")[1]


def test_connections_to_the_server_are_kept(start: Start, front: Put) -> None:
    server = start()
    site = front(server)

    def ended() -> int:
        port = f":{server.port:04X}"
        lines = Path("/proc/net/tcp").read_text().splitlines()
        return sum(port in line and line.split()[3] == "06" for line in lines)

    before = ended()
    for _ in range(30):
        assert site.ask("/healthz")[0] == 200

    assert ended() - before < 5


def test_hundreds_behind_one_address_are_all_served(start: Start, front: Put) -> None:
    site, failed = front(start()), []

    def browse() -> None:
        for _ in range(20):
            if (status := site.ask("/acces")[0]) != 200:
                failed.append(status)

    threads = [threading.Thread(target=browse) for _ in range(15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []


def test_server_that_is_killed_goes_unnoticed(start: Start, front: Put) -> None:
    """Two servers on one database: one dies in the middle, every page and every start is answered."""
    first, second = start(), start()
    site = front(first, second)
    connection = site.connect()
    seen = []

    for number in range(60):
        if number == 20:
            workers = {int(first.get("/processus")[1]) for _ in range(20)}
            for process in (first.process.pid, *workers):
                os.kill(process, signal.SIGKILL)
        method, path = ("GET", "/") if number % 2 else ("POST", "/epreuve/premier-tour/commencer")
        connection.request(method, path, headers={"Host": NAME, "Content-Length": "0"})
        answer = connection.getresponse()
        answer.read()
        seen.append(answer.status)

    assert set(seen[1::2]) == {200}
    assert set(seen[0::2]) == {403}  # without a form's token: the application itself refused
    connection.close()
