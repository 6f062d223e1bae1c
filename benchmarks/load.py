"""A load generator on raw keep-alive connections: open loop, closed loop, and crowds that follow a path.

Open loop: requests leave at instants drawn beforehand, however slow the answers are, and a latency
counts from the instant at which its request was due. A closed loop asks again once it is answered:
it finds what a server can bear, and its latencies say little.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_PATIENCE = 20.0  # seconds after the last request until what is unanswered is given up
_AT_ONCE = 100  # connections opened at a time


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    head: bytes
    body: bytes


class Connection(asyncio.Protocol):
    """One kept connection that carries one request at a time."""

    def __init__(self) -> None:
        self._told: Callable[[Reply | None], None] | None = None
        self._buffer = b""
        self._ends: int | None = None
        self._starts = 0
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport

    def send(self, request: bytes, told: Callable[[Reply | None], None]) -> None:
        """Send a request; ``told`` is given the reply, or None if the connection breaks first."""
        self._told = told
        if self.closed:
            self._finish(None)
        else:
            self._transport.write(request)  # type: ignore[attr-defined]

    async def ask(self, request: bytes) -> Reply:
        """Send a request and wait for the reply; raises ConnectionError."""
        waiting: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self.send(request, lambda reply: None if waiting.done() else waiting.set_result(reply))
        reply = await waiting
        if reply is None:
            raise ConnectionError("the server closed the connection")
        return reply

    def data_received(self, data: bytes) -> None:
        """Collect the reply until its announced length."""
        self._buffer += data
        if self._ends is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._buffer, 0, end)
            self._starts = end + 4
            self._ends = self._starts + (int(length[1]) if length else 0)
        if len(self._buffer) >= self._ends:
            buffer, starts, ends = self._buffer, self._starts, self._ends
            self._buffer, self._ends = b"", None
            self._finish(Reply(int(buffer[9:12]), buffer[:starts], buffer[starts:ends]))

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell whoever waits."""
        self.closed = True
        self._finish(None)

    def close(self) -> None:
        """Go away, as a browser does."""
        self.closed = True
        self._transport.close()

    def _finish(self, reply: Reply | None) -> None:
        told, self._told = self._told, None
        if told:
            told(reply)


async def connect(port: int, count: int) -> list[Connection]:
    """As many open connections, all of them silent."""
    loop, found = asyncio.get_running_loop(), []
    while len(found) < count:
        some = min(_AT_ONCE, count - len(found))
        made = await asyncio.gather(
            *(loop.create_connection(Connection, "127.0.0.1", port) for _ in range(some))
        )
        found += [connection for _, connection in made]
    return found


class Visitor(Protocol):
    """Somebody with requests to send, one after the other."""

    def request(self) -> bytes:
        """The next request."""

    def replied(self, reply: Reply) -> str | None:
        """Take the reply in; what is wrong with it, if anything."""


