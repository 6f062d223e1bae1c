"""How hard papers can turn out to be: exact, and never beaten by a paper that was drawn."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.lots import Stream
from quizapp.exam.spread import SEEDS, Spread, of_section, spread
from tests.exam.samples import single, stocked

CELLS = {("Arts", 1): 2, ("Arts", 3): 1, ("Sport", 2): 2, ("Nature", 1): 1, ("Nature", 3): 2}


def section(**keys):
    return Section(**{"bank": "culture", "title": "Culture", "questions": 2, **keys})


def of(easiest, hardest, mean):
    return Spread(Fraction(easiest), Fraction(hardest), Fraction(mean))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"difficulty": {1: 1, 3: 1}}, of(4, 4, 4)),
        ({"pick": ["q-0-0", "q-1-0"]}, of(4, 4, 4)),
        ({}, of(2, 6, Fraction(16, 8) * 2)),
        ({"topics": {"Arts": 1, "Sport": 1}}, of(3, 5, Fraction(5, 3) + 2)),
        ({"questions": 3, "topics": "even"}, of(4, 8, Fraction(5, 3) + 2 + Fraction(7, 3))),
        ({"questions": 4, "topics": "even"}, of(5, 11, 8)),
    ],
)
def test_spread_of_a_section_is_exact(keys, expected):
    found = of_section(section(**keys), stocked(CELLS))

    assert found == expected


def test_spread_of_a_paper_is_the_mean_degree_of_what_is_scored():
    plan = Blueprint(
        sections=(
            section(questions=2),
            section(bank="fixe", questions=1, difficulty={2: 1}),
            section(bank="hors", questions=1, scored="no"),
        )
    )
    banks = {"culture": stocked(CELLS), "fixe": stocked({("Arts", 2): 3}, "fixe")}

    found = spread(plan, banks)

    assert found == of(Fraction(4, 3), Fraction(8, 3), Fraction(4 + 2, 3))
    assert found.width == Fraction(4, 3)


def test_paper_without_a_scored_section_has_no_spread():
    plan = Blueprint(sections=(section(scored="no"),))

    assert spread(plan, {"culture": stocked(CELLS)}) is None


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABC"), st.sampled_from([1, 2, 3])), st.integers(1, 4), min_size=1
    ),
    st.integers(1, 6),
    st.sampled_from([None, "even"]),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_no_drawn_paper_is_easier_or_harder_than_the_extremes(cells, count, topics):
    bank = stocked(cells)
    plan = section(questions=count, topics=topics)
    if plan.shortage(bank):
        return

    found = of_section(plan, bank)

    sums = [sum(one.difficulty for one in plan.draw(bank, Stream(str(seed)))) for seed in range(40)]
    assert found.easiest <= min(sums)
    assert max(sums) <= found.hardest
    assert found.easiest <= found.mean <= found.hardest


@pytest.mark.parametrize("topics", [None, "even"])
def test_mean_is_that_of_all_possible_papers(topics):
    bank = Bank("culture", "C", tuple(
        single(id=f"q-{at}", topic=topic, difficulty=degree)
        for at, (topic, degree) in enumerate([("A", 1), ("A", 2), ("B", 3), ("B", 3), ("B", 1)])
    ))  # fmt: skip
    pairs = list(combinations(bank.questions, 2))
    papers = [pair for pair in pairs if topics is None or pair[0].topic != pair[1].topic]
    mean = Fraction(sum(one.difficulty for pair in papers for one in pair), len(papers))

    assert of_section(section(questions=2, topics=topics), bank).mean == mean


def test_spread_with_cases_or_exclusions_is_measured_over_stated_seeds():
    bank = stocked(CELLS)
    apart = Bank(
        "culture",
        "C",
        tuple(one.model_copy(update={"exclude": ("a",)}) for one in bank.questions[:2])
        + bank.questions[2:],
    )

    found = of_section(section(), apart)

    assert found.seeds == SEEDS
    assert (found.easiest, found.hardest) == (Fraction(2), Fraction(6))


def test_spread_keeps_to_what_a_section_may_draw():
    bank = stocked(CELLS)
    hard = tuple(
        one.model_copy(update={"tags": ("dur",)} if one.difficulty == 3 else {})
        for one in bank.questions
    )

    assert of_section(section(tags="dur"), Bank("culture", "C", hard)) == of(6, 6, 6)
