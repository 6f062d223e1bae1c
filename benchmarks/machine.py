"""What was measured on: the machine, the interpreter, the versions, the disk."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
import sysconfig
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import Figures

_LIBRARIES = ("flask", "granian", "sqlalchemy", "sqlmodel", "cryptography")


def described(folder: Path) -> Figures:
    """The machine, and how long this disk takes for a flush."""
    flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "python_optimised": "--enable-optimizations" in flags,
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in _LIBRARIES},
        **_flushes(folder),
    }


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parent,
    )  # fmt: skip
    return told.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _flushes(folder: Path) -> Figures:
    """Milliseconds of an append of 4 KB with fdatasync."""
    file, times = folder / "flush", []
    with file.open("wb", buffering=0) as stream:
        for _ in range(200):
            began = time.perf_counter()
            stream.write(bytes(4096))
            os.fdatasync(stream.fileno())
            times.append((time.perf_counter() - began) * 1000)
    file.unlink()
    return {
        "flush_p50_ms": round(statistics.median(times), 3),
        "flush_p99_ms": round(sorted(times)[197], 3),
    }