@dataclass(slots=True)
class Tally:
    """What happened: latencies and slips of the schedule in seconds, and what went wrong."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    slips: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    steps: dict[str, list[float]] = field(default_factory=dict)

    def took(self, step: str, seconds: float) -> None:
        """Count one step of a path."""
        self.steps.setdefault(step, []).append(seconds)


async def closed_loop(port: int, visitors: Sequence[Visitor], seconds: float) -> Tally:
    """Everybody asks again as soon as they are answered."""
    tally, connections = Tally(), await connect(port, len(visitors))
    began = time.perf_counter()
    until = began + seconds
    left = len(visitors)
    over = asyncio.get_running_loop().create_future()

    def go(visitor: Visitor, connection: Connection) -> None:
        sent = time.perf_counter()

        def told(reply: Reply | None) -> None:
            nonlocal left
            at = time.perf_counter()
            wrong = visitor.replied(reply) if reply else "connection lost"
            if wrong:
                tally.errors[wrong] += 1
            else:
                tally.latencies.append(at - sent)
            if at < until and reply:
                go(visitor, connection)
            else:
                left -= 1
                if not left:
                    over.set_result(None)

        connection.send(visitor.request(), told)

    for visitor, connection in zip(visitors, connections, strict=True):
        go(visitor, connection)
    await _given_up(over)
    tally.seconds, tally.unanswered = time.perf_counter() - began, left
    _close(connections)
    return tally


async def open_loop(
    port: int,
    visitors: Sequence[Visitor],
    *,
    rate: float,
    seconds: float,
    chance: random.Random,
    silent: int = 0,
) -> Tally:
    """Requests at random instants, ``rate`` a second, from one visitor after another.

    Every connection is opened first and silent until its turn; ``silent`` further ones stay so.
    """
    tally = Tally()
    connections = await connect(port, len(visitors) + silent)
    chance.shuffle(connections)
    idle = deque(zip(visitors, connections, strict=False))
    due: deque[float] = deque()
    flying = 0
    over = asyncio.get_running_loop().create_future()

    def go(visitor: Visitor, connection: Connection, at: float) -> None:
        nonlocal flying
        flying += 1

        def told(reply: Reply | None) -> None:
            nonlocal flying
            flying -= 1
            wrong = visitor.replied(reply) if reply else "connection lost"
            if wrong:
                tally.errors[wrong] += 1
            else:
                tally.latencies.append(time.perf_counter() - at)
            if reply and due:
                go(visitor, connection, due.popleft())
            elif reply:
                idle.append((visitor, connection))
            if ended and not flying and not due and not over.done():
                over.set_result(None)

        connection.send(visitor.request(), told)

    ended = False
    began = time.perf_counter()
    for at in _arrivals(chance, rate, seconds):
        await _until(began + at, tally)
        if idle:
            go(*idle.popleft(), began + at)
        else:
            due.append(began + at)
    ended = True
    if flying or due:
        await _given_up(over)
    tally.seconds, tally.unanswered = time.perf_counter() - began, flying + len(due)
    _close(connections)
    return tally


Path = Callable[[Connection, Tally], Awaitable[None]]


async def crowd(port: int, paths: Sequence[Path], *, over: float, chance: random.Random) -> Tally:
    """Everybody follows a path of several requests, arriving at random within ``over`` seconds.

    A latency is the whole path of one, from the instant of arrival.
    """
    tally, connections = Tally(), await connect(port, len(paths))
    arrivals = sorted(chance.uniform(0, over) for _ in paths)
    began = time.perf_counter()

    async def follow(path: Path, connection: Connection, at: float) -> None:
        try:
            await path(connection, tally)
            tally.latencies.append(time.perf_counter() - at)
        except ConnectionError:
            tally.errors["connection lost"] += 1
        except UnexpectedError as error:
            tally.errors[str(error)] += 1

    going = []
    for path, connection, at in zip(paths, connections, arrivals, strict=True):
        await _until(began + at, tally)
        going.append(asyncio.create_task(follow(path, connection, began + at)))
    _done, pending = await asyncio.wait(going, timeout=_PATIENCE + 60)
    for task in pending:
        task.cancel()
    tally.seconds, tally.unanswered = time.perf_counter() - began, len(pending)
    _close(connections)
    return tally


class UnexpectedError(Exception):
    """The server answered otherwise than the page promised."""


def _arrivals(chance: random.Random, rate: float, seconds: float) -> list[float]:
    found, at = [], chance.expovariate(rate)
    while at < seconds:
        found.append(at)
        at += chance.expovariate(rate)
    return found


async def _until(at: float, tally: Tally) -> None:
    """Wait for an instant of the schedule; how late it was kept is counted."""
    while (left := at - time.perf_counter()) > 0:
        await asyncio.sleep(left)
    tally.slips.append(-left)


async def _given_up(over: asyncio.Future[None]) -> None:
    done, _ = await asyncio.wait([over], timeout=_PATIENCE)
    if not done:
        over.cancel()


def _close(connections: Sequence[Connection]) -> None:
    for connection in connections:
        connection.close()
