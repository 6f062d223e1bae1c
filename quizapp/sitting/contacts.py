"""Signs of life of the pages: noted as they come, stored together."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from quizapp.kit.store import Store
from quizapp.sitting.tables import Contact, Sitting

_CONTACT = SQLModel.metadata.tables[str(Contact.__tablename__)]
_SITTING = SQLModel.metadata.tables[str(Sitting.__tablename__)]
_SEEN = (
    update(_SITTING)
    .where(_SITTING.c.id == bindparam("sitting"))
    .values(seen_at=bindparam("at", type_=_SITTING.c.seen_at.type))
)
_EVERY = timedelta(seconds=10)


class Contacts:
    """The last contact of each sitting, and the minutes in which there was one.

    A page sends its answers, and asks every twenty seconds; storing each of these would cost more
    than all answers. They are kept in this process and stored at most every ten seconds: what a
    crash loses of them moves no result.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._noted: dict[int, datetime] = {}
        self._minutes: set[tuple[int, datetime]] = set()
        self._stored_at: datetime | None = None

    def note(self, sitting_id: int, at: datetime) -> None:
        """A page of this sitting has just been heard; raises what keeps the notes from the store."""
        with self._lock:
            self._noted[sitting_id] = at
            self._minutes.add((sitting_id, at.replace(second=0, microsecond=0)))
            if self._stored_at is not None and abs(at - self._stored_at) < _EVERY:
                return
            self._stored_at = at
            noted, self._noted = self._noted, {}
            minutes, self._minutes = self._minutes, set()
        with self._store.changing() as db:
            dialect = postgresql if db.dialect.name == "postgresql" else sqlite
            db.execute(
                dialect.insert(_CONTACT).on_conflict_do_nothing(),
                [{"sitting_id": sitting, "minute": minute} for sitting, minute in sorted(minutes)],
            )
            seen = [{"sitting": sitting, "at": at} for sitting, at in sorted(noted.items())]
            db.execute(_SEEN, seen)
