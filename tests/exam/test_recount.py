"""The slow recount and the real ranking, made apart, agree on any scores."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam.lots import lot
from quizapp.exam.ranking.entries import Entry
from quizapp.exam.ranking.ranking import rank
from quizapp.exam.ranking.tiebreaks import tie_keys
from quizapp.exam.recount import Standing, standings
from quizapp.exam.stages import Cut, Status, qualify

SEED = "graine"


@pytest.mark.parametrize("cut", ["lot", "all"])
@given(
    scores=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12),
    quota=st.integers(1, 5),
)
def test_recount_agrees_with_ranking_and_quota(
    cut: Cut, scores: list[tuple[int, int]], quota: int
) -> None:
    entries = [
        Entry(f"{number:03}", Fraction(points), wrong=wrong)
        for number, (points, wrong) in enumerate(scores)
    ]
    rows = rank(entries, tie_keys(("fewest-wrong", "lot"), seed=SEED))
    through = {
        one.number
        for one in qualify({"fr": rows}, quota, cut=cut)
        if one.status is Status.QUALIFIED
    }

    found = standings(
        {entry.number: (-entry.points, entry.wrong) for entry in entries},
        {entry.number: lot(SEED, entry.number) for entry in entries},
        quota,
        cut=cut,
    )

    assert found == {
        row.entry.number: Standing(row.rank, row.tied, row.entry.number in through) for row in rows
    }
