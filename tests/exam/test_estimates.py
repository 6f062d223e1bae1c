"""The question subsidiaire: what people write as a number, and how far it lies."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.exam.lots import Stream
from quizapp.exam.numbers import number
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.shown import Shown
from tests.exam.samples import estimate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0,1", "0.1"),
        ("1 234", "1234"),
        ("1\u00a0234\u202f567", "1234567"),
        ("1 234,50", "1234.50"),
        ("  7 ", "7"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("+3", "3"),
        ("007", "7"),
    ],
)
def test_number_reads_what_people_write(text, value):
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "", "１２", "1_000", "٣", "1e3", "NaN", "inf", "12 5", "1 2345", "1.234.567", "douze",
        "12 m", "1/2", "0x10", ",5", "5,", "--1", "1234567890123456", "0,1234567", "1\n234",
    ],
)  # fmt: skip
def test_number_refuses_what_people_do_not_mean(text):
    with pytest.raises(ValueError, match="Écrivez un nombre"):
        number(text)


@given(st.text(alphabet="0123456789 ,.+-−_e１\u202f", max_size=12) | st.text(max_size=20))
@settings(deadline=None, max_examples=100)
def test_estimate_reads_a_finite_number_or_refuses(text):
    try:
        answer = estimate().read([text], ())
    except NotAnAnswerError:
        return
    assert (answer is None) == (text.strip() == "")
    if answer is not None:
        assert Decimal(answer).is_finite()
        assert estimate().read([answer], ()) == answer
        assert estimate().distance(answer) == abs(Fraction(answer) - 324)


def test_estimate_refuses_a_long_text_whole():
    with pytest.raises(NotAnAnswerError):
        estimate().read(["12" + " " * 60 + "000"], ())


def test_estimate_earns_no_points_but_a_distance():
    assert estimate().mark("324") == 0
    assert estimate().distance("324.5") == Fraction(1, 2)
    assert estimate(estimate="0,1").distance("0.3") == Fraction(1, 5)
    assert estimate().distance(None) is None
    assert estimate().read([], ()) is None


def test_estimate_shows_and_tells_the_number_as_it_was_understood():
    assert estimate().show((), "1234.5").value == "1234,5"
    assert estimate().told("1234.5") == "1234,5 m"
    assert estimate(unit=None).told("7") == "7"
    assert estimate().told(None) == ""
    assert estimate().order(Stream("graine")) == ()


@pytest.mark.parametrize("text", ["１２", "1_000", "NaN", "Infinity", "beaucoup"])
def test_true_value_refuses_what_is_not_a_number(text):
    with pytest.raises(ValidationError, match="n’est pas un nombre"):
        estimate(estimate=text)


def test_true_value_reads_what_people_write():
    assert estimate(estimate="1 234,5").key == "1234.5"


def test_show_of_an_estimate_never_contains_the_true_value():
    assert estimate().show((), None) == Shown("estimate", estimate().stem, unit="m")
    assert "324" not in repr(estimate().show((), "12.5"))
