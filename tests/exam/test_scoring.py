"""The scoring rules: exact, and between their stated ends."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.numbers import share
from quizapp.exam.scoring import RULES, Scoring, Tally

RIGHT = Tally(3, 0, of=3, traps=2, fractions=Fraction(1))


@pytest.mark.parametrize(
    ("rule", "tally", "part"),
    [
        ("all-or-nothing", RIGHT, 1),
        ("all-or-nothing", Tally(2, 0, of=3), 0),
        ("all-or-nothing", Tally(3, 1, of=3, traps=2), 0),
        ("right-minus-wrong", Tally(2, 1, of=3), Fraction(1, 3)),
        ("right-minus-wrong", Tally(1, 2, of=3), 0),
        ("per-option", Tally(2, 1, of=3, traps=2), Fraction(3, 5)),
        ("per-option", Tally(1, 2, of=3), Fraction(1, 3)),
        ("kprim", Tally(4, 0, of=4), 1),
        ("kprim", Tally(3, 1, of=4), Fraction(1, 2)),
        ("kprim", Tally(3, 0, of=4), Fraction(1, 2)),
        ("kprim", Tally(2, 2, of=4), 0),
        ("fractions", Tally(0, 1, fractions=Fraction(-1, 3)), Fraction(-1, 3)),
        ("fractions", Tally(1, 0, fractions=Fraction(4, 3)), 1),
    ],
)
def test_rule(rule, tally, part):
    assert RULES[rule](tally) == part


@st.composite
def tallies(draw):
    """Any tally that an answer can have."""
    of, traps = draw(st.integers(1, 9)), draw(st.integers(0, 9))
    right = draw(st.integers(0, of))
    wrong = draw(st.integers(0, traps or of - right))
    part = Fraction(draw(st.integers(-9, 9)), 9)
    return Tally(right, wrong, of, traps, part, draw(st.booleans()))


PARTS = st.integers(-8, 8).map(lambda eighths: Fraction(eighths, 8))


@given(tallies(), PARTS, PARTS, st.sampled_from(sorted(RULES)))
@settings(deadline=None, max_examples=200)
def test_part_is_exact_and_never_under_the_floor(tally, wrong, inconsistent, rule):
    scoring = Scoring(wrong=wrong, inconsistent=inconsistent)

    part = scoring.part(rule, tally)

    assert type(part) is Fraction
    assert min(scoring.floor, tally.fractions) <= part <= 1


@given(tallies(), st.sampled_from(sorted(set(RULES) - {"fractions"})))
@settings(deadline=None, max_examples=200)
def test_more_right_is_never_worth_less_and_all_right_earns_all(tally, rule):
    better = Tally(min(tally.of, tally.right + 1), tally.wrong, tally.of, tally.traps)

    assert RULES[rule](better) >= RULES[rule](tally)
    assert RULES[rule](Tally(tally.of, 0, tally.of, tally.traps)) == 1


def test_wrong_applies_where_the_rule_gives_nothing():
    scoring = Scoring(wrong="-1/4")

    assert scoring.part("right-minus-wrong", Tally(1, 1, of=2)) == Fraction(-1, 4)
    assert scoring.part("right-minus-wrong", Tally(1, 0, of=2)) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1", 1), ("1/3", Fraction(1, 3)), ("-1/4", Fraction(-1, 4)), ("−0,5", Fraction(-1, 2)),
        ("25 %", Fraction(1, 4)), ("33.333333 %", Fraction(33333333, 100000000)), ("25\u00a0%", Fraction(1, 4)),
    ],
)  # fmt: skip
def test_share_reads_what_people_write(text, part):
    assert share(text) == part


@pytest.mark.parametrize(
    "text", ["", "un", "1/0", "1//2", "１/２", "1e1", "NaN", "9" * 5000, "1 / 2"]
)
def test_share_refuses_the_rest(text):
    with pytest.raises(ValueError, match="n’est pas une part"):
        share(text)
