"""Codes that people type, and receipts that change with every answer."""

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import codes, receipts

NOON = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
ANSWER = st.sampled_from(["0", "1", "0,1", "0,2", "12.5", "-3", "10"])
ANSWERS = st.dictionaries(st.integers(1, 41), ANSWER, max_size=41)


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


# Receipts


def test_digest_is_one_that_anyone_computes():
    text = b"C-00001\npremier-tour\n2026-11-28T11:00:00.000000+00:00\n2=0,1\n10=12.5"

    assert receipts.digest("C-00001", "premier-tour", {10: "12.5", 2: "0,1"}, NOON) == (
        hashlib.sha256(text).hexdigest()
    )


def test_digest_is_the_same_for_one_instant_told_in_two_zones():

    there = NOON.astimezone(ZoneInfo("Europe/Paris"))

    assert receipts.digest("C", "s", {}, there) == receipts.digest("C", "s", {}, NOON)


@given(ANSWERS, ANSWERS)
@settings(deadline=None, max_examples=100)
def test_digests_are_equal_only_for_equal_answers(one, other):
    digests = [receipts.digest("C-00001", "tour", answers, NOON) for answers in (one, other)]

    assert (digests[0] == digests[1]) == (one == other)


@given(ANSWERS.filter(bool), st.data())
@settings(deadline=None, max_examples=100)
def test_any_changed_added_or_missing_answer_changes_the_digest(answers, data):
    number = data.draw(st.sampled_from(sorted(answers)))
    changed = {**answers, number: answers[number] + "1"}
    missing = {other: answer for other, answer in answers.items() if other != number}
    added = {**answers, 42: "0"}

    found = [
        receipts.digest("C-00001", "tour", given, NOON)
        for given in (answers, changed, missing, added)
    ]

    assert len(set(found)) == 4
    assert found[0] == receipts.digest("C-00001", "tour", dict(reversed(answers.items())), NOON)


def test_digest_changes_with_candidate_stage_and_instant():
    later = NOON + timedelta(microseconds=1)

    assert len({
        receipts.digest("A", "un", {}, NOON),
        receipts.digest("B", "un", {}, NOON),
        receipts.digest("A", "deux", {}, NOON),
        receipts.digest("A", "un", {}, later),
    }) == 4  # fmt: skip


def test_receipt_is_twelve_letters_that_only_the_secret_makes():
    fingerprint = receipts.digest("C-00001", "tour", {1: "0"}, NOON)
    code = receipts.code(b"secret", fingerprint)

    assert len(code) == 12
    assert codes.plain(codes.grouped(code)) == code == receipts.code(b"secret", fingerprint)
    assert code != receipts.code(b"autre", fingerprint)
    assert code != receipts.code(b"secret", receipts.digest("C-00001", "tour", {1: "1"}, NOON))
