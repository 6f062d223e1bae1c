"""What grows: memory and time at the start, and the hot path beside a crowd."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Sequence

from benchmarks import contest as contests
from benchmarks import processes, visitors
from benchmarks.contest import Contest
from benchmarks.figures import Bench, Figures, ratio, scenario
from benchmarks.load import Visitor, connect
from benchmarks.scenarios import SECRETS, closed, middle, pages, savers
from benchmarks.server import Server
from benchmarks.visitors import Saver


@scenario
def footprint(bench: Bench) -> list[Figures]:
    """Seconds from the command to the first answer, and memory of a worker with everybody there."""
    starts, alone, full = [], [], []
    for _ in range(bench.profile.pairs):
        with bench.instance() as folder:
            contest = contests.copy(bench.contest, folder)
            server = Server(folder, port=bench.port, environment=SECRETS)
            starts.append(server.start())
            try:
                alone.append(max(map(processes.memory, server.workers)))
                full.append(asyncio.run(_crowded(server, contest)))
            finally:
                server.stop()
    return [
        {"name": "first answer after start", "seconds": ratio(starts), "valid": True},
        {
            "name": f"memory of the largest worker, {bench.profile.people} connections and saves",
            "mb": ratio(full), "mb_before": ratio(alone), "valid": True,
        },
    ]  # fmt: skip


async def _crowded(server: Server, contest: Contest) -> float:
    """The largest worker after everybody has opened the paper and saved, their connections open."""
    lines = await connect(server.port, len(contest.sitting))
    for one, saver, line in zip(contest.sitting, savers(contest), lines, strict=True):
        await line.ask(visitors.get(f"/composition/{one.sitting}", one.cookie))
        await line.ask(saver.request())
    most = max(map(processes.memory, server.workers))
    for line in lines:
        line.close()
    return most


@scenario
def growth(bench: Bench) -> list[Figures]:
    """The hot path beside a crowd: the same requests with many times more candidates stored."""
    return _grown(bench, lambda contest: _beside(contest, bench.profile.times_larger))


def _grown(bench: Bench, grow: Callable[[Contest], None]) -> list[Figures]:
    """The same requests on a contest and on one that has grown, by turns: how much slower it is."""
    kinds: tuple[tuple[str, Callable[[Contest], Sequence[Visitor]]], ...] = (
        ("save", _later_savers), ("page", pages("/composition/{sitting}?q=3", b"</html>")),
    )  # fmt: skip
    found = []
    with bench.instance() as small, bench.instance() as large:
        before = contests.copy(bench.contest, small)
        contests.fill(before, random.Random(1))
        after = contests.copy(before, large)
        grow(after)
        with (
            Server(small, port=bench.port, environment=SECRETS) as first,
            Server(large, port=bench.port + 1, environment=SECRETS) as second,
        ):
            for name, made in kinds:
                few, same = made(before)[:50], made(after)[:50]
                closed(first, few, 1.0)
                closed(second, same, 1.0)
                rounds = [
                    (closed(first, few, bench.profile.seconds),
                     closed(second, same, bench.profile.seconds))
                    for _ in range(bench.profile.pairs)
                ]  # fmt: skip
                found.append({
                    "name": f"{name}, {bench.profile.times_larger} times more candidates and answers",
                    **middle([mine for _, mine in rounds]),
                    "cost": ratio([b["server_cpu_ms"] / a["server_cpu_ms"] for a, b in rounds]),
                })  # fmt: skip
    return found


def _later_savers(contest: Contest) -> list[Saver]:
    """Savers in sittings that hold answers already."""
    found = savers(contest)
    for saver in found:
        saver.go_on_from(1)
    return found


def _beside(contest: Contest, times: int) -> None:
    """So many times more applications, sittings and answers, beside those that are there."""
    with sqlite3.connect(contest.url.removeprefix("sqlite:///")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        people = database.execute("SELECT COUNT(*) FROM application").fetchone()[0]
        for table, changed in (
            ("application", {"id": "id + :up", "number": "number || '-' || :up",
                             "email": "email || :up", "code_trace": "code_trace || :up",
                             "link_trace": "link_trace || :up"}),
            ("sitting", {"id": "id + :up", "application_id": "application_id + :up"}),
            ("answer", {"sitting_id": "sitting_id + :up"}),
        ):  # fmt: skip
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            taken = ", ".join(changed.get(name, f'"{name}"') for name in names)
            for time_ in range(1, times):
                database.execute(
                    f"INSERT INTO {table} SELECT {taken} FROM {table} WHERE "
                    f"{'sitting_id' if table == 'answer' else 'id'} <= :people",
                    {"up": time_ * people, "people": people},
                )
