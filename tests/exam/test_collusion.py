"""Papers that are alike: honest rounds stay quiet at the stated level, planted copiers are found."""

from __future__ import annotations

import math
import random
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.collusion import LEVEL, Habits, Pair, Sheet, compare, tail

Answers = dict[str, str]


def honest(
    seed: int, *, candidates: int, questions: int, drawn: int | None = None
) -> list[Answers]:
    """Answers of people who work alone: abilities and difficulties vary, some errors are popular,

    some questions have a dozen wrong answers, and one in thirty is left out.
    """
    rng = random.Random(seed)
    hard = [rng.uniform(-1.5, 1.5) for _ in range(questions)]
    errors = [
        [rng.random() ** 2 + 0.02 for _ in range(12 if rng.random() < 0.2 else 3)]
        for _ in range(questions)
    ]
    sheets = []
    for _ in range(candidates):
        ability = rng.gauss(0.3, 1)
        given: Answers = {}
        for place in rng.sample(range(questions), drawn or questions):
            if rng.random() < 1 / 30:
                continue
            right = rng.random() < 1 / (1 + math.exp(hard[place] - ability))
            wrong = rng.choices(range(len(errors[place])), errors[place])[0]
            given[f"q{place}"] = "juste" if right else str(wrong)
        sheets.append(given)
    return sheets


def sheets_of(answers: list[Answers]) -> list[Sheet]:
    return [
        Sheet(
            f"{place:06}",
            frozenset(name for name, answer in given.items() if answer == "juste"),
            {name: answer for name, answer in given.items() if answer != "juste"},
        )
        for place, given in enumerate(answers)
    ]


def copied(answers: list[Answers], seed: int, *, share: float = 0.9) -> list[Answers]:
    """The second candidate takes most answers from the first."""
    rng = random.Random(seed)
    for question, answer in answers[0].items():
        if question in answers[1] and rng.random() < share:
            answers[1][question] = answer
    return answers


def alarms(*, candidates: int, questions: int, runs: int) -> float:
    """The share of honest rounds in which any pair is told."""
    rounds = (
        sheets_of(honest(seed, candidates=candidates, questions=questions)) for seed in range(runs)
    )
    return sum(bool(compare(sheets).pairs) for sheets in rounds) / runs


@pytest.mark.parametrize(("candidates", "questions"), [(20, 60), (40, 40)])
def test_honest_rounds_raise_an_alarm_no_more_often_than_stated(
    candidates: int, questions: int
) -> None:
    assert alarms(candidates=candidates, questions=questions, runs=200) <= LEVEL


def test_copiers_are_found_and_nobody_else() -> None:
    for seed in range(10):
        answers = honest(seed, candidates=200, questions=60)
        wrong = sum(answer != "juste" for answer in answers[0].values())
        if wrong < 20:  # whoever copies right answers leaves no trace here
            continue
        told = compare(sheets_of(copied(answers, seed))).pairs
        assert [(pair.first, pair.second) for pair in told] == [("000000", "000001")], seed


def test_copying_of_right_answers_alone_is_never_told() -> None:
    answers = honest(3, candidates=60, questions=60)
    for question in list(answers[0]):
        answers[0][question] = answers[1][question] = "juste"

    assert compare(sheets_of(answers)).pairs == ()


def test_popular_error_shared_by_all_is_no_clue() -> None:
    """Everybody falls into the same traps: no two are more alike than the others."""
    answers = [{f"q{place}": "piège" for place in range(40)} for _ in range(30)]

    report = compare(sheets_of(answers))

    assert (report.compared, report.pairs) == (435, ())


def test_papers_with_few_questions_in_common_are_not_compared() -> None:
    answers = honest(5, candidates=30, questions=400, drawn=20)

    report = compare(sheets_of(answers))

    assert report.compared == report.examined == 0


def test_report_says_what_was_counted() -> None:
    """Two alone give the same rare wrong answer to twenty questions out of twenty."""
    answers = [{f"q{place}": str(who) for place in range(20)} for who in range(14)]
    answers[0] = answers[1] = {f"q{place}": "rare" for place in range(20)}

    [pair] = compare(sheets_of(answers)).pairs

    chance = (1 / 13) ** 20  # nobody else of twelve gave it: one more did, of one more
    assert pair == Pair(
        "000000", "000001", common=20, both_wrong=20, alike=20, expected=pytest.approx(20 / 13),
        chance=pytest.approx(chance), false_alarms=pytest.approx(chance * 91),
    )  # fmt: skip


def test_share_of_an_answer_leaves_the_two_papers_out() -> None:
    answers = [{"q": answer} for answer in ("a", "a", "a", "b", "b", "c", "juste")]
    habits = Habits(sheets_of(answers))

    assert habits.share("q", "a", both=True) == pytest.approx(2 / 5)
    assert habits.share("q", "a", both=False) == pytest.approx(3 / 5)
    assert habits.given("q", "a") == (3, 6)


@given(st.lists(st.floats(0, 1), max_size=9), st.integers(0, 10))
def test_tail_is_the_sum_over_all_outcomes(probabilities: list[float], least: int) -> None:
    every = sum(
        math.prod(one if hit else 1 - one for one, hit in zip(probabilities, hits, strict=True))
        for hits in product((True, False), repeat=len(probabilities))
        if sum(hits) >= least
    )

    assert tail(probabilities, least) == pytest.approx(every, abs=1e-12)


def test_tail_keeps_the_digits_of_a_tiny_chance() -> None:
    assert tail([1e-3] * 60, 60) == pytest.approx(1e-180)


WORLDS = st.lists(
    st.dictionaries(
        st.sampled_from([f"q{place}" for place in range(12)]),
        st.sampled_from(["juste", "1", "2", "3"]),
        min_size=4,
    ),
    min_size=2,
    max_size=12,
)


@given(WORLDS, st.sampled_from([0.05, 1.0, 20.0]))
@settings(max_examples=150)
def test_what_is_not_examined_could_never_have_been_told(
    answers: list[Answers], level: float
) -> None:
    """Every pair, computed in full by another road, gives the same list."""
    sheets = sheets_of(answers)
    habits = Habits(sheets)
    pairs = [
        (one, other)
        for one, other in combinations(sheets, 2)
        if len(one.answered & other.answered) >= 3
    ]
    expected = set()
    for one, other in pairs:
        both = one.wrong.keys() & other.wrong.keys()
        alike = {name for name in both if one.wrong[name] == other.wrong[name]}
        chance = max(
            tail(
                [habits.share(name, of.wrong[name], both=name in alike) for name in both],
                len(alike),
            )
            for of in (one, other)
        )
        if chance * len(pairs) <= level:
            expected.add((one.number, other.number, len(alike)))

    report = compare(sheets, level=level, least_common=3)

    assert report.compared == len(pairs)
    if level < len(
        pairs
    ):  # a level that lets every pair in compares those without any likeness too
        assert {(pair.first, pair.second, pair.alike) for pair in report.pairs} == expected


@given(WORLDS, st.randoms())
@settings(max_examples=50)
def test_order_of_the_papers_never_decides(answers: list[Answers], rng: random.Random) -> None:
    sheets = sheets_of(answers)
    shuffled = rng.sample(sheets, len(sheets))

    assert compare(shuffled, level=1.0, least_common=3) == compare(
        sheets, level=1.0, least_common=3
    )
