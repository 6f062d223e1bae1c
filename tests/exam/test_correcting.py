"""Corrections of a question: what each makes of an answer, and that no bank is ever changed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam import bank
from quizapp.exam.correcting import (
    Correction,
    Kind,
    alternatives,
    check,
    corrected,
    is_typed,
    kinds_for,
)
from quizapp.exam.problems import ToldError

COMMON = "topic: t, difficulty: 1, text: '?', explanation: e, source: s"
QUESTIONS = {
    "single": "answer: A, wrong: [B, C]",
    "several": "answers: [A, B], wrong: [C, D], scoring: per-option",
    "parts": "answer: A, wrong: [B, C], fractions: {A: 1, B: 1/2}",
    "kprim": "statements: {a: yes, b: no, c: yes, d: no}",
    "number": "number: 10, within: 1",
    "short": "accept: [Paris], refuse: [Lyon]",
    "truth": "'true': yes",
    "guess": "estimate: 100",
    "essay": "rubric: r",
}
SEALED = bank.parse(
    "bank: b\ntitle: B\nquestions:\n"
    + "".join(f"  - {{id: {name}, {COMMON}, {keys}}}\n" for name, keys in QUESTIONS.items())
)
BANKS = {"b": SEALED}
DIGEST = SEALED.digest


def question(name, *corrections):
    """A question as these corrections leave it."""
    said = [Correction("b", name, kind, value) for kind, value in corrections]
    return corrected(BANKS, said).banks["b"].by_id[name]


@pytest.mark.parametrize(
    ("name", "corrections", "marks"),
    [
        ("single", [(Kind.ACCEPT, "1")], {"0": 1, "1": 1, "2": 0}),
        ("single", [(Kind.REPLACE, "1")], {"0": 0, "1": 1, "2": 0}),
        ("single", [(Kind.ACCEPT, "1"), (Kind.ACCEPT, "2")], {"0": 1, "1": 1, "2": 1}),
        ("single", [(Kind.ACCEPT, "1"), (Kind.REPLACE, "2")], {"0": 0, "1": 0, "2": 1}),
        ("single", [(Kind.REPLACE, "1"), (Kind.ACCEPT, "2")], {"0": 0, "1": 1, "2": 1}),
        ("several", [], {"0,1": 1, "0": Fraction(3, 4), "0,2": Fraction(1, 2)}),
        (
            "several",
            [(Kind.REPLACE, "0,2")],
            {"0,2": 1, "0": Fraction(3, 4), "0,1": Fraction(1, 2)},
        ),
        ("several", [(Kind.ACCEPT, "0,2")], {"0,1": 1, "0,2": 1, "0": Fraction(3, 4)}),
        ("several", [(Kind.RULE, "all-or-nothing")], {"0,1": 1, "0": 0}),
        ("parts", [(Kind.ACCEPT, "2")], {"0": 1, "1": Fraction(1, 2), "2": 1}),
        ("kprim", [(Kind.REPLACE, "1,1,0,1")], {"1,1,0,1": 1, "0,1,0,1": Fraction(1, 2)}),
        ("number", [(Kind.ACCEPT, "20")], {"11": 1, "20.0": 1, "20.5": 0}),
        ("number", [(Kind.REPLACE, "20")], {"10": 0, "20": 1}),
        ("short", [(Kind.ACCEPT, "Lyon")], {"paris": 1, "LYON": 1, "Lille": 0}),
        ("short", [(Kind.REPLACE, "Lyon")], {"paris": 0, "lyon": 1}),
        ("truth", [(Kind.REPLACE, "1")], {"0": 0, "1": 1}),
    ],
)
def test_correction_makes_of_an_answer(name, corrections, marks):
    one = question(name, *corrections)

    assert {answer: one.mark(answer) for answer in marks} == marks


def test_estimate_is_measured_from_the_corrected_truth():
    assert question("guess").distance("90") == 10
    assert question("guess", (Kind.REPLACE, "80")).distance("90") == 10
    assert question("guess", (Kind.REPLACE, "80")).distance("80") == 0


def test_review_shows_the_key_that_counts():
    one = question("single", (Kind.ACCEPT, "1"))
    other = question("single", (Kind.REPLACE, "1"))

    assert one.review((), "1").told_key == "A ou B"
    assert other.review((), "1").told_key == "B"
    assert [choice.chosen for choice in other.review((), "0").key.choices] == [False, True, False]


def test_last_word_on_a_question_that_counts_for_nobody_or_all_is_the_one_that_holds():
    void, full = (Correction("b", "single", kind) for kind in (Kind.VOID, Kind.FULL))

    assert corrected(BANKS, [void, full]).given == {("b", "single")}
    assert corrected(BANKS, [void, full]).void == set()
    assert corrected(BANKS, [full, void]).void == {("b", "single")}


@given(
    st.lists(
        st.sampled_from(
            [
                Correction("b", "single", Kind.REPLACE, "1"),
                Correction("b", "several", Kind.ACCEPT, "0,2"),
                Correction("b", "number", Kind.WEIGHT, "3"),
                Correction("b", "short", Kind.VOID),
            ]
        ),
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_corrections_of_different_questions_hold_in_any_order_and_change_no_bank(said, chance):
    shuffled = list(said)
    chance.shuffle(shuffled)

    assert corrected(BANKS, said) == corrected(BANKS, shuffled)
    assert (SEALED.digest, SEALED.by_id["single"].mark("1")) == (DIGEST, 0)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("single", "void accept replace full weight"),
        ("several", "void accept replace full rule weight"),
        ("parts", "void accept full weight"),
        ("essay", "void full weight"),
        ("guess", "void replace"),
    ],
)
def test_question_bears_what_its_type_can(name, kinds):
    assert [kind.value for kind in kinds_for(SEALED.by_id[name], scored=True)] == kinds.split()
    assert kinds_for(SEALED.by_id["single"], scored=False) == ()


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("single", Kind.ACCEPT, "0"),
        ("single", Kind.ACCEPT, ""),
        ("single", Kind.REPLACE, "0"),
        ("single", Kind.WEIGHT, "1"),
        ("single", Kind.WEIGHT, "0"),
        ("single", Kind.WEIGHT, "101"),
        ("single", Kind.WEIGHT, "beaucoup"),
        ("single", Kind.RULE, "kprim"),
        ("several", Kind.RULE, "per-option"),
        ("several", Kind.RULE, "fractions"),
        ("guess", Kind.FULL, ""),
        ("essay", Kind.ACCEPT, "x"),
        ("single", Kind.UNDO, ""),
    ],
)
def test_correction_that_says_nothing_or_does_not_suit_is_refused(name, kind, value):
    with pytest.raises(ToldError):
        check(Correction("b", name, kind, value), SEALED.by_id[name], scored=True)


def test_another_answer_is_chosen_among_all_choices_or_those_given():
    assert alternatives(SEALED.by_id["single"], ["2"]) == ["0", "1", "2"]
    assert alternatives(SEALED.by_id["several"], ["0,2", None]) == ["0,2"]
    assert [name for name in QUESTIONS if is_typed(SEALED.by_id[name])] == [
        "number", "short", "guess",
    ]  # fmt: skip
