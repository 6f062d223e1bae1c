"""What was signed against what is stored: whatever is taken from the table or changed in it is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from quizapp.exam import audit, receipts
from quizapp.exam.audit import Record
from quizapp.exam.receipt_file import FinalReceipt, verify_file, write
from quizapp.exam.receipts import Receipt
from quizapp.sitting import actions
from quizapp.sitting.audit import final_receipt, record_of, records
from quizapp.sitting.keeping import keep
from quizapp.sitting.tables import Answer, Sitting
from tests.exam.test_receipts import KEY, KEYS
from tests.sitting.test_actions import _plan, _save, _start, _version
from tests.world import NOON, World

STAGE = "essai/premier-tour"


@pytest.fixture
def signed(world: World) -> list[Receipt]:
    """Camille answered, changed her mind, took one back, and handed in; what the server signed."""
    with world.store.writing() as db:
        sitting = _start(db, world)
        found = []
        for item, seq, response in [(1, 1, "2"), (2, 1, "0"), (1, 2, "3"), (2, 2, None)]:
            version = _version(db, sitting, response, item=item, seq=seq)
            [saved] = keep(db.connection(), [version])
            assert saved is not None
            assert saved.counts is not None
            found.append(
                Receipt(
                    version.stage,
                    version.candidate,
                    saved.counts.n,
                    item,
                    seq,
                    version.flagged,
                    saved.counts.at,
                    receipts.fingerprint(response),
                    saved.counts.previous,
                )
            )
            assert found[-1].link == saved.counts.link
        number = world.camille.number
        actions.hand_in(db, sitting, _plan(db), number=number, now=NOON + timedelta(minutes=2))
    return found


def record(world: World) -> Record:
    """Camille's sitting as it is stored now."""
    with world.store.reading() as db:
        found = record_of(db, STAGE, world.camille.number)
    assert found is not None
    return found


def paper(world: World) -> FinalReceipt:
    """Camille's final receipt."""
    with world.store.reading() as db:
        sitting = db.exec(select(Sitting)).one()
        return final_receipt(db, sitting, stage=STAGE, candidate=world.camille.number)


def told(world: World, signed: list[Receipt]) -> list[str]:
    """What the audit says of these receipts and of the stored chain."""
    now = record(world)
    return [*audit.broken(now), *(problem for one in signed for problem in audit.unlike(one, now))]


def touch(world: World, statement: str, **values: Any) -> None:
    """A hand in the table."""
    with world.store.writing() as db:
        db.execute(text(statement), values)


def test_what_was_signed_is_what_is_stored(world: World, signed: list[Receipt]) -> None:
    final = paper(world)

    assert told(world, signed) == []
    assert audit.unlike_paper(final, record(world)) == []
    assert list(final.chain) == signed
    assert (final.answered, final.late) == (1, frozenset())
    assert verify_file(write(final, KEY, head="Reçu"), KEYS).says == final


def test_every_sitting_with_an_answer_is_examined(world: World, signed: list[Receipt]) -> None:
    with world.store.reading() as db:
        assert list(records(db)) == [record(world)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE answer SET response = '1' WHERE n = 3",
            [
                "Le maillon 3 (question 1) ne correspond plus à ce qui est enregistré : cette réponse "
                "a été modifiée, ou un maillon avant elle.",
                "Maillon 3 (question 1) : a été modifié depuis (la réponse).",
            ],
        ),
        (
            "UPDATE answer SET response = '1' WHERE n = 4",
            [
                "Le maillon 4 (question 2) ne correspond plus à ce qui est enregistré : cette réponse "
                "a été modifiée, ou un maillon avant elle.",
                "Maillon 4 (question 2) : a été modifié depuis (la réponse).",
            ],
        ),
        (
            "DELETE FROM answer WHERE n = 2",
            [
                "Il manque le maillon 2.",
                "Maillon 2 (question 2) : cette réponse a été enregistrée, et manque.",
                "Maillon 3 (question 1) : a été modifié depuis (le maillon précédent).",
            ],
        ),
        (
            "DELETE FROM answer WHERE n = 4",
            [
                "Le maillon par lequel la copie a été close n’est plus dans la chaîne.",
                "Maillon 4 (question 2) : cette réponse a été enregistrée, et manque.",
            ],
        ),
        (
            "UPDATE answer SET link = 'x' WHERE n = 1",
            [
                "Le maillon 1 (question 1) ne correspond plus à ce qui est enregistré : cette réponse "
                "a été modifiée, ou un maillon avant elle.",
                "Le maillon 2 (question 2) ne correspond plus à ce qui est enregistré : cette réponse "
                "a été modifiée, ou un maillon avant elle.",
                "Maillon 1 (question 1) : le maillon enregistré n’est pas celui du reçu.",
                "Maillon 2 (question 2) : a été modifié depuis (le maillon précédent).",
            ],
        ),
        (
            "UPDATE answer SET flagged = NOT flagged, seq = 9 WHERE n = 1",
            [
                "Le maillon 1 (question 1) ne correspond plus à ce qui est enregistré : cette réponse "
                "a été modifiée, ou un maillon avant elle.",
                "Maillon 1 (question 1) : a été modifié depuis (la version, la marque « à revoir »).",
            ],
        ),
    ],
)  # fmt: skip
def test_hand_in_the_table_is_told_and_where(
    world: World, signed: list[Receipt], statement: str, expected: list[str]
) -> None:
    touch(world, statement)

    assert told(world, signed) == expected


