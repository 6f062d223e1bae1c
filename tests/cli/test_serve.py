"""The real server: it drains on SIGTERM, mends itself, and says when its port is taken."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from quizapp.kit import lease
from quizapp.kit.store import Store
from tests.serving import PATIENCE, ROOT, Server, command, free_port, until


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
    assert server.process.wait(PATIENCE) == 0
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
        assert answered.acquire(timeout=PATIENCE)
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(PATIENCE)
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


def test_server_that_is_told_to_stop_while_it_loads_stops(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "hold").touch()
    process = subprocess.Popen(
        command("serve", "--port", str(free_port())), cwd=ROOT, env=environment
    )
    until((tmp_path / "loading").exists, "a worker loads")

    process.send_signal(signal.SIGTERM)

    try:
        assert process.wait(PATIENCE / 2) == 0  # not only when the parent loses patience
    finally:
        (tmp_path / "hold").unlink()
        process.kill()
        process.wait()


def test_second_server_on_a_port_is_told_so(
    start: Callable[..., Server], environment: dict[str, str]
) -> None:
    server = start()

    second = subprocess.run(
        command("serve", "--port", str(server.port)),
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE,
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

    assert alone.wait(PATIENCE) == 0
    assert lease_row() is None
    store.dispose()


def test_base_that_is_not_up_to_date_is_not_served(tmp_path: Path) -> None:
    run = subprocess.run(
        command("serve", "--port", str(free_port())),
        cwd=ROOT, env={**os.environ, "QUIZAPP_INSTANCE": str(tmp_path / "neuf")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (run.returncode, "quizapp db upgrade" in run.stderr) == (1, True)
