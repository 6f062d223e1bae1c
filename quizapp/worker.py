"""What happens with time: expired sittings are closed, what is due is forgotten."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from quizapp.kit import log, throttle
from quizapp.kit.store import Store
from quizapp.privacy import actions as privacy
from quizapp.sitting import actions as sittings


def tick(store: Store, *, now: datetime) -> int:
    """Do what is due at ``now``; how many sittings were closed. Doing it twice does no harm."""
    with store.writing() as db:
        closed = sittings.close_expired(db, now=now)
        throttle.forget(db, before=now - timedelta(days=1))
        erased = privacy.erase_due(db, by="worker", now=now)
    if closed:
        log.get().info("sitting.expired", closed=closed)
    if erased:
        log.get().info("privacy.expire", erased=erased)
    return closed


def run(store: Store, *, every: float, stop: threading.Event) -> None:
    """Tick until ``stop``; a tick that fails is logged and tried again."""
    while not stop.wait(every):
        try:
            tick(store, now=datetime.now(UTC))
        except SQLAlchemyError:
            log.get().exception("worker.fail")
