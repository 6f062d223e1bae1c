"""What is measured on a running server."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from benchmarks import contest as contests
from benchmarks import visitors
from benchmarks.contest import STAGE, Candidate, Contest
from benchmarks.figures import (
    Bench,
    Figures,
    checked,
    judged,
    ratio,
    scenario,
    told,
)
from benchmarks.load import Tally, Visitor, closed_loop, crowd, open_loop
from benchmarks.processes import Watch
from benchmarks.server import Server
from benchmarks.visitors import Getter, Saver
from quizapp.contests import queries
from quizapp.results import actions as results


def _measured(server: Server, run: Callable[[], Tally], *, capacity: bool) -> Figures:
    watch = Watch(server.pid)
    tally = run()
    return judged(told(tally, watch.cores()), capacity=capacity)


def closed(server: Server, who: Sequence[Visitor], seconds: float) -> Figures:
    return _measured(
        server, lambda: asyncio.run(closed_loop(server.port, who, seconds)), capacity=True
    )


def _pairs(
    bench: Bench, name: str, count: int, made: Callable[[Contest], Sequence[Visitor]]
) -> Figures:
    """The product and the empty view by turns, under the same server: ratios pair by pair."""
    profile = bench.profile
    with bench.instance() as folder, bench.instance() as bare:
        contest = contests.copy(bench.contest, folder)
        contests.copy(bench.contest, bare)
        with (
            Server(folder, port=bench.port, environment=SECRETS) as product,
            Server(bare, port=bench.port + 1, module="benchmarks.empty", environment=SECRETS) as empty,
        ):  # fmt: skip
            nothing: list[Visitor] = [Getter("/") for _ in range(count)]
            who = made(contest)[:count]
            closed(product, who, min(1.0, profile.seconds))  # every cache is filled
            closed(empty, nothing, min(1.0, profile.seconds))
            rounds = [
                (closed(empty, nothing, profile.seconds), closed(product, who, profile.seconds))
                for _ in range(profile.pairs)
            ]
        saving = [one for one in who if isinstance(one, Saver)]
        found: Figures = {
            "name": f"{name}, closed loop, {count} connections",
            **middle([mine for _, mine in rounds]),
            "ratio": ratio([mine["per_second"] / bare["per_second"] for bare, mine in rounds]),
            "cpu_ratio": ratio(
                [bare["server_cpu_ms"] / mine["server_cpu_ms"] for bare, mine in rounds]
            ),
            "empty_view": middle([bare for bare, _ in rounds]),
        }
        return checked(found, contest, saving) if saving else found


SECRETS = {"QUIZAPP_SECRET_KEY": contests.SECRET}


def middle(runs: Sequence[Figures]) -> Figures:
    """The run with the median rate; errors of all, valid only if all are."""
    middle = sorted(runs, key=lambda run: run["per_second"])[len(runs) // 2]
    return {
        **middle,
        "errors": sum(run["errors"] for run in runs),
        "unanswered": sum(run["unanswered"] for run in runs),
        "valid": all(run["valid"] for run in runs),
        "why_invalid": sorted({why for run in runs for why in run["why_invalid"]})[:3],
    }


def savers(contest: Contest) -> list[Saver]:
    return [Saver(one, random.Random(one.sitting)) for one in contest.sitting]


def pages(path: str, holds: bytes) -> Callable[[Contest], list[Getter]]:
    return lambda contest: [
        Getter(path.format(sitting=one.sitting), one.cookie, holds) for one in contest.sitting
    ]


@scenario
def save(bench: Bench) -> list[Figures]:
    """Saving answers as fast as it goes, at 50 and at 200 connections."""
    return [
        _pairs(bench, "save", count, savers) for count in (50, 200) if count <= bench.profile.people
    ]


@scenario
def page(bench: Bench) -> list[Figures]:
    """A page with one question, and all 40 at once."""
    return [
        _pairs(
            bench, "page with one question", 50, pages("/composition/{sitting}?q=3", b"</html>")
        ),
        _pairs(bench, "all questions of a paper", 50, pages("/composition/{sitting}/sujet", b"")),
    ]


@scenario
def polls(bench: Bench) -> list[Figures]:
    """What a waiting room asks while it waits."""
    return [_pairs(bench, "waiting-room poll", 50, pages(f"/epreuve/{STAGE}/etat", b"phase"))]


@scenario
def steady(bench: Bench) -> list[Figures]:
    """Saves at a given rate from everybody's connection, a fifth more of them silent."""
    found = []
    for rate in bench.profile.rates:
        with bench.instance() as folder:
            contest = contests.copy(bench.contest, folder)
            who = savers(contest)
            with Server(folder, port=bench.port, environment=SECRETS) as server:
                closed(server, who[:50], min(1.0, bench.profile.seconds))
                run = _open(server, who, rate, bench.profile.seconds * 2)
            run["name"] = f"save, {rate} a second, {len(who)} connections"
            run["offered_per_second"] = rate
            found.append(checked(run, contest, who))
    return found


