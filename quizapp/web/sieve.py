"""Lets so many through in a span of time and no more: for what anybody may send, and nobody needs.

It counts in this process's memory alone: what is turned away costs no database anything.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta


class Sieve:
    """At most ``each`` per key, and ``all_`` together, in each ``span``."""

    def __init__(self, *, each: int, all_: int, span: timedelta = timedelta(minutes=1)) -> None:
        self._each, self._all, self._span = each, all_, span
        self._since: datetime | None = None
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, key: str, count: int, *, now: datetime) -> int:
        """How many of ``count`` may pass."""
        with self._lock:
            if self._since is None or not self._since <= now < self._since + self._span:
                self._since = now
                self._taken.clear()
            left = min(self._each - self._taken[key], self._all - self._taken.total(), count)
            passed = max(left, 0)
            self._taken[key] += passed
            return passed
