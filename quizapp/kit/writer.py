"""One writer per process: what arrives together is stored by one commit, and told after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from quizapp.kit.store import Store

Item = TypeVar("Item")
Fate = TypeVar("Fate")

# One flush to the disk costs as much for one row as for hundreds.
_MOST = 200
_WAITING = 4_000
_PATIENCE = 20.0


class BusyError(Exception):
    """More is waiting to be stored than can be told in time; nothing was taken."""


@dataclass(slots=True)
class _Asked(Generic[Item, Fate]):
    item: Item
    told: Future[Fate] = field(default_factory=Future)


class GroupWriter(Generic[Item, Fate]):
    """Stores items in the order of their arrival, many by one transaction.

    ``keep`` is given a connection and the items of one transaction, and says what became of each;
    None asks for another try in the next transaction. It must bear being called twice with the
    same items: a commit whose answer was lost is tried again.
    """

    def __init__(
        self, store: Store, keep: Callable[[Connection, Sequence[Item]], Sequence[Fate | None]]
    ) -> None:
        self._store, self._keep = store, keep
        self._queue: SimpleQueue[_Asked[Item, Fate]] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, item: Item) -> Fate:
        """What became of ``item``, once that is stored.

        Raises BusyError if too much is waiting, TimeoutError if the store does not answer, and
        whatever kept the transaction from ending.
        """
        if self._queue.qsize() >= _WAITING:
            raise BusyError
        asked: _Asked[Item, Fate] = _Asked(item)
        self._queue.put(asked)
        if self._thread is None:
            self._start()
        return asked.told.result(_PATIENCE)

    @property
    def alive(self) -> bool:
        """Whether it stores what it is given; it is not asked to run before the first item."""
        return self._thread is None or self._thread.is_alive()

    def _start(self) -> None:
        """Begin on first use, so that a worker process has a thread of its own."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        again: list[_Asked[Item, Fate]] = []
        while True:
            again = self._store_all(again or [self._queue.get()], more=True)

    def _store_all(
        self, batch: list[_Asked[Item, Fate]], *, more: bool = False
    ) -> list[_Asked[Item, Fate]]:
        """Store these, and whatever else has come if ``more``; tell each; those to try again."""
        try:
            fates = self._commit(batch, more)
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, OperationalError):
                # One of them cannot be stored: it alone is to hear of it.
                return [one for asked in batch for one in self._store_all([asked])]
            for asked in batch:
                asked.told.set_exception(error)
            return []
        again = []
        for asked, fate in zip(batch, fates, strict=True):
            if fate is None:
                again.append(asked)
            else:
                asked.told.set_result(fate)
        return again

    def _commit(self, batch: list[_Asked[Item, Fate]], more: bool) -> Sequence[Fate | None]:
        try:
            return self._once(batch, more)
        except OperationalError:
            # A lost connection or a deadlock: once more, with a new one.
            return self._once(batch, more=False)

    def _once(self, batch: list[_Asked[Item, Fate]], more: bool) -> Sequence[Fate | None]:
        with self._store.changing() as connection:
            if more:
                self._take_more(batch)
            return self._keep(connection, [asked.item for asked in batch])

    def _take_more(self, batch: list[_Asked[Item, Fate]]) -> None:
        """Take along what has come meanwhile: most of it while this process waited for its turn."""
        with suppress(Empty):
            while len(batch) < _MOST:
                batch.append(self._queue.get_nowait())
