"""Leases: of several servers on one database, one at a time does what time brings."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, delete

from quizapp.kit.store import Instant

WORKER = "worker"  # what time brings: closing, tidying


class Lease(SQLModel, table=True):
    """Who does a piece of work until when. ``seen_at`` is when the holder last showed up."""

    name: str = Field(primary_key=True, max_length=60)
    holder: str = Field(max_length=200)
    seen_at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)


def new_holder() -> str:
    """A name that no other process bears, and that tells an operator where to look."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


def take(db: Session, name: str, *, holder: str, now: datetime, span: timedelta) -> bool:
    """Take or renew a lease for ``span``; False while somebody else holds it.

    One statement: two who ask at once are served one after the other by the primary key.
    """
    row: dict[str, Any] = {"holder": holder, "seen_at": now, "until": now + span}
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(Lease)
        .values(name=name, **row)
        .on_conflict_do_update(
            index_elements=["name"],
            set_=row,
            where=(col(Lease.until) < now) | (col(Lease.holder) == holder),
        )
        .returning(col(Lease.name))
    )
    return db.exec(statement).first() is not None


def release(db: Session, name: str, *, holder: str) -> None:
    """Give a lease back, so that the next one need not wait for its end."""
    db.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))


def held(db: Session, name: str, *, now: datetime) -> Lease | None:
    """The lease as it stands, if somebody holds it at ``now``."""
    row = db.get(Lease, name)
    return row if row is not None and row.until >= now else None
