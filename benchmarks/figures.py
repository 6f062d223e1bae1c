"""What one measurement says, and whether it may be believed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.contest import Contest
from benchmarks.load import Tally
from benchmarks.processes import Cores
from benchmarks.visitors import Saver
from tests import history

Figures = dict[str, Any]

# From ``reference/performance.md``, section 10: beyond these a run measured something else.
MOST_GENERATOR = 0.5  # cores, in a run whose latencies count
MOST_SLIP = 0.005  # seconds behind its own schedule, at the 99th percentile
LEAST_USED = 1.7  # cores used by servers and generator, in a run that looks for the most
MOST_OTHERS = 0.2  # cores used by everybody else on the machine
LATE = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Profile:
    """How much is measured: of people, seconds, pairs, and sizes."""

    name: str
    people: int
    seconds: float
    pairs: int
    rates: tuple[int, ...]
    windows: tuple[float, ...]
    sizes: tuple[int, ...]
    times_larger: int


SMOKE = Profile("smoke", 200, 1.0, 2, (100,), (2.0,), (1_500,), 10)
FULL = Profile(
    "full", 1_500, 4.0, 5, (500, 1_000, 2_000), (10.0, 2.0), (1_500, 150_000, 1_500_000), 100
)
# At the sizes of the full profile, and short enough for a machine that others use too.
QUICK = Profile("quick", 1_500, 3.0, 5, (500, 1_000, 2_000), (10.0, 2.0), (1_500, 150_000), 100)
PROFILES = {profile.name: profile for profile in (SMOKE, QUICK, FULL)}


@dataclass(slots=True)
class Bench:
    """What all scenarios share: the profile, a folder, a contest made once, a port."""

    profile: Profile
    folder: Path
    port: int
    contest: Contest
    made: int = field(default=0)

    @contextmanager
    def instance(self) -> Iterator[Path]:
        """A folder for one installation."""
        with TemporaryDirectory(dir=self.folder) as name:
            yield Path(name)


Scenario = Callable[[Bench], list[Figures]]
SCENARIOS: dict[str, Scenario] = {}


def scenario(function: Scenario) -> Scenario:
    """Add a scenario, under the name of its function."""
    SCENARIOS[function.__name__] = function
    return function


def latencies(seconds: Sequence[float]) -> Figures:
    """Percentiles in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {}

    def at(share: float) -> float:
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2)

    return {
        "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "p999_ms": at(0.999),
        "max_ms": round(ordered[-1] * 1000, 2),
    }  # fmt: skip


def told(tally: Tally, cores: Cores) -> Figures:
    """What every run on a server says."""
    answered = len(tally.latencies)
    found: Figures = {
        "answered": answered,
        "per_second": round(answered / tally.seconds, 1),
        "errors": sum(tally.errors.values()),
        "unanswered": tally.unanswered,
        "late": sum(one > LATE for one in tally.latencies),
        **latencies(tally.latencies),
        "server_cores": round(cores.server, 3),
        "generator_cores": round(cores.generator, 3),
        "others_cores": round(cores.others, 3),
        "server_cpu_ms": round(cores.server_seconds * 1000 / answered, 4) if answered else None,
    }
    if tally.errors:
        found["error_kinds"] = dict(tally.errors.most_common(5))
    if tally.slips:
        found["slip_p99_ms"] = latencies(tally.slips)["p99_ms"]
    if tally.steps:
        found["steps"] = {
            step: {"count": len(times), **latencies(times)} for step, times in tally.steps.items()
        }
    return found


def judged(found: Figures, *, capacity: bool) -> Figures:
    """The same, with whether it is valid, and why not."""
    why = []
    used = found["server_cores"] + found["generator_cores"]
    if capacity and used < LEAST_USED:
        why.append(f"starved: server and generator used {used:.2f} cores")
    if not capacity and found["generator_cores"] > MOST_GENERATOR:
        why.append(f"the generator used {found['generator_cores']:.2f} cores")
    if found.get("slip_p99_ms", 0) > MOST_SLIP * 1000:
        why.append(f"the schedule slipped by {found['slip_p99_ms']} ms")
    if found["others_cores"] > MOST_OTHERS:
        why.append(f"other programs used {found['others_cores']:.2f} cores")
    return {**found, "valid": not why, "why_invalid": why}


def checked(found: Figures, contest: Contest, savers: Sequence[Saver]) -> Figures:
    """The same, with what the history checker says of everything acknowledged."""
    acknowledged = [one for saver in savers for one in saver.acknowledged]
    store = contest.store
    problems = history.problems(store, acknowledged)
    store.dispose()
    return {
        **found,
        "acknowledged": len(acknowledged),
        "lost_or_altered": len(problems),
        **({"problems": problems[:5]} if problems else {}),
    }


def ratio(values: Sequence[float]) -> Figures:
    """The median of a ratio taken pair by pair, and its range."""
    return {
        "median": round(statistics.median(values), 4),
        "least": round(min(values), 4),
        "most": round(max(values), 4),
        "pairs": len(values),
    }
