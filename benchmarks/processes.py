"""What the kernel says of processes and of the machine: CPU, memory, other people's work (Linux)."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """This process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, ahead = [], [pid]
    while ahead:
        one = ahead.pop()
        found.append(one)
        ahead += children.get(one, [])
    return found


def cpu(pids: list[int]) -> float:
    """CPU seconds that these processes have used."""
    return sum(
        (int(fields[11]) + int(fields[12])) / _TICKS for pid in pids if (fields := _stat(pid))
    )


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def memory(pid: int) -> float:
    """Memory of a process in MB, what it shares counted by its share (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def forget_peak() -> float:
    """Begin the peak of this process anew; its memory now, in MB."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _status("VmRSS")


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return _status("VmHWM")


def _status(name: str) -> float:
    text = Path("/proc/self/status").read_text("ascii", "replace")
    return int(text.partition(f"{name}:")[2].split()[0]) / 1024


def machine() -> float:
    """CPU seconds that the whole machine has spent working."""
    fields = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, fields)
    return (user + nice + system + irq + soft + steal) / _TICKS


@dataclass(frozen=True, slots=True)
class Cores:
    """How many cores each used on average: the servers, this generator, and everybody else."""

    server: float
    generator: float
    others: float
    seconds: float

    @property
    def server_seconds(self) -> float:
        """CPU seconds of the servers."""
        return self.server * self.seconds


class Watch:
    """Watches the processes of a server while something is measured."""

    def __init__(self, pid: int) -> None:
        self._pids = family(pid)
        self._began = self._now()

    def _now(self) -> tuple[float, float, float, float]:
        return time.perf_counter(), cpu(self._pids), time.process_time(), machine()

    def cores(self) -> Cores:
        """What was used since this watch began."""
        seconds, server, generator, whole = (
            now - then for now, then in zip(self._now(), self._began, strict=True)
        )
        others = max(whole - server - generator, 0.0)
        return Cores(server / seconds, generator / seconds, others / seconds, seconds)
