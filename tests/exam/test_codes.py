"""Codes that people type."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import codes


def test_alphabet_has_no_letter_that_looks_like_another():
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 32
    assert not set("ILOU") & set(codes.ALPHABET)


@pytest.mark.parametrize(
    ("value", "length", "code"),
    [
        (b"\x00" * 5, 8, "00000000"),
        (b"\xff" * 5, 8, "ZZZZZZZZ"),
        (b"\x08\x42", 3, "111"),
        (b"\xf8", 1, "Z"),
        (b"\x07", 1, "0"),
        (b"", 0, ""),
    ],
)
def test_encode_takes_five_bits_a_letter(value, length, code):
    assert codes.encode(value, length) == code


def test_encode_refuses_too_few_bytes():
    with pytest.raises(ValueError, match="not enough bytes"):
        codes.encode(b"\x00" * 5, 9)


@pytest.mark.parametrize(
    ("code", "printed"),
    [("", ""), ("K7QM", "K7QM"), ("K7QM3", "K7QM-3"), ("K7QM3XTR9D", "K7QM-3XTR-9D")],
)
def test_grouped_puts_a_dash_after_every_fourth(code, printed):
    assert codes.grouped(code) == printed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("K7QM-3XTR-9D", "K7QM3XTR9D"),
        (" k7qm 3xtr\u00a09d\n", "K7QM3XTR9D"),
        ("O0oO", "0000"),
        ("I1il-L1", "111111"),
        ("K7QM–3XTR", "K7QM3XTR"),
        ("", ""),
    ],
)
def test_plain_reads_what_a_person_typed(typed, code):
    assert codes.plain(typed) == code


@given(st.binary(min_size=8, max_size=8), st.randoms())
@settings(deadline=None, max_examples=100)
def test_code_survives_being_printed_and_typed(value, random):
    code = codes.encode(value, 12)
    letters = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        random.choice(letters.get(letter, letter + letter.lower()))
        for letter in codes.grouped(code)
    )

    assert set(code) <= set(codes.ALPHABET)
    assert codes.plain(typed) == codes.plain(codes.grouped(code)) == code
