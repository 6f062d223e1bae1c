"""Keys: sealed, shared by all servers, replaced without breaking what they have done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from quizapp.exam import receipts, rescue
from quizapp.kit import migrate, sealing
from quizapp.kit.journal import JournalEntry
from quizapp.kit.store import Store
from quizapp.proof import actions, queries
from quizapp.proof.keyring import FRESH, Keyring, NoKeyError
from quizapp.proof.tables import Purpose
from tests.exam.test_receipts import RECEIPT
from tests.world import NOON, SECRET, World


def rotate(store: Store, *, seed: bytes = b"\1" * 32, secret: bytes = SECRET) -> None:
    """New keys."""
    with store.writing() as db:
        actions.rotate(db, secret=secret, seed=seed, by="test", now=NOON, why="exercice")


def test_keys_are_made_once(world: World) -> None:
    with world.store.writing() as db:
        actions.ensure_keys(db, secret=SECRET, seed=b"\1" * 32, by="test", now=NOON)

    with world.store.reading() as db:
        assert [len(queries.keys(db, purpose)) for purpose in Purpose] == [1, 1]


def test_key_in_the_database_is_sealed(world: World) -> None:
    with world.store.reading() as db:
        key = queries.signing_key(db, SECRET)
        row = queries.keys(db, Purpose.RECEIPT)[0]
        assert key is not None
        private = key.private.private_bytes_raw()

        assert sealing.unseal(SECRET, row.sealed, what="receipt") == private
        assert sealing.unseal(SECRET, row.sealed, what="rescue") is None
        assert sealing.unseal(b"another secret", row.sealed, what="receipt") is None
        assert queries.signing_key(db, b"another secret") is None
        assert queries.rescue_keys(db, b"another secret") == {}


def test_installation_whose_secret_was_lost_gets_new_keys_and_keeps_the_old_public_ones(
    world: World,
) -> None:
    with world.store.writing() as db:
        actions.ensure_keys(db, secret=b"another secret", seed=b"\1" * 32, by="test", now=NOON)

    with world.store.reading() as db:
        new = queries.signing_key(db, b"another secret")
        old = queries.signing_key(db, SECRET)
        assert new is not None
        assert old is not None
        assert set(queries.public_keys(db)) == {new.id, old.id}


def test_receipts_and_rescue_files_outlive_a_rotation(world: World) -> None:
    ring = Keyring(world.store, SECRET)
    before = receipts.sign(RECEIPT, ring.signing(now=NOON))
    sealed_to = ring.sealing(now=NOON)

    rotate(world.store)

    with world.store.reading() as db:
        keys = queries.public_keys(db)
        opened = queries.rescue_keys(db, SECRET)
    new = Keyring(world.store, SECRET)
    after = receipts.sign(RECEIPT, new.signing(now=NOON))
    assert before != after
    assert receipts.check(before, keys) == receipts.check(after, keys) == RECEIPT
    assert sealed_to.id in opened
    assert next(iter(opened)) == new.sealing(now=NOON).id != sealed_to.id


def test_replaced_key_can_sign_no_more(world: World) -> None:
    rotate(world.store)

    with world.store.reading() as db:
        sealed = [key.sealed != "" for key in queries.keys(db, Purpose.RECEIPT)]

    assert sealed == [True, False]


def test_rotation_is_journalled_without_a_secret(world: World) -> None:
    rotate(world.store)

    with world.store.reading() as db:
        names = [[key.name for key in queries.keys(db, purpose)] for purpose in Purpose]
        entries = db.exec(
            select(JournalEntry).where(JournalEntry.what == "key.add").order_by("id")  # type: ignore[arg-type]
        ).all()
    told = [(one.subject, one.before, one.after, one.why) for one in entries[-2:]]
    assert told == [
        ("key:receipt", names[0][1], names[0][0], "exercice"),
        ("key:rescue", names[1][1], names[1][0], "exercice"),
    ]


def test_server_takes_a_new_key_after_half_a_minute_and_asks_no_database_meanwhile(
    world: World,
) -> None:
    ring = Keyring(world.store, SECRET)
    old = ring.signing(now=NOON).id
    rotate(world.store)

    moments = [NOON + FRESH - timedelta(microseconds=1), NOON + FRESH, NOON - timedelta(hours=1)]
    found = [ring.signing(now=moment).id == old for moment in moments]

    assert found == [True, False, False]


def test_installation_without_keys_says_so(store: Store) -> None:
    migrate.upgrade(store)

    with pytest.raises(NoKeyError, match="quizapp db upgrade"):
        Keyring(store, SECRET).signing(now=NOON)


def test_page_is_sealed_to_a_key_that_the_server_can_open(world: World) -> None:
    ring = Keyring(world.store, SECRET)

    page = rescue.for_page(ring.sealing(now=NOON), SECRET, stage="e/s", candidate="1", at=NOON)

    with world.store.reading() as db:
        assert page["key"] in queries.rescue_keys(db, SECRET)


def test_sealing_is_broken_by_any_change() -> None:
    sealed = sealing.seal(SECRET, b"valeur", what="receipt")

    assert sealing.unseal(SECRET, sealed, what="receipt") == b"valeur"
    assert sealing.unseal(SECRET, sealed[:-2] + "A=", what="receipt") is None
    assert sealing.unseal(SECRET, "", what="receipt") is None
    assert sealing.unseal(SECRET, "é", what="receipt") is None
