"""What was answered, how fast, counted by every process and added up for Prometheus.

Each process counts in a small file of its own that is mapped into memory; whoever is asked adds all
files up. A process that dies leaves its counts behind, so that no total ever goes down.
"""

from __future__ import annotations

import mmap
import os
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
STATUSES = (
    200, 204, 206, 301, 302, 303, 304, 308, 400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422,
    429, 500, 501, 502, 503, 504,
)  # fmt: skip
_OTHER = len(STATUSES)
_PLACE = {status: place for place, status in enumerate(STATUSES)}
_ROW = (
    len(STATUSES) + 1 + len(BOUNDS) + 1 + 1
)  # statuses and others, buckets and more, microseconds


class Metrics:
    """The counts of this process, and the sum of all processes that share ``folder``.

    Without a folder this process counts for itself alone. ``draining`` is shared by all.
    """

    def __init__(self, folder: Path | None = None, kinds: Iterable[str] = ()) -> None:
        self.kinds = tuple(kinds)
        self._row = {kind: place * _ROW for place, kind in enumerate(self.kinds)}
        self._folder = folder
        self._lock = threading.Lock()
        self._size = 8 * _ROW * max(len(self.kinds), 1)
        self._cells = self._map(f"{os.getpid()}.counts" if self.kinds else None, self._size)
        self._state = self._map("state", 8)

    def _map(self, name: str | None, size: int) -> memoryview:
        if self._folder is None or name is None:
            return memoryview(bytearray(size)).cast("Q")
        handle = os.open(self._folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(handle, size)
            return memoryview(mmap.mmap(handle, size)).cast("Q")
        finally:
            os.close(handle)

    @property
    def draining(self) -> bool:
        """Whether the server was told to stop."""
        return bool(self._state[0])

    @draining.setter
    def draining(self, value: bool) -> None:
        self._state[0] = int(value)

    def count(self, kind: str, status: int, seconds: float) -> None:
        """Count one answer."""
        row = self._row[kind]
        bucket = row + _OTHER + 1 + bisect_left(BOUNDS, seconds)
        with self._lock:
            cells = self._cells
            cells[row + _PLACE.get(status, _OTHER)] += 1
            cells[bucket] += 1
            cells[row + _ROW - 1] += int(seconds * 1e6)

    def _totals(self) -> tuple[list[int], int]:
        """The cells of all processes added up, and how many processes it were."""
        if self._folder is None:
            return list(self._cells), 1
        totals, processes = [0] * (self._size // 8), 0
        for file in self._folder.glob("*.counts"):
            cells = memoryview(file.read_bytes())
            if len(cells) == self._size:
                processes += 1
                totals = [sum(pair) for pair in zip(totals, cells.cast("Q"), strict=True)]
        return totals, processes

    def answers(self) -> dict[tuple[str, str], int]:
        """How many answers there were by kind and status."""
        totals, _ = self._totals()
        return {(kind, status): n for kind, status, n in self._by_status(totals)}

    def _by_status(self, totals: list[int]) -> Iterator[tuple[str, str, int]]:
        for kind, row in self._row.items():
            for place, status in enumerate((*STATUSES, "other")):
                if count := totals[row + place]:
                    yield kind, str(status), count

    def exposition(self) -> Iterator[str]:
        """The lines of the Prometheus text format."""
        totals, processes = self._totals()
        yield from head("quizapp_requests_total", "counter", "Requests answered.")
        for kind, status, count in self._by_status(totals):
            yield f'quizapp_requests_total{{kind="{kind}",status="{status}"}} {count}'
        name = "quizapp_request_seconds"
        yield from head(name, "histogram", "Time until the answer began.")
        for kind, row in self._row.items():
            buckets = totals[row + _OTHER + 1 : row + _ROW - 1]
            below = 0
            for bound, count in zip((*BOUNDS, "+Inf"), buckets, strict=True):
                below += count
                yield f'{name}_bucket{{kind="{kind}",le="{bound}"}} {below}'
            yield f'{name}_sum{{kind="{kind}"}} {totals[row + _ROW - 1] / 1e6}'
            yield f'{name}_count{{kind="{kind}"}} {below}'
        yield from gauge(
            "quizapp_processes", "Server processes that counted since the start.", processes
        )


def head(name: str, kind: str, help_: str) -> Iterator[str]:
    """The two lines that introduce a metric."""
    yield f"# HELP {name} {help_}"
    yield f"# TYPE {name} {kind}"


def gauge(name: str, help_: str, value: float) -> Iterator[str]:
    """A metric of one value."""
    yield from head(name, "gauge", help_)
    yield f"{name} {value}"
