"""Corrections: the effect names exactly those who move; applied whole, once, by the right person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, SQLModel, select

from quizapp.contests.tables import Application
from quizapp.exam.correcting import Correction as Said
from quizapp.exam.correcting import Kind
from quizapp.exam.problems import ToldError
from quizapp.kit.journal import JournalEntry
from quizapp.kit.store import Store
from quizapp.results import actions, correcting, corrections, versions
from quizapp.results.tables import Correction, CorrectionMove
from tests.results import simulated
from tests.results.simulated import CLOSED, Key, plan_of, slowly
from tests.world import EDITION

LATER = CLOSED + timedelta(hours=1)
TWO = EDITION.replace("name: Concours", "two_people: yes\nname: Concours")


def propose(
    db: Session, kind: Kind, value: str = "", *, key: str = "clef", by: str = "anna"
) -> Correction:
    said = Said("culture-generale", simulated.favourite(db), kind, value)
    return correcting.propose(
        db, plan_of(db), said, key=key, by=by, reason="La source dit autre chose", now=LATER
    )


def apply(db: Session, row: Correction, *, by: str = "bruno") -> Correction:
    return correcting.apply(db, plan_of(db), row.id or 0, by=by, seen=row.basis, now=LATER)


def ranking(db: Session) -> dict[str, simulated.Told]:
    return simulated.ranking(db, plan_of(db))


def kept_moves(db: Session, row: Correction) -> dict[str, tuple[simulated.Told, simulated.Told]]:
    """What an effect keeps, by number: before and after."""
    rows = db.exec(
        select(CorrectionMove, Application)
        .where(CorrectionMove.application_id == Application.id)
        .where(CorrectionMove.correction_id == row.id)
    ).all()
    return {
        one.number: tuple(  # type: ignore[misc]
            (
                getattr(move, f"points_{when}"), getattr(move, f"maximum_{when}"),
                tuple(getattr(move, f"{group}_{when}") for group in ("nation", "region", "city")),
                getattr(move, f"status_{when}"), getattr(move, f"place_{when}"),
            )
            for when in ("before", "after")
        )
        for move, one in rows
    }  # fmt: skip


def everything(db: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    return {
        table.name: sorted(
            (tuple(row) for row in db.connection().execute(table.select())), key=repr
        )
        for table in SQLModel.metadata.sorted_tables
    }


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        (Kind.REPLACE, "1", lambda question: Key(right={question: {"1"}})),
        (Kind.ACCEPT, "1", lambda question: Key(right={question: {"0", "1"}})),
        (Kind.VOID, "", lambda question: Key(void={question})),
        (Kind.FULL, "", lambda question: Key(free={question})),
        (Kind.WEIGHT, "3", lambda question: Key(weight={question: 3})),
    ],
)
def test_effect_names_exactly_those_who_move_and_is_what_applying_does(
    store: Store, kind: Kind, value: str, key: Any
) -> None:
    simulated.build(store)
    with store.writing() as db:
        row = propose(db, kind, value)
        question = row.question
        before, after = slowly(db, Key()), slowly(db, key(question))
        shown = kept_moves(db, row)
        counts = corrections.counts_of(row)
        assert ranking(db) == before
    expected = {n: (before[n], after[n]) for n in before if before[n] != after[n]}

    assert shown == expected
    assert len(expected) > 50
    assert counts == {
        "moved": len(expected),
        "gain": sum(new[0] > old[0] for old, new in expected.values()),
        "lose": sum(new[0] < old[0] for old, new in expected.values()),
        "enters": sum(new[3] != old[3] == "reserve" for old, new in expected.values()),
        "leaves": sum(new[3] != old[3] == "qualified" for old, new in expected.values()),
    }
    with store.writing() as db:
        apply(db, row)
    with store.reading() as db:
        assert ranking(db) == after


def test_corrected_ranking_is_published_as_version_two(store: Store) -> None:
    simulated.build(store)
    with store.writing() as db:
        first = actions.publish(db, plan_of(db), by="anna", reason="Résultats", now=CLOSED)
    with store.reading() as db:
        kept = versions.published(db, first)
    with store.writing() as db:
        row = apply(db, propose(db, Kind.REPLACE, "1"))
    with store.writing() as db:
        second = actions.publish(db, plan_of(db), by="anna", reason="Corrigé", now=LATER)

    assert (first.number, first.corrections) == (1, 0)
    assert (second.number, second.corrections) == (2, 1)
    with store.reading() as db:
        assert [one.id for one in corrections.new_in(db, plan_of(db), second)] == [row.id]
        assert corrections.new_in(db, plan_of(db), first) == []
        assert versions.published(db, first) == kept  # a version never changes
        moved = {move.number for move in versions.between(db, first, second)}
        assert moved == set(kept_moves(db, row))


def test_undoing_is_a_correction_that_gives_back_what_was(store: Store) -> None:
    simulated.build(store, people=60)
    with store.writing() as db:
        before = ranking(db)
        row = apply(db, propose(db, Kind.FULL))
        applied = ranking(db)
    with store.writing() as db:
        undo = correcting.propose_undoing(
            db, plan_of(db), row, key="retour", by="anna", reason="Erreur", now=LATER
        )
        apply(db, undo)
        undone = ranking(db)
    with store.writing() as db:
        with pytest.raises(ToldError):
            correcting.propose_undoing(
                db, plan_of(db), row, key="encore", by="anna", reason="Erreur", now=LATER
            )
        again = correcting.propose_undoing(
            db, plan_of(db), undo, key="de-retour", by="anna", reason="Finalement si", now=LATER
        )
        apply(db, again)
        restored = ranking(db)

    assert undone == before != applied == restored


def test_what_changed_since_the_effect_was_shown_refuses_it_whole(store: Store) -> None:
    simulated.build(store, people=40)
    with store.writing() as db:
        row = propose(db, Kind.VOID)
    with store.writing() as db:
        someone = db.exec(select(Application)).first()
        assert someone is not None
        actions.exclude(db, plan_of(db), someone, by="o", reason="Désistement", now=LATER)
        known = everything(db)

    with pytest.raises(correcting.MovedOnError), store.writing() as db:
        apply(db, row)

    with store.writing() as db:
        assert everything(db) == known
        renewed = correcting.renew(db, plan_of(db), row.id or 0, by="bruno", now=LATER)
    assert renewed.basis != row.basis
    with pytest.raises(correcting.MovedOnError), store.writing() as db:
        apply(db, row)  # by the effect that was shown first
    with store.writing() as db:
        assert apply(db, renewed).place == 1


def test_another_correction_applied_meanwhile_refuses_the_effect(store: Store) -> None:
    simulated.build(store, people=20)
    with store.writing() as db:
        one, other = propose(db, Kind.VOID), propose(db, Kind.FULL, key="autre")
    with store.writing() as db:
        apply(db, one)

    with pytest.raises(correcting.MovedOnError), store.writing() as db:
        apply(db, other)


def test_one_person_cannot_propose_and_apply_where_the_edition_asks_for_two(store: Store) -> None:
    simulated.build(store, people=20, edition=TWO)
    with store.writing() as db:
        row = propose(db, Kind.VOID, by="anna")

    with pytest.raises(actions.SamePersonError), store.writing() as db:
        apply(db, row, by="anna")
    with store.writing() as db:
        assert apply(db, row, by="bruno").applied_by == "bruno"


def test_pressing_twice_proposes_and_applies_once(store: Store) -> None:
    simulated.build(store, people=20)
    with store.writing() as db:
        row = propose(db, Kind.VOID)
        assert propose(db, Kind.VOID).id == row.id
        apply(db, row)
    with store.writing() as db:
        known = everything(db)
        apply(db, row)
        assert propose(db, Kind.VOID).id == row.id

    with store.writing() as db:
        assert everything(db) == known
        acts = db.exec(
            select(JournalEntry).where(JournalEntry.subject.contains("correction"))
        ).all()  # type: ignore[attr-defined]
    assert [(one.who, one.what, one.why) for one in acts] == [
        ("anna", "correction.propose", "La source dit autre chose"),
        ("bruno", "correction.apply", "La source dit autre chose"),
    ]


def test_withdrawn_proposal_is_not_applied(store: Store) -> None:
    simulated.build(store, people=20)
    with store.writing() as db:
        row = propose(db, Kind.VOID)
        correcting.withdraw(db, plan_of(db), row.id or 0, by="anna", now=LATER)

    with pytest.raises(ToldError), store.writing() as db:
        apply(db, row)


@contextmanager
def failing_at(store: Store, number: int) -> Iterator[list[int]]:
    """The statement of this number, from 1, fails as if the process had been killed before it."""
    count = [0]

    def strike(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")):
            count[0] += 1
            if count[0] == number:
                raise KeyboardInterrupt

    event.listen(store.engine, "before_cursor_execute", strike)
    yield count
    event.remove(store.engine, "before_cursor_execute", strike)


@pytest.mark.parametrize("act", ["propose", "apply"])
def test_killed_at_any_statement_it_has_not_begun(store: Store, act: str) -> None:
    simulated.build(store, people=12)
    row: Correction | None = None
    if act == "apply":
        with store.writing() as db:
            row = propose(db, Kind.REPLACE, "1")
    with store.reading() as db:
        known, question = everything(db), simulated.favourite(db)

    def do() -> None:
        with store.writing() as db:
            if row is not None:
                apply(db, row)
            else:
                said = Said("culture-generale", question, Kind.REPLACE, "1")
                correcting.propose(db, plan_of(db), said, key="k", by="a", reason="r", now=LATER)

    number = 0
    while True:
        number += 1
        with failing_at(store, number) as count, suppress(KeyboardInterrupt):
            do()
        if count[0] < number:
            break
        with store.reading() as db:
            assert everything(db) == known, f"statement {number} of {act}"

    assert number > 8
    with store.reading() as db:
        assert everything(db) != known
        db.connection().execute(text("SELECT 1"))
