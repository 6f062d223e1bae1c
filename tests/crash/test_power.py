"""Power cuts at random instants: a disk that loses every write it was not told to keep still holds
every answer that had been acknowledged by then."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import subprocess
from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contest import Contest
from benchmarks.server import Server
from quizapp.kit.store import Store
from tests import history
from tests.crash import disk
from tests.crash.clients import Candidates
from tests.crash.conftest import rounds
from tests.crash.disk import Disk, Event, Sent
from tests.history import Acknowledged

pytestmark = pytest.mark.xdist_group("crash")

_RECEIPT = re.compile(rb'"receipt": ?"qr1\.[0-9a-f]+\.([A-Za-z0-9_-]+)\.')


def _can_record() -> bool:
    """Whether strace is here, and may look on."""
    try:
        tried = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "true"], check=False
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


needs_strace = pytest.mark.skipif(
    not _can_record(),
    reason="strace is not here (Debian: apt-get install strace), or may not trace",
)


@needs_strace
def test_power_cut_at_any_instant_leaves_every_acknowledged_answer(
    contest: Contest, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    acknowledged, problems = _cut_off(contest, tmp_path, serve, module="quizapp")

    assert acknowledged > 100
    assert problems == []


@needs_strace
def test_checker_turns_red_when_commits_do_not_wait_for_the_disk(
    contest: Contest, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    _acknowledged, problems = _cut_off(contest, tmp_path, serve, module="tests.crash.weakened")

    assert [problem for problem in problems if "lost" in problem] != []


def _cut_off(
    contest: Contest, tmp_path: Path, serve: Callable[..., Server], *, module: str
) -> tuple[int, list[str]]:
    """Record a server under load, cut its power at many instants, and check each time.

    How many answers had been acknowledged at the last instant, and every problem found.
    """
    instance, recorded = tmp_path / "instance", tmp_path / "calls"
    name = str(instance / "quizapp.db")
    before = {name: bytearray(Path(name).read_bytes())}
    server = serve(instance, module=module, before=disk.recording(recorded))
    with Candidates(contest.sitting, lambda: server.port) as candidates:
        assert candidates.heard(rounds(300, 3_000), within=120)
    server.kill()
    assert candidates.refused == []

    happened = list(disk.events(recorded, frozenset({name, f"{name}-wal"})))
    told = [place for place, event in enumerate(happened) if _told(event, candidates)]
    chance = random.Random()
    instants = sorted({*chance.sample(told, min(rounds(15, 200), len(told))), told[-1]})
    return len(told), _checked_at(instants, happened, candidates, Disk(before), name, tmp_path)


def _checked_at(
    instants: list[int], happened: list[Event], candidates: Candidates, left: Disk, name: str,
    tmp_path: Path,
) -> list[str]:  # fmt: skip
    problems: list[str] = []
    acknowledged: list[Acknowledged] = []
    cuts = iter(instants)
    cut = next(cuts)
    for place, event in enumerate(happened):
        left.take(event)
        if told := _told(event, candidates):
            acknowledged.append(told)
        if place == cut:
            problems += _examined(left, name, tmp_path / "after", acknowledged)
            cut = next(cuts, -1)
    return problems


def _examined(left: Disk, name: str, folder: Path, acknowledged: list[Acknowledged]) -> list[str]:
    """What SQLite and the history checker say of the files that a power cut left."""
    file = left.found(folder, name)
    with sqlite3.connect(file) as database:
        [state] = database.execute("PRAGMA integrity_check").fetchone()
    store = Store(f"sqlite:///{file}")
    found = history.problems(store, acknowledged)
    store.dispose()
    shutil.rmtree(folder)
    return found if state == "ok" else [*found, f"damaged: {state}"]


def _told(event: Event, candidates: Candidates) -> Acknowledged | None:
    """The answer that this event acknowledges, if it does."""
    if not isinstance(event, Sent) or (found := _RECEIPT.search(event.data)) is None:
        return None
    text = urlsafe_b64decode(found[1] + b"=" * (-len(found[1]) % 4)).decode()
    _n, _stage, candidate, item, seq, *_rest = text.partition("\n")[2].split("|")
    return candidates.sent[candidate, int(item), int(seq)]