def _open(server: Server, who: Sequence[Visitor], rate: float, seconds: float) -> Figures:
    return _measured(
        server,
        lambda: asyncio.run(
            open_loop(
                server.port, who, rate=rate, seconds=seconds, chance=random.Random(1),
                silent=len(who) // 5,
            )
        ),
        capacity=False,
    )  # fmt: skip


def _crowd(
    bench: Bench, name: str, who: Sequence[Candidate], path: Callable[[Candidate], object],
    over: float,
) -> Figures:  # fmt: skip
    with bench.instance() as folder:
        contests.copy(bench.contest, folder)
        with Server(folder, port=bench.port, environment=SECRETS) as server:
            paths = [path(one) for one in who]
            found = _measured(
                server,
                lambda: asyncio.run(
                    crowd(server.port, paths, over=over, chance=random.Random(1))  # type: ignore[arg-type]
                ),
                capacity=False,
            )
    return {"name": f"{name}: {len(who)} in {over:g} s", **found}


@scenario
def herd(bench: Bench) -> list[Figures]:
    """Everybody signs in by link, starts, and opens the first page."""
    return [
        _crowd(bench, "start herd", bench.contest.waiting, visitors.starting, over)
        for over in bench.profile.windows
    ]


@scenario
def sign_ins(bench: Bench) -> list[Figures]:
    """Everybody signs in by link and sees their page, as fast as it goes."""
    found = _crowd(bench, "sign-ins", bench.contest.waiting, visitors.entering, 0.5)
    return [{**found, "seconds_for_all": round(found["answered"] / found["per_second"], 2)}]


@scenario
def finish(bench: Bench) -> list[Figures]:
    """Everybody looks over the summary, hands in, and sees the receipt."""
    return [
        _crowd(bench, "finish herd", bench.contest.sitting, visitors.finishing, over)
        for over in bench.profile.windows
    ]


@scenario
def day(bench: Bench) -> list[Figures]:
    """Half of the people start while the others answer, poll and hand in; some disappear."""
    seconds = bench.profile.seconds * 5
    with bench.instance() as folder:
        contest = contests.copy(bench.contest, folder)
        who = savers(contest)
        paths = [visitors.starting(one) for one in contest.waiting]
        paths += [
            visitors.composing(one, saver, seconds)
            for one, saver in zip(contest.sitting, who, strict=True)
        ]
        with Server(folder, port=bench.port, environment=SECRETS) as server:
            found = _measured(
                server,
                lambda: asyncio.run(
                    crowd(server.port, paths, over=seconds / 2, chance=random.Random(1))
                ),
                capacity=False,
            )
        for name in ("p50_ms", "p95_ms", "p99_ms", "p999_ms", "max_ms", "late"):
            found.pop(name, None)  # of whole paths, most of which is thinking
        found["p99_ms"] = max(one["p99_ms"] for one in found["steps"].values())
        found["name"] = f"mixed exam day, {len(paths)} people (p99 of the slowest step)"
        return [checked(found, contest, who)]


@scenario
def results_day(bench: Bench) -> list[Figures]:
    """Everybody reloads their result, at the lowest of the rates and as fast as it goes."""
    with bench.instance() as folder:
        contest = contests.copy(bench.contest, folder)
        publish(contest)
        who = pages(f"/resultats/{STAGE}/moi", b"</html>")(contest)
        with Server(folder, port=bench.port, environment=SECRETS) as server:
            closed(server, who[:50], min(1.0, bench.profile.seconds))
            most = closed(server, who[:50], bench.profile.seconds)
            rate = bench.profile.rates[0]
            steadily = _open(server, who, rate, bench.profile.seconds)
    return [
        {"name": "own result, closed loop, 50 connections", **most},
        {"name": f"own result, {rate} a second, {len(who)} connections", **steadily},
    ]


def publish(contest: Contest) -> None:
    """Close the stage, grade it, and publish its ranking."""
    store, now = contest.store, datetime.now(UTC)
    with store.writing() as db:
        plan = queries.plan(db, STAGE)
        assert plan is not None
        results.close_stage(db, plan, by="bench", reason="mesure", now=now)
        results.publish(db, plan, by="bench", reason="mesure", now=now)
    store.dispose()
