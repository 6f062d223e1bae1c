"""A real server in processes of its own: started, watched, stopped, killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks import processes

ROOT = Path(__file__).parents[1]
_PATIENCE = 60.0  # seconds for a start or an end


class Server:
    """``quizapp serve`` on an installation of its own; ``module`` may put another in its place."""

    def __init__(
        self,
        instance: Path,
        *,
        port: int,
        module: str = "quizapp",
        workers: int = 2,
        database_url: str = "",
        before: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.instance, self.port = instance, port
        self._command = [
            *before, sys.executable, "-m", module, "serve", "--port", str(port),
            "--workers", str(workers),
        ]  # fmt: skip
        self._environment = {
            **os.environ,
            "QUIZAPP_INSTANCE": str(instance),
            "QUIZAPP_DATABASE_URL": database_url,
            "QUIZAPP_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        }
        self.log = instance / f"server-{port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> float:
        """Start, and wait for the first answer; how many seconds that took.

        Raises RuntimeError with what the server said, if it does not answer.
        """
        began = time.perf_counter()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self.instance, env=self._environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        while time.perf_counter() < began + _PATIENCE:
            if answers(self.port):
                return time.perf_counter() - began
            if self._process.poll() is not None:
                break
            time.sleep(0.005)
        self.kill()
        raise RuntimeError(f"no server: {self.log.read_text('utf-8', 'replace')[-2000:]}")

    @property
    def pid(self) -> int:
        """The process that the workers descend from."""
        assert self._process is not None
        return self._process.pid

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        return [pid for pid in processes.family(self.pid) if pid != self.pid]

    @property
    def ended(self) -> bool:
        """Whether it has left by itself."""
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> int:
        """Ask it to stop, as an operator does; its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            code = -1
        self.kill()
        return code

    def kill(self) -> None:
        """End every process of it at once, with no chance to say goodbye."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None


def answers(port: int) -> bool:
    """Whether /healthz says yes."""
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as line:
            line.settimeout(10)
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b" 200 " in line.recv(200)
    except OSError:
        return False
