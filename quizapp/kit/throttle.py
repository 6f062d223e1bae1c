"""Too many failures: counted per key (an account, a browser, an address) within a span of time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, col, delete

from quizapp.kit.store import Instant


class Throttle(SQLModel, table=True):
    """The failures of one key since the first of them."""

    key: str = Field(primary_key=True, max_length=200)
    since: datetime = Field(sa_type=Instant, index=True)
    failures: int


def wait(db: Session, key: str, *, limit: int, span: timedelta, now: datetime) -> timedelta:
    """How long this key has to wait: nothing until ``limit`` failures within ``span``."""
    row = db.get(Throttle, key)
    if row is None or row.failures < limit:
        return timedelta(0)
    return max(row.since + span - now, timedelta(0))


def failed(db: Session, key: str, *, span: timedelta, now: datetime) -> None:
    """Count one failure of this key; a span that is over begins anew."""
    row = db.get(Throttle, key)
    if row is None:
        db.add(Throttle(key=key, since=now, failures=1))
    elif row.since + span <= now:
        row.since, row.failures = now, 1
    else:
        row.failures += 1


def succeeded(db: Session, key: str) -> None:
    """Forget the failures of this key."""
    db.exec(delete(Throttle).where(col(Throttle.key) == key))


def forget(db: Session, *, before: datetime) -> None:
    """Drop what began before this instant."""
    db.exec(delete(Throttle).where(col(Throttle.since) < before))


def has(db: Session, key: str) -> bool:
    """Whether this key has failures."""
    return db.get(Throttle, key) is not None
