"""Candidates on real connections, who do not let go of an answer until they hear what became of it."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

from benchmarks.contest import Candidate
from tests.history import Acknowledged

_PAUSE = 0.01  # seconds between two answers of one client, and before another try


class Candidates:
    """Several candidates who answer at once, in threads, until they are told to stop.

    ``port`` says where the server is now. A reply that is lost or says 503 is asked for again with
    the same delivery, as the page does; any other refusal is kept in ``refused``.
    """

    def __init__(self, everybody: Sequence[Candidate], port: Callable[[], int]) -> None:
        self._port = port
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._acknowledged: list[Acknowledged] = []
        self.sent: dict[tuple[str, int, int], Acknowledged] = {}
        self.statuses: Counter[int] = Counter()
        self.lost_replies = 0
        self.refused: list[str] = []
        self._threads = [threading.Thread(target=self._answer, args=(one,)) for one in everybody]

    def __enter__(self) -> Candidates:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Let everybody finish what is under way, and go."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> list[Acknowledged]:
        """Every answer that was acknowledged so far."""
        with self._lock:
            return list(self._acknowledged)

    def heard(self, count: int, within: float = 30.0) -> bool:
        """Whether ``count`` further acknowledgements come in time."""
        until, before = time.monotonic() + within, len(self.acknowledged)
        while time.monotonic() < until:
            if len(self.acknowledged) >= before + count:
                return True
            time.sleep(_PAUSE)
        return False

    def all_heard(self, within: float = 30.0) -> bool:
        """Whether everybody gets a further acknowledgement in time."""
        until, before = time.monotonic() + within, len(self.acknowledged)
        while time.monotonic() < until:
            if len({one.sitting for one in self.acknowledged[before:]}) == len(self._threads):
                return True
            time.sleep(_PAUSE)
        return False

    def _answer(self, one: Candidate) -> None:
        chance, line, sent = random.Random(one.application), None, 0
        while not self._stop.is_set():
            item, seq = one.items[sent % len(one.items)], sent // len(one.items) + 1
            place = chance.randrange(len(item.posted))
            key = f"{chance.getrandbits(64):016x}"
            wanted = Acknowledged(one.sitting, key, item.item, seq, item.stored[place])
            body = {"answer": [item.posted[place]], "flagged": False, "seq": seq, "key": key}
            with self._lock:
                self.sent[f"{one.application:06}", item.item, seq] = wanted
            sent += 1
            while not self._stop.is_set():
                line = line or HTTPConnection("127.0.0.1", self._port(), timeout=20)
                try:
                    status, text = _post(line, one, item.item, body)
                except (OSError, HTTPException):
                    line.close()
                    line, self.lost_replies = None, self.lost_replies + 1
                    self._stop.wait(_PAUSE)
                    continue
                if self._told(status, text, wanted):
                    break
                self._stop.wait(_PAUSE)
            self._stop.wait(_PAUSE)
        if line:
            line.close()

    def _told(self, status: int, text: str, wanted: Acknowledged) -> bool:
        """Take a reply in; whether this answer's fate is known."""
        with self._lock:
            self.statuses[status] += 1
            if status == 200:
                kept = json.loads(text)["kept"]
                if (kept["number"], kept["seq"]) == (wanted.item, wanted.seq):
                    self._acknowledged.append(wanted)
                else:
                    self.refused.append(f"another answer was acknowledged: {text}")
                return True
            if status == 503 and _is_clear(text):
                return False
            self.refused.append(f"{status}: {text[:300]}")
            return True


def _is_clear(text: str) -> bool:
    """Whether a 503 says in the program's own words that nothing was stored."""
    with suppress(ValueError):
        return json.loads(text)["code"] in ("not_stored", "busy")
    return False


def _post(line: HTTPConnection, one: Candidate, item: int, body: object) -> tuple[int, str]:
    line.request(
        "POST", f"/composition/{one.sitting}/reponses/{item}", json.dumps(body).encode(),
        {"Content-Type": "application/json", "Accept": "application/json",
         "X-Pass": one.writing_pass},
    )  # fmt: skip
    reply = line.getresponse()
    return reply.status, reply.read().decode()
