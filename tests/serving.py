"""The real server, started as an operator starts it; its application has a slow page (``cli/slow``)."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizapp.kit.store import Store
from tests import world as worlds

ROOT = Path(__file__).parents[1]
_PROGRAM = (
    "from quizapp.cli import server; server.TARGET = 'tests.cli.slow:app';"
    "from quizapp.cli import main; main()"
)
PATIENCE = 60  # seconds until something that should happen counts as not happening


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for something that must happen."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


@dataclass
class Server:
    """A running server: its process, port and instance folder."""

    process: subprocess.Popen[bytes]
    port: int
    instance: Path

    def connect(self) -> http.client.HTTPConnection:
        """A new connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.instance / f"{self.port}.log").read_text("utf-8")

    def get(self, path: str) -> tuple[int, str]:
        """The status and text of a page, on a connection of its own."""
        connection = self.connect()
        connection.request("GET", path)
        answer = connection.getresponse()
        told = answer.status, answer.read().decode()
        connection.close()
        return told

    def answers(self) -> bool:
        """Whether it answers."""
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def stop(self) -> int:
        """Tell it to stop, and wait for its end."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*words: str) -> list[str]:
    """The command line, serving the slow application."""
    return [sys.executable, "-c", _PROGRAM, *words]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The small world in an instance folder, as the server's environment."""
    store = Store(f"sqlite:///{tmp_path / 'quizapp.db'}")
    worlds.build(store)
    store.dispose()
    return {
        **os.environ, "QUIZAPP_INSTANCE": str(tmp_path), "QUIZAPP_METRICS_LOOPBACK": "true",
        "QUIZAPP_SECRET_KEY": worlds.SECRET.decode(),
    }  # fmt: skip


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server: ``start("--drain", "5")``; it is gone at the end of the test."""
    running: list[Server] = []

    def begin(*more: str) -> Server:
        port = free_port()
        with (tmp_path / f"{port}.log").open("w") as log:
            process = subprocess.Popen(
                command("serve", "--port", str(port), "--workers", "2", *more),
                cwd=ROOT, env=environment, stderr=log,
            )  # fmt: skip
        server = Server(process, port, tmp_path)
        running.append(server)
        until(server.answers, "the server's first answer")
        # A process that is still loading would take no notice of how the others are stopped.
        seen: set[str] = set()
        until(lambda: seen.add(server.get("/processus")[1]) or len(seen) == 2, "both processes")
        return server

    yield begin
    for server in running:
        (server.instance / "go").touch()
        if server.process.poll() is None:
            server.process.terminate()
    for server in running:
        try:
            server.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
            raise
