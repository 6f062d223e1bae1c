"""The demonstration: the shipped banks fill its papers, and its first round is open."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quizapp.banks.queries import banks_of
from quizapp.cli import demo
from quizapp.contests import queries
from quizapp.contests.queries import Phase
from quizapp.exam import bank, edition
from quizapp.exam.paper import draw
from quizapp.kit import migrate
from quizapp.kit.store import Store

ROOT = Path(__file__).parents[2]
BANKS = sorted((ROOT / "question_banks").glob("*.yaml"))


@pytest.mark.parametrize("file", BANKS, ids=lambda file: file.stem)
def test_shipped_bank_is_sound(file: Path) -> None:
    found = bank.parse(file.read_text("utf-8"), file.name)

    assert [question.id for question in found.questions if "'" in question.text] == []
    assert len({question.text for question in found.questions}) == len(found.questions)


def test_right_answer_is_seldom_the_longest() -> None:
    for name in ("culture-generale", "relation-client"):
        found = bank.parse((ROOT / "question_banks" / f"{name}.yaml").read_text("utf-8"))
        singles = [one for one in found.questions if one.kind == "single"]
        longest = [
            one.id for one in singles if len(one.right[0]) > max(len(wrong) for wrong in one.wrong)
        ]
        assert len(longest) / len(singles) < 0.35, name


@pytest.mark.parametrize(
    "now", [datetime(2026, 11, 24, 2, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)]
)
def test_demo_opens_at_any_hour_and_draws_forty_scored_questions(
    tmp_path: Path, now: datetime
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'd.db'}")
    migrate.upgrade(store)

    demo.prepare(store, now=now)
    demo.prepare(store, now=now + timedelta(hours=1))

    with store.reading() as db:
        plan = queries.plan(db, "premier-tour")
        assert plan is not None
        assert plan.phase(now) is Phase.OPEN
        paper = draw(plan.says.blueprint, banks_of(db, plan.id), "graine")
    assert Counter(item.bank for item in paper.items) == {
        "culture-generale": 20, "relation-client": 20, "question-subsidiaire": 1,
    }  # fmt: skip
    store.dispose()


def test_demo_edition_reads_on_every_hour_of_a_year() -> None:
    text = (ROOT / "quizapp/cli/demo.yaml").read_text("utf-8")
    start = datetime(2026, 1, 1, tzinfo=UTC)

    for hours in range(0, 24 * 365, 7):
        edition.parse(demo.opened(text, start + timedelta(hours=hours)))
