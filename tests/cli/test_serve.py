"""The real server: it drains on SIGTERM, mends itself, and says when its port is taken."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizapp.kit import lease
from quizapp.kit.store import Store
from tests import world as worlds

ROOT = Path(__file__).parents[2]
_PROGRAM = (
    "from quizapp.cli import server; server.TARGET = 'tests.cli.slow:app';"
    "from quizapp.cli import main; main()"
)
_PATIENCE = 60  # seconds until something that should happen counts as not happening


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for something that must happen."""
    end = time.monotonic() + _PATIENCE
    while not happened():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


@dataclass
class Server:
    """A running server: its process, port and instance folder."""

    process: subprocess.Popen[str]
    port: int
    instance: Path

    def connect(self) -> http.client.HTTPConnection:
        """A new connection."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)

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
        return self.process.wait(_PATIENCE)


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
        process = subprocess.Popen(
            command("serve", "--port", str(port), "--workers", "2", *more),
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        server = Server(process, port, tmp_path)
        running.append(server)
        until(server.answers, "the server's first answer")
        return server

    yield begin
    for server in running:
        (server.instance / "go").touch()
        if server.process.poll() is None:
            server.stop()
        assert server.process.stderr is not None
        server.process.stderr.close()


def _slowly(server: Server) -> tuple[threading.Thread, list[tuple[int, str]]]:
    told: list[tuple[int, str]] = []
    thread = threading.Thread(target=lambda: told.append(server.get("/lent")))
    thread.start()
    until((server.instance / "asked").exists, "the slow page has begun")
    return thread, told


def test_request_under_way_is_answered_before_the_end(start: Callable[..., Server]) -> None:
    server = start()
    idle = server.connect()  # as browsers keep them
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    silent = socket.create_connection(("127.0.0.1", server.port))
    thread, told = _slowly(server)

    server.process.send_signal(signal.SIGTERM)
    until(lambda: not server.answers(), "nothing new is taken")
    assert server.process.poll() is None  # it waits for the slow page
    (server.instance / "go").touch()
    thread.join()

    assert told == [(200, "fini")]
    assert server.process.wait(_PATIENCE) == 0
    for connection in (idle, silent):
        connection.close()


def test_proxy_is_told_before_the_server_stops_taking_requests(
    start: Callable[..., Server],
) -> None:
    server = start("--drain", "300")
    kept = server.connect()
    kept.request("GET", "/readyz")
    before = kept.getresponse()
    before.read()

    server.process.send_signal(signal.SIGTERM)
    until(lambda: server.get("/readyz")[0] == 503, "not ready")

    kept.request("GET", "/healthz")
    after = kept.getresponse()
    after.read()
    assert (before.status, before.headers["Connection"]) == (200, None)
    assert (after.status, after.headers["Connection"]) == (200, "close")
    assert server.stop() == 0  # told twice, it stops now
    kept.close()


def test_every_request_of_a_busy_moment_is_answered_or_was_never_taken(
    start: Callable[..., Server],
) -> None:
    """An answer is whole, or the connection was closed before the request: never half of one."""
    server, half = start(), []
    answered = threading.Semaphore(0)

    def browse() -> None:
        connection = server.connect()
        while True:
            try:
                connection.request("GET", "/")
                head = connection.getresponse()
            except (OSError, http.client.HTTPException):
                connection.close()
                if server.process.poll() is not None or stopping.is_set():
                    return
                continue
            try:
                if not head.read().endswith(b"</html>"):
                    half.append(head.status)
            except (OSError, http.client.HTTPException) as error:
                half.append(error)
                return
            answered.release()

    stopping = threading.Event()
    threads = [threading.Thread(target=browse) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        assert answered.acquire(timeout=_PATIENCE)
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(_PATIENCE)
    stopping.set()
    for thread in threads:
        thread.join()

    assert (code, half) == (0, [])


def test_worker_process_that_crashes_is_replaced(start: Callable[..., Server]) -> None:
    server = start()
    first = {int(server.get("/processus")[1]) for _ in range(30)}
    victim = min(first)

    os.kill(victim, signal.SIGKILL)

    def replaced() -> bool:
        try:
            return int(server.get("/processus")[1]) not in first
        except OSError:
            return False

    until(replaced, "a new process answers")
    assert server.process.poll() is None


def test_processes_count_together(start: Callable[..., Server]) -> None:
    server = start()
    for _ in range(20):
        server.get("/")

    status, text = server.get("/metrics")

    assert status == 200
    assert 'quizapp_requests_total{kind="page",status="200"} 20' in text.splitlines()
    assert server.stop() == 0


def test_second_server_on_a_port_is_told_so(
    start: Callable[..., Server], environment: dict[str, str]
) -> None:
    server = start()

    second = subprocess.run(
        command("serve", "--port", str(server.port)),
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert second.returncode == 1
    assert second.stderr.startswith(f"Le port {server.port} est déjà pris")
    assert server.answers()


def test_server_does_what_time_brings_and_gives_the_lease_back(
    start: Callable[..., Server],
) -> None:
    server = start()
    store = Store(f"sqlite:///{server.instance / 'quizapp.db'}")

    def lease_row() -> lease.Lease | None:
        with store.reading() as db:
            return db.get(lease.Lease, lease.WORKER)

    until(lease_row, "the worker has the lease")
    server.stop()

    assert lease_row() is None
    store.dispose()


def test_worker_command_takes_the_lease_and_ends_when_told(
    environment: dict[str, str], tmp_path: Path
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'quizapp.db'}")
    alone = subprocess.Popen(command("worker"), cwd=ROOT, env=environment)

    def lease_row() -> lease.Lease | None:
        with store.reading() as db:
            return db.get(lease.Lease, lease.WORKER)

    until(lease_row, "the worker has the lease")
    alone.send_signal(signal.SIGTERM)

    assert alone.wait(_PATIENCE) == 0
    assert lease_row() is None
    store.dispose()


def test_base_that_is_not_up_to_date_is_not_served(tmp_path: Path) -> None:
    run = subprocess.run(
        command("serve", "--port", str(free_port())),
        cwd=ROOT, env={**os.environ, "QUIZAPP_INSTANCE": str(tmp_path / "neuf")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (run.returncode, "quizapp db upgrade" in run.stderr) == (1, True)
