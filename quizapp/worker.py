"""What happens with time: expired sittings are closed, what is due is forgotten."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from quizapp.kit import lease, log, throttle
from quizapp.kit.store import Store
from quizapp.privacy import actions as privacy
from quizapp.results.ranking import rank_graded
from quizapp.sitting import actions as sittings

SPAN = timedelta(seconds=15)  # after so long without a sign, another server takes the work over

# A process forked in the middle of a turn would inherit a connection in use: forks wait for its end.
_turn = threading.Lock()
os.register_at_fork(
    before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_turn.release
)


def tick(store: Store, *, now: datetime) -> int:
    """Do what is due at ``now``; how many sittings were closed. Doing it twice does no harm."""
    with store.writing() as db:
        closed = sittings.close_expired(db, now=now)
        throttle.forget(db, before=now - timedelta(days=1))
        erased = privacy.erase_due(db, by="worker", now=now)
        rank_graded(db)
    if closed:
        log.get().info("sitting.expired", closed=closed)
    if erased:
        log.get().info("privacy.expire", erased=erased)
    return closed


def take_turn(store: Store, *, holder: str, now: datetime) -> bool:
    """Do all that is due at ``now``, unless another worker has the lease; whether it was done."""
    with store.writing() as db:
        if not lease.take(db, lease.WORKER, holder=holder, now=now, span=SPAN):
            return False
    while tick(store, now=now):
        pass
    return True


def run(store: Store, *, every: float, stop: threading.Event) -> None:
    """Take turns until ``stop``; a turn that fails is logged and tried again."""
    holder = lease.new_holder()
    while True:
        with _turn:
            try:
                take_turn(store, holder=holder, now=datetime.now(UTC))
            except SQLAlchemyError:
                log.get().exception("worker.fail")
            finally:
                store.dispose()
        if stop.wait(every):
            break
    try:
        with store.writing() as db:
            lease.release(db, lease.WORKER, holder=holder)
    except SQLAlchemyError:
        log.get().exception("worker.fail")
    finally:
        store.dispose()
