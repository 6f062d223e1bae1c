"""Grading, ranking and lists, each in a process of its own, so that its memory is its own.

python -m benchmarks.lists DATABASE WHAT    # what one process does; prints JSON
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from tempfile import TemporaryFile
from typing import Any

from benchmarks import contest as contests
from benchmarks import processes
from benchmarks.contest import STAGE, Contest
from benchmarks.figures import MOST_OTHERS, Bench, Figures, ratio, scenario
from benchmarks.server import ROOT
from quizapp.contests import queries
from quizapp.contests.queries import Plan
from quizapp.downloads.sheets import SHEETS
from quizapp.downloads.writers import WRITERS
from quizapp.kit.store import Store
from quizapp.people import places
from quizapp.results import actions
from quizapp.results.ranking import rerank

_LARGEST_STORED = 150_000  # beyond it, whole rows as objects would fill the memory of the machine

_TOWNS = (
    "Paris", "Lyon", "Lille", "Nantes", "Toulouse", "Strasbourg", "Rennes", "Marseille", "Nice",
    "Bordeaux", "Dijon", "Rouen", "Ajaccio", "Cayenne", "Mamoudzou",
)  # fmt: skip


_LISTS = {"ranking": "ranking computed and stored", "csv": "CSV", "xlsx": "XLSX"}


@scenario
def regrade(bench: Bench) -> list[Figures]:
    """Grade every sitting anew, 40 answers each, read from the disk."""
    with bench.instance() as folder:
        contest = contests.copy(bench.contest, folder)
        contests.fill(contest, random.Random(1))
        with sqlite3.connect(contest.url.removeprefix("sqlite:///")) as database:
            database.execute("UPDATE sitting SET closed_at = ends_at, closed_by = 'expiry'")
        found = _in_a_process(contest, "regrade")
    return [{"name": f"regrade, {len(contest.sitting)} papers of 40 answers", **found}]


@scenario
def ranking(bench: Bench) -> list[Figures]:
    """National, regional and city ranks with ties, and the lists that show them."""
    found: list[Figures] = []
    for size in bench.profile.sizes:
        if size > _LARGEST_STORED:
            alone = _in_a_process(None, f"ranks:{size}")
            found.append({"name": f"ranks alone, {size:,} scores in memory", **alone})
            continue
        with bench.instance() as folder:
            contest = contests.copy(bench.contest, folder)
            _crowd_in(contest, size)
            for what, told in _LISTS.items():
                found.append({"name": f"{told}, {size:,}", **_in_a_process(contest, what)})
    return found


def _in_a_process(contest: Contest | None, what: str) -> Figures:
    url = contest.url if contest else "sqlite://"
    began, whole, mine = time.perf_counter(), processes.machine(), _children()
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.lists", url, what], cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    others = max(processes.machine() - whole - (_children() - mine), 0.0) / seconds
    starved = others > 2 * MOST_OTHERS  # this work takes one core, and may have the other to itself
    return {
        **json.loads(told.stdout),
        "others_cores": round(others, 3),
        "valid": not starved,
        "why_invalid": [f"other programs used {others:.2f} cores"] if starved else [],
    }


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _crowd_in(contest: Contest, size: int) -> None:
    """Graded sittings, written straight into the tables: so many in all."""
    chance, known = random.Random(1), [places.resolve(name)[0] for name in _TOWNS]
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
    with sqlite3.connect(contest.url.removeprefix("sqlite:///")) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        like = _row(database, "application")
        seat = _row(database, "sitting")
        database.execute("DELETE FROM sitting")
        for number in range(1, size + 1):
            city = known[number % len(known)]
            application = {**like, "id": 10_000_000 + number, "number": f"{number + 5_000_000:07}",
                           "email": f"x{number}@exemple.fr", "code_trace": f"c{number}",
                           "link_trace": f"l{number}", "city": city.code,
                           "region": city.region.code}  # fmt: skip
            sitting = {**seat, "id": number, "application_id": 10_000_000 + number, "drawn": "[]",
                       "closed_at": now, "closed_by": "candidate"}  # fmt: skip
            right = chance.randint(0, 40)
            score = {"sitting_id": number, "points": str(right), "maximum": 40, "right": right,
                     "sections": json.dumps({"relation-client": str(right // 2)}),
                     "wrong": 40 - right, "unanswered": 0, "distance": str(chance.randint(0, 900)),
                     "graded_at": now}  # fmt: skip
            for table, row in (
                ("application", application),
                ("sitting", sitting),
                ("score", score),
            ):
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()])


def _row(database: sqlite3.Connection, table: str) -> dict[str, Any]:
    """Any row of a table, to make others like it."""
    found = database.execute(f"SELECT * FROM {table} LIMIT 1")
    return dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))


def _measured(work: Callable[[], object]) -> Figures:
    before = processes.forget_peak()
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": round(time.process_time() - cpu, 3),
        "peak_mb_over_start": round(processes.peak() - before, 1),
    }


def _ranks(size: int) -> Figures:
    """The rule book's ranking of so many entries that stand in memory already."""
    from quizapp.exam.ranking.entries import Entry
    from quizapp.exam.ranking.ranking import rank, within
    from quizapp.exam.ranking.tiebreaks import tie_keys

    chance = random.Random(1)
    points = [Fraction(number) for number in range(1_000)]
    groups = [{"city": str(one), "region": str(one % 18)} for one in range(2_000)]
    entries = [
        Entry(
            f"{number:07}", points[chance.randint(0, 40)],
            {"relation-client": points[chance.randint(0, 20)]},
            distance=points[chance.randint(0, 900)], groups=groups[number % 2_000],
        )
        for number in range(size)
    ]  # fmt: skip
    keys = tie_keys(("section:relation-client", "estimate", "lot"), seed="graine")

    def work() -> None:
        everyone = rank(entries, keys)
        within(everyone, "region")
        within(everyone, "city")

    return _measured(work)


def _once(url: str, what: str) -> Figures:
    if what.startswith("ranks:"):
        return _ranks(int(what.partition(":")[2]))
    store = Store(url)
    with store.writing() as db:
        plan = queries.plan(db, STAGE)
        assert plan is not None
        known: Plan = plan
        if what == "regrade":
            return _measured(lambda: actions.grade_stage(db, known, now=datetime.now(UTC)))
        if what == "ranking":
            return _measured(lambda: rerank(db, known))
        rerank(db, known)
        with TemporaryFile() as file:
            return _measured(lambda: WRITERS[what][1](SHEETS["national"][1](db, known), file))


@scenario
def signature(_bench: Bench) -> list[Figures]:
    """What the signature of one receipt costs."""
    from quizapp.exam.receipts import Receipt, fingerprint, first_link, sign
    from quizapp.exam.signing import SigningKey

    now = datetime.now(UTC)
    key = SigningKey.of(bytes(32), now)
    receipt = Receipt(
        "demo/premier-tour", "000001", n=1, item=1, seq=1, flagged=False, at=now,
        answer=fingerprint("1"), previous=first_link("demo/premier-tour", "000001"),
    )  # fmt: skip
    times = []
    for _ in range(20):
        began = time.process_time()
        for _ in range(100):
            sign(receipt, key)
        times.append((time.process_time() - began) * 10_000)
    return [{"name": "signature of one receipt", "microseconds": ratio(times), "valid": True}]


def main() -> None:
    """One piece of work, told as JSON."""
    print(json.dumps(_once(*sys.argv[1:3])))


if __name__ == "__main__":
    main()
