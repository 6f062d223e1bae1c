"""PostgreSQL killed under load, and its standby promoted: the service goes on, nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import contest as contests
from benchmarks.contest import Contest
from benchmarks.server import Server
from quizapp.kit.store import Store
from tests import history
from tests.crash import postgres
from tests.crash.clients import Candidates
from tests.crash.conftest import PEOPLE, rounds
from tests.crash.postgres import Cluster

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("crash")]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test's own."""
    with postgres.cluster() as made:
        yield made


@pytest.fixture
def on_postgres(cluster: Cluster) -> Contest:
    """The contest, in it."""
    return contests.build(cluster.url, sitting=PEOPLE)


def test_killed_database_comes_back_and_has_lost_nothing(
    on_postgres: Contest, cluster: Cluster, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    chance = random.Random()
    (tmp_path / "instance").mkdir()
    server = serve(tmp_path / "instance", database_url=cluster.url)

    with Candidates(on_postgres.sitting, lambda: server.port) as candidates:
        for _ in range(rounds(3, 40)):
            assert candidates.heard(1 + chance.randrange(60))
            if chance.random() < 0.5:
                cluster.kill()
                cluster.start()
            else:
                cluster.kill_a_backend()
            assert candidates.heard(PEOPLE), "the service did not come back"

    store = on_postgres.store
    assert candidates.refused == []
    assert history.problems(store, candidates.acknowledged) == []
    store.dispose()


def test_promoted_standby_holds_every_acknowledged_answer(
    on_postgres: Contest, cluster: Cluster, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    standby = cluster.standby("standby")
    try:
        both = f"{cluster.url},{standby.sockets}&target_session_attrs=read-write"
        (tmp_path / "instance").mkdir()
        server = serve(tmp_path / "instance", database_url=both)
        with Candidates(on_postgres.sitting, lambda: server.port) as candidates:
            assert candidates.heard(60)
            cluster.kill()
            standby.promote()
            assert candidates.heard(3 * PEOPLE), "the service did not go over to the standby"

        store = Store(standby.url)
        assert candidates.refused == []
        assert history.problems(store, candidates.acknowledged) == []
        store.dispose()
    finally:
        standby.stop()
