"""Who asks: single requests over and over, and whole paths as browsers take them."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.contest import STAGE, Candidate
from benchmarks.load import Connection, Path, Reply, Tally, UnexpectedError
from quizapp.sitting.keeping import Version
from tests.history import Acknowledged

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_COOKIE = re.compile(rb"set-cookie: *(quizapp=[^;]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"location: *(\S+)", re.IGNORECASE)


def get(path: str, cookie: str = "") -> bytes:
    """A page's request, as a browser sends it."""
    lines = [
        f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: Mozilla/5.0 (measurement)",
        "Accept: text/html,application/xhtml+xml", "Accept-Language: fr-FR,fr;q=0.9",
    ]  # fmt: skip
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, body: bytes, kind: str, *more: str) -> bytes:
    """A request that sends something."""
    lines = [
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: Mozilla/5.0 (measurement)",
        "Accept: application/json" if kind.endswith("json") else "Accept: text/html",
        "Accept-Language: fr-FR,fr;q=0.9", f"Content-Type: {kind}",
        f"Content-Length: {len(body)}", *more,
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Getter:
    """Opens one page again and again."""

    def __init__(self, path: str, cookie: str = "", holds: bytes = b"") -> None:
        self._request, self._holds = get(path, cookie), holds

    def request(self) -> bytes:
        """The same page."""
        return self._request

    def replied(self, reply: Reply) -> str | None:
        """Wrong if it is an error, or another page."""
        if reply.status != 200:
            return f"status {reply.status}"
        return None if self._holds in reply.body else "another page"


class Saver:
    """Answers one question after the other, with new versions without end."""

    def __init__(self, candidate: Candidate, chance: random.Random) -> None:
        self._candidate, self._chance = candidate, chance
        self._head = (
            f"User-Agent: Mozilla/5.0 (measurement)\r\nAccept: application/json\r\n"
            f"Accept-Language: fr-FR,fr;q=0.9\r\nX-Pass: {candidate.writing_pass}\r\n"
            "Content-Type: application/json\r\n"
        )
        self._sent = 0
        self._last: Acknowledged | None = None
        self.acknowledged: list[Acknowledged] = []

    def go_on_from(self, seq: int) -> None:
        """Every item has a version of this number already."""
        self._sent = seq * len(self._candidate.items)

    def request(self) -> bytes:
        """The next answer."""
        one, chance = self._candidate, self._chance
        item = one.items[self._sent % len(one.items)]
        seq = self._sent // len(one.items) + 1
        place = chance.randrange(len(item.posted))
        key = f"{chance.getrandbits(64):016x}"
        self._sent += 1
        self._last = Acknowledged(one.sitting, key, item.item, seq, item.stored[place])
        return self._raw(item.item, item.posted[place], seq, key)

    def _raw(self, item: int, posted: str, seq: int, key: str) -> bytes:
        body = f'{{"answer":["{posted}"],"flagged":false,"seq":{seq},"key":"{key}"}}'
        return (
            f"POST /composition/{self._candidate.sitting}/reponses/{item} HTTP/1.1\r\n"
            f"Host: 127.0.0.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def replied(self, reply: Reply) -> str | None:
        """Wrong unless it acknowledges this very version."""
        last, self._last = self._last, None
        assert last is not None
        if reply.status != 200:
            return f"status {reply.status}"
        kept = json.loads(reply.body)["kept"]
        if (kept["number"], kept["seq"]) != (last.item, last.seq):
            return "another answer was acknowledged"
        self.acknowledged.append(last)
        return None


def versions(candidates: Sequence[Candidate], place: int, chance: random.Random) -> list[Version]:
    """One answer of each candidate, as the statement that keeps answers takes them."""
    return [
        Version(
            sitting=one.sitting, application=one.application, stamp=one.stamp, writer=one.device,
            stage=f"demo/{STAGE}", candidate=f"{one.application:06}", item=item.item, seq=1,
            key=f"{chance.getrandbits(64):016x}", response=chance.choice(item.stored),
            flagged=False, at=datetime.now(UTC), grace=timedelta(seconds=30),
        )
        for one in candidates
        for item in one.items[place : place + 1]
    ]  # fmt: skip


class Browser:
    """A browser on one connection: its cookie, and the time of each step."""

    def __init__(self, connection: Connection, tally: Tally, cookie: str = "") -> None:
        self._connection, self._tally, self._cookie = connection, tally, cookie

    async def open(self, step: str, path: str) -> str:
        """Open a page; its text."""
        return (await self._ask(step, get(path, self._cookie), 200)).body.decode()

    async def send(self, step: str, path: str, **form: str) -> str:
        """Post a form; where it leads."""
        body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
        kind = "application/x-www-form-urlencoded"
        reply = await self._ask(step, post(path, body, kind, f"Cookie: {self._cookie}"), 303)
        found = _LOCATION.search(reply.head)
        return found[1].decode() if found else ""

    async def answer(self, step: str, saver: Saver) -> None:
        """Save the next answer."""
        began = time.perf_counter()
        wrong = saver.replied(await self._connection.ask(saver.request()))
        if wrong:
            raise UnexpectedError(f"{step}: {wrong}")
        self._tally.took(step, time.perf_counter() - began)

    async def _ask(self, step: str, request: bytes, status: int) -> Reply:
        began = time.perf_counter()
        reply = await self._connection.ask(request)
        if reply.status != status:
            raise UnexpectedError(f"{step}: status {reply.status}")
        self._tally.took(step, time.perf_counter() - began)
        if found := _COOKIE.search(reply.head):
            self._cookie = found[1].decode()
        return reply


def token(page: str) -> str:
    """The form token of a page."""
    found = _TOKEN.search(page)
    if found is None:
        raise UnexpectedError("no form in the page")
    return found[1]


async def sign_in(browser: Browser, one: Candidate) -> None:
    """Open the personal link, and press its button."""
    link = f"/acces/{one.token}"
    page = await browser.open("link", link)
    await browser.send("enter", link, csrf_token=token(page))


async def begin(browser: Browser) -> str:
    """From the waiting room to the first page; the paper's address."""
    page = await browser.open("waiting room", f"/epreuve/{STAGE}")
    paper = await browser.send("start", f"/epreuve/{STAGE}/commencer", csrf_token=token(page))
    if "composition" not in (await browser.open("first page", paper)):
        raise UnexpectedError("first page: another page")
    return paper


def starting(one: Candidate) -> Path:
    """Sign in, start, and see the first page."""

    async def path(connection: Connection, tally: Tally) -> None:
        browser = Browser(connection, tally)
        await sign_in(browser, one)
        await begin(browser)

    return path


def entering(one: Candidate) -> Path:
    """Sign in, and see one's own page."""

    async def path(connection: Connection, tally: Tally) -> None:
        browser = Browser(connection, tally)
        await sign_in(browser, one)
        await browser.open("my page", "/mon-espace")

    return path


def finishing(one: Candidate) -> Path:
    """Look over the summary, hand in, and see the receipt."""

    async def path(connection: Connection, tally: Tally) -> None:
        browser = Browser(connection, tally, one.cookie)
        paper = f"/composition/{one.sitting}"
        form = {"csrf_token": token(await browser.open("summary", f"{paper}/recapitulatif"))}
        receipt = await browser.send("hand in", f"{paper}/remise", confirm="y", **form)
        if not receipt.endswith("/recu"):
            raise UnexpectedError("hand in: no receipt")
        await browser.open("receipt", receipt)

    return path


def composing(one: Candidate, saver: Saver, seconds: float) -> Path:
    """Answer, turn pages and ask the time; hand in, or disappear as three in ten do."""

    async def path(connection: Connection, tally: Tally) -> None:
        browser, chance = Browser(connection, tally, one.cookie), random.Random(one.sitting)
        paper = f"/composition/{one.sitting}"
        questions = 10
        for number in range(1, questions + 1):
            await browser.open("page", f"{paper}?q={number}")
            await asyncio.sleep(chance.expovariate(questions / seconds * 2))
            await browser.answer("save", saver)
            if number % 3 == 0:
                await browser.open("poll", f"/epreuve/{STAGE}/etat")
            if number == questions // 2 and chance.random() < 0.3:
                connection.close()
                return
        form = {"csrf_token": token(await browser.open("summary", f"{paper}/recapitulatif"))}
        await browser.send("hand in", f"{paper}/remise", confirm="y", **form)

    return path
