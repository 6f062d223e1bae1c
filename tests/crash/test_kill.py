"""``kill -9`` at random moments under load: nothing acknowledged is lost, and the service comes back."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contest import Contest
from benchmarks.server import Server, answers
from tests import history
from tests.crash.clients import Candidates
from tests.crash.conftest import rounds

pytestmark = pytest.mark.xdist_group("crash")
_PATIENCE = 15.0  # seconds for a service to be whole again


def test_killed_servers_and_workers_lose_no_acknowledged_answer(
    contest: Contest, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    chance, store = random.Random(), contest.store
    server = serve(tmp_path / "instance")

    with Candidates(contest.sitting, lambda: server.port) as candidates:
        for _ in range(rounds(5, 200)):
            assert candidates.heard(1 + chance.randrange(40))
            time.sleep(chance.uniform(0, 0.05))
            if chance.random() < 0.7:
                server.kill()  # the whole service; systemd or the container starts it again
                server.start()
            else:
                _kill_a_worker(server, chance)
            assert candidates.heard(1), "the service did not come back"
            known = candidates.acknowledged
            assert history.problems(store, known) == []

    assert candidates.refused == []
    assert candidates.lost_replies > 0
    assert history.problems(store, candidates.acknowledged) == []


def _kill_a_worker(server: Server, chance: random.Random) -> None:
    """Kill one of the workers; the server puts another in its place.

    It ends instead when this one was new, and whatever looks after it (systemd, the container)
    starts it again.
    """
    before, victim = len(server.workers), chance.choice(server.workers)
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + 2 * _PATIENCE
    # Until its end is noticed the service looks whole, and has yet to decide what it does.
    while victim in server.workers or (len(server.workers) < before and not server.ended):
        assert time.monotonic() < until, "the service neither ends nor replaces its worker"
        time.sleep(0.02)
    if server.ended:
        server.kill()
        server.start()
    # A new worker takes connections as soon as it is there, and answers once it has loaded.
    while len(server.workers) < before or not answers(server.port):
        assert time.monotonic() < until, "the service is not whole again"
        time.sleep(0.02)
