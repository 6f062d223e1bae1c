"""A contest with two dozen candidates at work, and servers in processes of their own."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import contest as contests
from benchmarks.contest import Contest
from benchmarks.server import Server

PEOPLE = 24
WHOLE = os.environ.get("QUIZAPP_CRASH") == "full"
SECRETS = {"QUIZAPP_SECRET_KEY": contests.SECRET}

# The servers share two cores with everything else: one test at a time.
pytestmark = pytest.mark.xdist_group("crash")


def rounds(short: int, full: int) -> int:
    """How often something is tried: ``full`` times by ``make crash``."""
    return full if WHOLE else short


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def made() -> Iterator[Contest]:
    """A contest that has just begun, to copy for each test."""
    with tempfile.TemporaryDirectory(prefix="quizapp-crash-") as folder:
        yield contests.build(f"sqlite:///{folder}/made.db", sitting=PEOPLE)


@pytest.fixture
def contest(made: Contest, tmp_path: Path) -> Contest:
    """The contest, in a database of this test's own."""
    return contests.copy(made, tmp_path / "instance")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server: ``serve(instance)``; all of them are ended with the test."""
    started: list[Server] = []

    def start(instance: Path, **more: object) -> Server:
        server = Server(instance, port=free_port(), environment=SECRETS, **more)  # type: ignore[arg-type]
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.kill()