def test_hand_that_repairs_the_whole_chain_is_found_by_the_receipts(
    world: World, signed: list[Receipt]
) -> None:
    final = paper(world)
    touch(world, "UPDATE answer SET response = '1' WHERE n = 1")
    rows = record(world).rows
    previous = rows[1].receipt.previous
    for n, row in rows.items():
        forged = Receipt(
            STAGE, row.receipt.candidate, n, row.receipt.item, row.receipt.seq,
            row.receipt.flagged, row.receipt.at, row.receipt.answer, previous,
        )  # fmt: skip
        previous = forged.link
        touch(world, "UPDATE answer SET link = :link WHERE n = :n", link=previous, n=n)
    touch(world, "UPDATE sitting SET digest = :link", link=previous)

    assert audit.broken(record(world)) == []
    assert told(world, signed) == [
        "Maillon 1 (question 1) : a été modifié depuis (la réponse).",
        "Maillon 2 (question 2) : a été modifié depuis (le maillon précédent).",
        "Maillon 3 (question 1) : a été modifié depuis (le maillon précédent).",
        "Maillon 4 (question 2) : a été modifié depuis (le maillon précédent).",
    ]
    assert audit.unlike_paper(final, record(world)) == [
        "La copie n’est plus close telle que ce reçu le dit : rouverte, ou modifiée."
    ]


def test_sitting_that_is_gone_is_told(world: World, signed: list[Receipt]) -> None:
    final = paper(world)
    touch(world, "DELETE FROM answer")
    touch(world, "DELETE FROM sitting")

    with world.store.reading() as db:
        assert record_of(db, STAGE, world.camille.number) is None
    assert audit.unlike(signed[0], None) == [
        "Maillon 1 (question 1) : cette copie n’est pas enregistrée."
    ]
    assert audit.unlike_paper(final, None) == ["Cette copie n’est pas enregistrée."]


def test_what_comes_after_handing_in_is_no_part_of_the_receipt(
    world: World, signed: list[Receipt]
) -> None:
    final = paper(world)
    with world.store.writing() as db:
        _save(db, db.exec(select(Sitting)).one(), "0", seq=9, after=180)

    assert paper(world) == final
    assert told(world, signed) == []
    assert audit.unlike_paper(final, record(world)) == []


def test_late_version_before_the_closing_is_in_the_receipt_and_does_not_count(
    world: World,
) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        _save(db, sitting, "2", seq=1)
        _save(db, sitting, None, seq=2, after=1300)
        actions.close_expired(db, now=NOON + timedelta(hours=1))

    final = paper(world)

    assert (len(final.chain), final.late, final.answered) == (2, frozenset({2}), 1)
    assert verify_file(write(final, KEY, head="Reçu"), KEYS).authentic


def test_paper_without_an_answer_has_a_receipt(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)
        actions.hand_in(db, sitting, _plan(db), number=world.camille.number, now=NOON)

    final = paper(world)

    assert (final.chain, final.answered) == ((), 0)
    assert final.last_link == _digest(world)
    assert audit.broken(record(world)) == []


def _digest(world: World) -> str | None:
    with world.store.reading() as db:
        return db.exec(select(Sitting.digest)).one()


def test_sitting_under_way_has_no_final_receipt(world: World) -> None:
    with world.store.writing() as db:
        sitting = _start(db, world)

    with pytest.raises(ValueError, match="not closed"), Session(world.store.engine) as db:
        final_receipt(db, sitting, stage=STAGE, candidate=world.camille.number)
    with world.store.reading() as db:
        assert db.exec(select(Answer)).all() == []
