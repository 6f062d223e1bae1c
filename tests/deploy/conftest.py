"""nginx with the configuration that is shipped, before real servers."""

from __future__ import annotations

import http.client
import os
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.serving import PATIENCE, ROOT, Server, environment, free_port, start, until

__all__ = ["environment", "start"]

NAME = "concours.exemple.fr"
SHIPPED = ROOT / "docs" / "deploy" / "nginx.conf"


@dataclass
class Front:
    """A running nginx: its ports, and whom it trusts."""

    port: int
    plain: int
    trust: ssl.SSLContext
    log: Path

    def connect(self, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
        """A new connection over TLS, from an address of this machine."""
        return http.client.HTTPSConnection(
            "localhost", self.port, context=self.trust, timeout=PATIENCE,
            source_address=(source, 0),
        )  # fmt: skip

    def ask(
        self, path: str, method: str = "GET", source: str = "127.0.0.1", body: bytes | None = None,
        **headers: str,
    ) -> tuple[int, http.client.HTTPMessage, bytes]:  # fmt: skip
        """Status, headers and body of a page."""
        connection = self.connect(source)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers={"Host": NAME, **named})
        answer = connection.getresponse()
        told = answer.status, answer.headers, answer.read()
        connection.close()
        return told


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Callable[..., Front]]:
    """Put nginx before servers: ``front(server, another)``."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*servers: Server) -> Front:
        folder = tmp_path / "nginx"
        folder.mkdir()
        folder.chmod(0o755)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
             "-subj", f"/CN={NAME}", "-addext", "subjectAltName=DNS:localhost"],
            check=True, capture_output=True,
        )  # fmt: skip
        found = Front(
            free_port(), free_port(), ssl.create_default_context(cafile=folder / "cert.pem"),
            folder / "access.log",
        )  # fmt: skip
        (folder / "quizapp.conf").write_text(_placed(folder, found, servers))
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log stderr warn; worker_processes 1;\n"
            "events { worker_connections 2048; }\n"
            f"http {{ include {folder}/quizapp.conf; "
            + "".join(
                f"{kind}_temp_path {folder}/{kind}; "
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + "}\n"
        )
        # As whoever runs the tests: root would give the work to an account that reads nothing here.
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", *user])
        running.append(process)

        def answers() -> bool:
            assert process.poll() is None, "nginx refuses the configuration"
            try:
                return found.ask("/healthz")[0] == 200
            except OSError:
                return False

        until(answers, "nginx answers")
        return found

    yield begin
    for process in running:
        process.terminate()
        process.wait(PATIENCE)


def _placed(folder: Path, front: Front, servers: tuple[Server, ...]) -> str:
    """The shipped file with this machine's ports and folders in it, and nothing else changed."""
    upstream = "server 127.0.0.1:8000 max_fails=1 fail_timeout=5s;"
    places = {
        upstream: " ".join(upstream.replace("8000", str(one.port)) for one in servers),
        "listen 443 ssl http2;": f"listen 127.0.0.1:{front.port} ssl http2;",
        "listen 80;": f"listen 127.0.0.1:{front.plain};",
        "/etc/ssl/quizapp/fullchain.pem": f"{folder}/cert.pem",
        "/etc/ssl/quizapp/privkey.pem": f"{folder}/key.pem",
        "/var/log/nginx/quizapp.log": str(front.log),
        "/var/cache/nginx/quizapp": f"{folder}/cache",
    }
    text = SHIPPED.read_text("utf-8")
    for shipped, here in places.items():
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, here)
    return text
