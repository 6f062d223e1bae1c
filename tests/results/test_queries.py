"""Rankings as the house tells them: who goes on, and what decided it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quizapp.contests import queries as contests
from quizapp.downloads.sheets import SHEETS
from quizapp.kit.store import Store
from quizapp.results import actions, drafts
from quizapp.results.tables import Draft
from quizapp.results.told import status_text
from quizapp.sitting import actions as sittings
from tests import world as worlds
from tests.world import EDITION, NOON, OPENS

TIES = "ties: [section:relation-client, estimate, lot]"


@pytest.mark.parametrize(
    ("ties", "told"),
    [
        (TIES, [("qualified", 1, "lot"), ("reserve", 1, "lot")]),
        ("ties: [section:relation-client]", [("qualified", 1, "tie"), ("qualified", 2, "tie")]),
        (f"{TIES}\n    cut: all", [("qualified", 1, "tie"), ("qualified", 2, "tie")]),
    ],
)
def test_tie_at_the_cut_is_decided_as_the_edition_says(
    store: Store, ties: str, told: list[tuple[str, int, str]]
) -> None:
    world = worlds.build(store, edition=EDITION.replace(TIES, ties))
    with store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        for adviser in (world.camille, world.dominique):
            sittings.start(db, plan, application_id=adviser.id, seed="graine", writer="w", now=NOON)
        actions.close_stage(db, plan, by="o", reason="fin", now=OPENS + timedelta(hours=2))

    with store.reading() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        columns = (Draft.status, Draft.place, Draft.reason)
        everyone = drafts.groups(db, plan, "nation")
        decided = [*drafts.rows(db, plan, columns, "nation", everyone)]
        sheet = [*SHEETS["national"][1](db, plan).rows]

    assert decided == told
    words = {"lot": "tirage au sort", "tie": "ex æquo à la dernière place"}
    assert [row[-1] for row in sheet] == [words[reason] for _, _, reason in told]


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("qualified", "rank", "Qualifié"),
        ("qualified", "lot", "Qualifié (tirage au sort)"),
        ("qualified", "tie", "Qualifié (ex æquo à la dernière place)"),
        ("reserve", "lot", "Liste complémentaire, n° 1 (tirage au sort)"),
    ],
)
def test_status_says_what_decided(app: Flask, status: str, reason: str, told: str) -> None:
    with app.test_request_context("/"):
        assert status_text(status, 1, reason).replace("\xa0", " ") == told
