"""Item analysis: textbook values, and what a spoilt key looks like."""

from __future__ import annotations

import random
import statistics as plain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam.advice import advise
from quizapp.exam.questions.base import TYPES
from quizapp.exam.statistics import Analysis, Given, analyse


def question(name: str):
    return TYPES["single"].model_validate(
        {"id": name, "topic": "t", "difficulty": 1, "text": "?", "answer": "juste",
         "wrong": ["faux", "autre", "rare"], "explanation": "e", "source": "s"}
    )  # fmt: skip


QUESTIONS = {f"q-{number}": question(f"q-{number}") for number in range(60)}


def paper(marks: dict[str, float], *, weight: float = 1) -> list[Given]:
    return [
        Given(name, points * weight, weight, "0" if points == 1 else "1")
        for name, points in marks.items()
    ]


def table(rows: list[list[int]]) -> Analysis:
    papers = [paper({f"q-{at}": mark for at, mark in enumerate(row)}) for row in rows]
    return analyse(papers, QUESTIONS)


MATRIX = st.integers(2, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 1), min_size=width, max_size=width), min_size=3, max_size=12
    )
)


@given(MATRIX)
def test_alpha_of_one_paper_for_all_is_cronbachs(rows: list[list[int]]) -> None:
    found = table(rows).alpha

    columns, totals = list(zip(*rows, strict=True)), [sum(row) for row in rows]
    variance = plain.pvariance(totals)
    if variance == 0:
        return
    width = len(columns)
    expected = width / (width - 1) * (1 - sum(map(plain.pvariance, columns)) / variance)
    assert found == pytest.approx(expected, abs=1e-9)


@given(MATRIX)
def test_effective_weights_of_a_paper_add_up_to_one(rows: list[list[int]]) -> None:
    items = table(rows).items.values()

    if any(one.effective is None for one in items):
        assert plain.pvariance([sum(row) for row in rows]) == pytest.approx(0)
    else:
        assert sum(one.effective or 0 for one in items) == pytest.approx(1)
    assert sum(one.weight for one in items) == pytest.approx(1)


@given(MATRIX, st.randoms())
def test_order_of_papers_changes_nothing(rows: list[list[int]], chance: random.Random) -> None:
    """Except how equals fall into the groups: those figures are left out."""
    first = table(rows)
    chance.shuffle(rows)
    again = table(rows)

    assert again.alpha == pytest.approx(first.alpha)
    for name, item in first.items.items():
        assert again.items[name].facility == pytest.approx(item.facility)
        assert again.items[name].item_rest == pytest.approx(item.item_rest)


def test_textbook_example() -> None:
    """Four candidates, three questions; computed by hand."""
    found = table([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]])

    assert found.mean == 1.5
    assert found.alpha == pytest.approx(0.75)
    assert found.error == pytest.approx(0.5590, abs=1e-4)  # sd 1.1180, times sqrt(1 - 0.75)
    assert [one.facility for one in found.items.values()] == [0.75, 0.5, 0.25]
    assert found.items["q-1"].item_rest == pytest.approx(0.7071, abs=1e-4)
    assert found.items["q-1"].index == 1.0
    assert found.items["q-1"].bands[0] is None  # four candidates do not fill five groups
    assert (found.items["q-1"].bands[1], found.items["q-1"].bands[-1]) == (0.0, 1.0)


def sat(chance: random.Random, count: int, *, spoilt: str = "") -> Analysis:
    """So many candidates of all strengths on papers of 20 out of 60; ``spoilt`` has a wrong key."""
    papers = []
    for _ in range(count):
        strength = chance.random()
        given_ = []
        for name in chance.sample(sorted(QUESTIONS), 20):
            knows = chance.random() < 0.15 + 0.75 * strength
            answer = "0" if knows else chance.choice("122223")
            if name == spoilt:  # what is true is the second choice, which counts as wrong
                answer = "1" if knows else chance.choice("023")
            given_.append(Given(name, float(answer == "0"), 1, answer))
        papers.append(given_)
    return analyse(papers, QUESTIONS)


def test_spoilt_key_is_named_and_no_other() -> None:
    found = sat(random.Random(5), 1_500, spoilt="q-7")

    suspected = [
        name for name, item in found.items.items()
        if any("clé" in told for told in advise(item))
    ]  # fmt: skip
    assert suspected == ["q-7"]
    assert "« faux » attire les meilleurs candidats" in " ".join(advise(found.items["q-7"]))
    assert found.items["q-7"].item_rest < 0 < found.items["q-8"].item_rest


def test_papers_that_differ_give_the_alpha_of_their_length() -> None:
    """Twenty questions of sixty: the same consistency as when all sit the same twenty."""
    mixed = sat(random.Random(6), 3_000)
    same = analyse([_twenty(random.Random(seed)) for seed in range(3_000)], QUESTIONS)

    assert mixed.alpha == pytest.approx(same.alpha, abs=0.03)


def _twenty(chance: random.Random) -> list[Given]:
    strength = chance.random()
    marks = [float(chance.random() < 0.15 + 0.75 * strength) for _ in range(20)]
    return [Given(f"q-{at}", mark, 1, "0" if mark else "1") for at, mark in enumerate(marks)]


def test_what_earns_nothing_and_empty_rounds_are_left_out() -> None:
    survey = Given("q-1", 0, 0, "0")

    found = analyse([[survey], []], QUESTIONS)

    assert found.papers == 0
    assert found.items == {}
    assert found.alpha is None


def test_too_few_answers_give_no_advice() -> None:
    found = table([[0, 1], [1, 0]] * 10)

    assert all(advise(item) == [] for item in found.items.values())


def test_omitted_and_unsure_are_told_apart() -> None:
    unsure = TYPES["single"].model_validate(
        {**question("q-0").model_dump(exclude={"type"}), "type": "single",
         "scoring": {"dont_know": "0"}}
    )  # fmt: skip
    given_ = [Given("q-0", 0, 1, answer) for answer in (None, "?", "1", "0")]

    item = analyse(
        [[one, Given("q-1", 1, 1, "0")] for one in given_], {**QUESTIONS, "q-0": unsure}
    ).items["q-0"]

    assert (item.omitted, item.unsure) == (0.25, 0.25)
    assert [(one.label, one.count) for one in item.choices] == [
        ("juste", 1), ("faux", 1), ("autre", 0), ("rare", 0),
    ]  # fmt: skip
