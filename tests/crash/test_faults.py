"""A disk that is full, or that fails: everybody is told so, nothing acknowledged is lost, and it heals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import contest as contests
from benchmarks.contest import Contest
from benchmarks.server import Server
from tests import history
from tests.crash.clients import Candidates
from tests.crash.conftest import rounds
from tests.crash.test_power import needs_strace

pytestmark = pytest.mark.xdist_group("crash")


@needs_strace
@pytest.mark.parametrize(
    "fault",
    [
        # The disk fails for a while and heals; then every so often.
        "pwrite64:error=EIO:when=60..160",
        "pwrite64:error=ENOSPC:when=60..160",
        "pwrite64:error=EIO:when=50+401",
        "fdatasync:error=EIO:when=5..12",
        "fdatasync:error=EIO:when=5+3",
    ],
)
def test_write_that_fails_is_told_and_harms_no_other(
    contest: Contest, tmp_path: Path, serve: Callable[..., Server], fault: str
) -> None:
    log = tmp_path / "instance" / "quizapp.db-wal"
    failing = (
        "strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-P", str(log),
        "-e", f"trace={fault.partition(':')[0]}", "-e", f"inject={fault}",
    )  # fmt: skip
    store = contest.store
    server = serve(tmp_path / "instance", before=failing)

    with Candidates(contest.sitting, lambda: server.port) as candidates:
        assert candidates.heard(rounds(100, 2_000), within=120)

    assert candidates.refused == []
    assert candidates.lost_replies == 0
    assert history.problems(store, candidates.acknowledged) == []
    if ".." in fault:  # a single fault is tried again, and nobody hears of it
        assert candidates.statuses[503] > 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes, in memory."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or _run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder):
        pytest.skip("only root may mount a small disk")
    yield folder
    _run("umount", "-l", folder)


def _run(*command: object) -> int:
    return subprocess.run(
        [str(part) for part in command], check=False, capture_output=True
    ).returncode


def test_full_disk_is_told_and_service_goes_on_once_there_is_room(
    made: Contest, small_disk: Path, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    contest = contests.copy(made, small_disk)
    (tmp_path / "instance").mkdir()
    server = serve(tmp_path / "instance", database_url=contest.url)
    _fill_up(small_disk)
    store = contest.store

    with Candidates(contest.sitting, lambda: server.port) as candidates:
        full = _until_refused(candidates)
        before = len(candidates.acknowledged)
        assert history.problems(store, candidates.acknowledged) == []
        assert _run("mount", "-o", "remount,size=64m", small_disk) == 0
        recovered = candidates.heard(len(contest.sitting))

    assert full
    assert recovered
    assert before < len(candidates.acknowledged)
    assert candidates.refused == []
    assert history.problems(store, candidates.acknowledged) == []


def _fill_up(disk: Path) -> None:
    """Leave room for some dozens of answers."""
    left = os.statvfs(disk)
    room = left.f_bavail * left.f_frsize - 400_000
    if room > 0:
        (disk / "something-else").write_bytes(bytes(room))


def _until_refused(candidates: Candidates) -> bool:
    """Wait until the disk is full: every reply then says so, and no answer is taken."""
    for _ in range(200):
        if candidates.statuses[503] > 2 * len(candidates.sent):
            return True
        candidates.heard(1_000_000, within=0.1)
    return candidates.statuses[503] > 0
