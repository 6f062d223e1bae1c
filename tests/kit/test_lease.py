"""The lease: one worker at a time, and another one once it is silent."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from sqlmodel import select

from quizapp import worker
from quizapp.kit import lease, migrate
from quizapp.kit.lease import WORKER, Lease
from quizapp.kit.store import Store
from quizapp.sitting import actions
from quizapp.sitting.tables import Sitting
from tests.lived import plan_of
from tests.world import NOON, World

SPAN = timedelta(seconds=15)


def _take(store: Store, holder: str, after: int = 0) -> bool:
    with store.writing() as db:
        return lease.take(db, WORKER, holder=holder, now=NOON + timedelta(seconds=after), span=SPAN)


def test_second_worker_waits_until_the_first_is_silent_for_the_span(store: Store) -> None:
    migrate.upgrade(store)

    assert _take(store, "un")
    assert not _take(store, "deux", after=15)
    assert _take(store, "deux", after=16)
    assert not _take(store, "un", after=17)


def test_worker_renews_its_own_lease(store: Store) -> None:
    migrate.upgrade(store)
    _take(store, "un")

    assert _take(store, "un", after=10)
    assert not _take(store, "deux", after=20)


def test_lease_that_is_given_back_is_free_at_once(store: Store) -> None:
    migrate.upgrade(store)
    _take(store, "un")

    with store.writing() as db:
        lease.release(db, WORKER, holder="deux")  # not its own: nothing happens
    assert not _take(store, "deux", after=1)
    with store.writing() as db:
        lease.release(db, WORKER, holder="un")

    assert _take(store, "deux", after=1)


def test_of_many_that_ask_at_once_one_gets_it(store: Store) -> None:
    migrate.upgrade(store)
    barrier, got = Barrier(6), []

    def ask(number: int) -> None:
        barrier.wait()
        if _take(store, f"numéro {number}"):
            got.append(number)

    threads = [Thread(target=ask, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading() as db:
        [row] = db.exec(select(Lease)).all()
    assert [f"numéro {number}" for number in got] == [row.holder]


def test_worker_without_the_lease_closes_nothing(world: World) -> None:
    with world.store.writing() as db:
        actions.start(
            db, plan_of(db), application_id=world.camille.id, seed="g", writer="ici", now=NOON
        )
    later = NOON + timedelta(hours=1)
    with world.store.writing() as db:
        lease.take(db, WORKER, holder="un autre", now=later, span=SPAN)

    idle = worker.take_turn(world.store, holder="moi", now=later)
    with world.store.reading() as db:
        left_open = db.exec(select(Sitting)).one().closed_at
    busy = worker.take_turn(world.store, holder="un autre", now=later)

    with world.store.reading() as db:
        closed = db.exec(select(Sitting)).one()
    assert (idle, left_open, busy) == (False, None, True)
    assert closed.closed_at == closed.ends_at
