"""The public draw: a list first, a value later, and a replay that shares no code with the program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.contests import actions as contests
from quizapp.exam.problems import ToldError
from quizapp.kit.journal import JournalEntry
from quizapp.kit.store import Store
from quizapp.results import actions, drawing, drawn
from quizapp.results.tables import Draw
from tests.journeys.test_first_round import organiser, post
from tests.results import simulated
from tests.results.simulated import CLOSED, plan_of
from tests.world import EDITION, NOON

DUE = CLOSED + timedelta(days=2)
# Without tie keys of merit, many are equal at the cut.
PUBLIC = EDITION.replace(
    "ties: [section:relation-client, estimate, lot]", "ties: [lot]\n    lots: public"
)
STAGE = "/organisation/etapes/premier-tour"


def commit(store: Store, *, due: datetime = DUE, at: datetime = CLOSED) -> Draw:
    with store.writing() as db:
        return drawing.commit(
            db, plan_of(db), source="Loto du 30 novembre", due_at=due, by="anna", now=at
        )


def enter(store: Store, value: str = " 7  12 23\u00a034 45 ", at: datetime = DUE) -> Draw:
    with store.writing() as db:
        return drawing.enter(
            db, plan_of(db), value=value, found_at="Le journal", by="bruno", now=at
        )


def publish(store: Store) -> None:
    with store.writing() as db:
        actions.publish(db, plan_of(db), by="anna", reason="r", now=DUE)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def replayed(record: dict[str, object]) -> list[list[str]]:
    """The orders that the record’s own list and value give, by the rule as the public page says it."""
    numbers = record["numbers"]
    text = ""
    for number in sorted(numbers):  # type: ignore[call-overload]
        text += number + "\n"
    assert sha256(text) == record["list_sha256"]
    seed = sha256(f"{record['list_sha256']}:{record['value']}")
    assert seed == record["seed"]
    return [
        sorted(one["order"], key=lambda number: sha256(seed + ":" + number))
        for one in record["equal_at_the_cut"]  # type: ignore[attr-defined]
    ]


def test_anybody_replays_the_draw_from_its_record(store: Store) -> None:
    simulated.build(store, people=120, edition=PUBLIC)
    commit(store)
    enter(store)
    publish(store)

    with store.reading() as db:
        record = drawn.record(db, plan_of(db))

    assert record["value"] == "7 12 23 34 45"
    assert len(record["equal_at_the_cut"]) > 1
    assert [one["order"] for one in record["equal_at_the_cut"]] == replayed(record)
    assert all(0 < one["go_on"] < len(one["order"]) for one in record["equal_at_the_cut"])


def test_draw_that_decides_is_awaited_before_anything_is_published(store: Store) -> None:
    simulated.build(store, people=120, edition=PUBLIC)

    with pytest.raises(actions.NotDrawnError):
        publish(store)
    commit(store)
    with pytest.raises(actions.NotDrawnError):
        publish(store)
    enter(store)
    publish(store)


def test_list_comes_before_the_value_and_neither_changes_afterwards(store: Store) -> None:
    simulated.build(store, people=20, edition=PUBLIC)
    with pytest.raises(ToldError, match="liste"):
        enter(store)
    with pytest.raises(ToldError, match="plus tard"):
        commit(store, due=CLOSED)
    first = commit(store)
    with pytest.raises(ToldError, match="pas encore venue"):
        enter(store, at=DUE - timedelta(seconds=1))
    later = commit(store, due=DUE + timedelta(hours=1), at=DUE - timedelta(seconds=1))
    assert commit(store, due=DUE + timedelta(hours=1)).id == later.id != first.id
    with pytest.raises(ToldError, match="passée"):
        commit(store, due=DUE + timedelta(days=9), at=DUE + timedelta(hours=1))

    entered = enter(store, at=DUE + timedelta(hours=1))
    assert enter(store, "7 12 23 34 45", at=DUE + timedelta(hours=2)).id == entered.id
    with pytest.raises(ToldError, match="déjà entrée"):
        enter(store, "1 2 3", at=DUE + timedelta(hours=2))

    with store.reading() as db:
        acts = db.exec(select(JournalEntry.what).where(JournalEntry.what.startswith("draw"))).all()  # type: ignore[attr-defined]
    assert acts == ["draw.commit", "draw.commit", "draw.enter"]


def test_published_ranking_is_not_drawn_again(store: Store) -> None:
    simulated.build(store, people=0, edition=PUBLIC.replace("quota: 1", "quota: 9"))
    commit(store)
    publish(store)  # nobody was equal at the cut: the draw decides nothing

    with pytest.raises(ToldError, match="publié"):
        enter(store)


def test_seed_of_the_edition_is_committed_to_first_and_told_with_the_ranking(store: Store) -> None:
    simulated.build(store, people=20)
    with store.reading() as db:
        before = drawn.record(db, plan_of(db))
        seed = plan_of(db).row.lot_seed
    publish(store)
    with store.reading() as db:
        after = drawn.record(db, plan_of(db))

    assert before == {"stage": "essai/premier-tour", "lots": "seed", "seed_sha256": sha256(seed)}
    assert (after["seed"], after["seed_sha256"]) == (seed, sha256(seed))


def test_draw_is_made_through_its_pages(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    text = PUBLIC.replace("PAGE", "one")
    with app.extensions["store"].writing() as db:
        contests.load_edition(db, text, file="e", begun=(), by="test", now=NOON)
    desk, page = organiser(app), f"{STAGE}/tirage"
    clock(CLOSED)
    assert desk.get(page).status_code == 409
    post(desk, f"{STAGE}/clore", reason="Fin")
    public = "/resultats/premier-tour/tirage"
    assert "pas encore arrêtée" in client.get(public).text

    assert post(desk, page, source="Loto", due_at="2026-11-28T08:00").status_code == 422
    assert post(desk, page, source="Loto", due_at="2026-11-30T20:30").status_code == 303
    assert "s’entre à partir du lundi 30" in desk.get(page).text.replace("\xa0", " ")
    clock(datetime.fromisoformat("2026-11-30T19:30:00+00:00"))
    assert post(desk, page, value="", found_at="x").status_code == 422
    assert post(desk, page, value="1 2 3", found_at="Le journal").status_code == 303

    record = client.get(f"{public}.json").json
    assert record is not None
    assert (record["value"], record["found_at"]) == ("1 2 3", "Le journal")
    assert "seed" not in record  # nothing is published yet
    assert sha256(client.get(f"{public}.txt").text) == record["list_sha256"]
    assert re.search(r"1 2 3", client.get(public).text)
