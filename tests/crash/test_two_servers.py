"""Two servers of one database behind a proxy, and one of them is killed in the middle of sittings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import contest as contests
from benchmarks.contest import Contest
from benchmarks.server import Server
from tests import history
from tests.conftest import POSTGRES
from tests.crash import postgres
from tests.crash.clients import Candidates
from tests.crash.conftest import PEOPLE, rounds
from tests.crash.proxy import Proxy

pytestmark = pytest.mark.xdist_group("crash")


@pytest.fixture(params=["sqlite", POSTGRES])
def shared(request: pytest.FixtureRequest, made: Contest, tmp_path: Path) -> Iterator[Contest]:
    """The contest in a database that both servers use: a file of one machine, or PostgreSQL."""
    if request.param == "sqlite":
        yield contests.copy(made, tmp_path / "shared")
        return
    with postgres.cluster() as cluster:
        yield contests.build(cluster.url, sitting=PEOPLE)


def test_nobody_loses_an_answer_when_one_of_two_servers_is_killed(
    shared: Contest, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    servers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        servers.append(serve(tmp_path / name, database_url=shared.url))
    with (
        Proxy([server.port for server in servers]) as proxy,
        Candidates(shared.sitting, lambda: proxy.port) as candidates,
    ):
        for turn in range(rounds(2, 20)):
            assert candidates.all_heard()
            gone = servers[turn % 2]
            gone.kill()
            assert candidates.all_heard(), "the other server does not carry on alone"
            gone.start()

    store = shared.store
    assert candidates.refused == []
    assert candidates.lost_replies > 0
    assert history.problems(store, candidates.acknowledged) == []
    store.dispose()
