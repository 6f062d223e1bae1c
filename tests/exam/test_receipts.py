"""Receipts of single answers: one fixed form, and nothing in them can be changed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import receipts, signing
from quizapp.exam.receipts import Receipt, check, sign
from quizapp.exam.signing import (
    AlteredError,
    MalformedError,
    ProofError,
    SigningKey,
    UnknownKeyError,
)

NOON = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
KEY = SigningKey.of(bytes(range(32)), NOON)
KEYS = {KEY.id: KEY.public}
STAGE, CANDIDATE = "rc-2026/premier-tour", "000123"
RECEIPT = Receipt(
    STAGE, CANDIDATE, n=1, item=7, seq=3, flagged=False, at=NOON,
    answer=receipts.fingerprint("0,2"), previous=receipts.first_link(STAGE, CANDIDATE),
)  # fmt: skip
RECEIPTS = st.builds(
    Receipt,
    stage=st.from_regex(r"[a-z0-9-]{1,60}/[a-z0-9-]{1,60}", fullmatch=True),
    candidate=st.from_regex(r"[0-9]{6}", fullmatch=True),
    n=st.integers(1, 10**9),
    item=st.integers(1, 500),
    seq=st.integers(0, 2_000_000_000),
    flagged=st.booleans(),
    at=st.datetimes(timezones=st.just(UTC)),
    answer=st.one_of(st.none(), st.text()).map(
        lambda text: receipts.fingerprint(text and text.encode("utf-8", "replace").decode())
    ),
    previous=st.binary().map(lambda value: hashlib.sha256(value).hexdigest()),
)


def test_link_is_one_that_anyone_computes():
    first = hashlib.sha256(b"quizapp|rc-2026/premier-tour|000123").hexdigest()
    answer = hashlib.sha256(b"0,2").hexdigest()
    rest = f"rc-2026/premier-tour|000123|7|3|0|2026-11-28T11:00:00.000000Z|{answer}"

    assert (RECEIPT.previous, RECEIPT.rest) == (first, rest)
    assert RECEIPT.link == hashlib.sha256(f"{first}\n1|{rest}".encode()).hexdigest()


def test_answer_taken_back_is_a_dash():
    assert receipts.fingerprint(None) == "-"
    assert receipts.fingerprint("") == hashlib.sha256(b"").hexdigest()


def test_instant_is_the_same_in_every_zone():
    there = (NOON + timedelta(microseconds=5)).astimezone(ZoneInfo("Indian/Reunion"))

    assert receipts.instant(there) == "2026-11-28T11:00:00.000005Z"


def test_token_of_a_fixed_key_and_receipt_is_fixed():
    assert sign(RECEIPT, KEY) == (
        "qr1.56475aa7.YTc0ODA4ZmZmODhjYTYwNmY4NGM0ZTc2M2E3MDNlOWRmZjMwZjY5NWM2MTZlY2U5ZjQwM2FhYzg"
        "2YjM0YmU3NAoxfHJjLTIwMjYvcHJlbWllci10b3VyfDAwMDEyM3w3fDN8MHwyMDI2LTExLTI4VDExOjAwOjAwLjA"
        "wMDAwMFp8YTc4NDFlYTc3NWUxZGZmM2U1YjIyZGQ1ZjRiNjY0ODcyOTliZGEyZjZkYzBiNzkzMmRjNGQzNzVlMmF"
        "jZTU1NA.8ald6KZBJU0ywEzCR25tb_JZYpV_B1EYgibqS7RI4agJFxUw9SGuR-NvfC3bDYB3XOyrSyk6wK455UAp"
        "ixXBBQ"
    )


@given(RECEIPTS)
@settings(deadline=None, max_examples=200)
def test_signed_receipt_reads_as_it_was(receipt):
    assert check(sign(receipt, KEY), KEYS) == receipt


@given(st.data())
@settings(deadline=None, max_examples=500)
def test_any_changed_character_is_refused(data):
    token = sign(RECEIPT, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letters = st.one_of(st.characters(), st.sampled_from("abcXYZ019-_.=\n"), st.just(""))
    letter = data.draw(letters.filter(lambda one: one != token[place]))

    with pytest.raises(ProofError):
        check(token[:place] + letter + token[place + 1 :], KEYS)


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_any_text_is_refused_as_no_receipt(text):
    with pytest.raises(MalformedError):
        check(text, KEYS)


@pytest.mark.parametrize(
    ("part", "error"),
    [(0, MalformedError), (1, UnknownKeyError), (2, AlteredError), (3, AlteredError)],
)
def test_refusal_says_which_part_is_wrong(part, error):
    parts = sign(RECEIPT, KEY).split(".")
    others = ["qr2", "00000000", signing.to_base64(b"autre"), signing.to_base64(b"\0" * 64)]

    with pytest.raises(error):
        check(".".join([*parts[:part], others[part], *parts[part + 1 :]]), KEYS)


def test_receipt_is_written_in_one_way():
    token = sign(RECEIPT, KEY)
    # Four bits of the last letter mean nothing: sixteen letters say the same as its Q.
    others = [token[:-1] + letter for letter in "RSTUVWXYZabcdef"]

    for other in [*others, f"{token}=", f"{token}\n", f" {token}"]:
        with pytest.raises(MalformedError):
            check(other, KEYS)


def test_signature_of_something_else_is_no_receipt():
    text = signing.to_base64(RECEIPT.text.encode())
    bare = signing.to_base64(KEY.sign(RECEIPT.link.encode()))

    with pytest.raises(AlteredError):
        check(f"qr1.{KEY.id}.{text}.{bare}", KEYS)


def test_receipt_stays_valid_after_the_key_has_rotated():
    newer = SigningKey.of(b"\1" * 32, NOON)
    keys = {**KEYS, newer.id: newer.public}

    assert check(sign(RECEIPT, KEY), keys) == check(sign(RECEIPT, newer), keys) == RECEIPT


def test_receipt_of_another_server_is_refused():
    stranger = SigningKey.of(b"\2" * 32, NOON)

    with pytest.raises(UnknownKeyError, match="n’est pas une clé de ce serveur"):
        check(sign(RECEIPT, stranger), KEYS)


def test_key_never_shows_its_secret():
    assert bytes(range(32)).hex() not in repr(KEY)
    assert "private" not in repr(KEY)


def test_keys_are_written_and_read():
    text = signing.write_keys([(KEY.public, NOON)])

    assert signing.read_keys(text) == KEYS
    assert signing.key_id(KEY.public) == KEY.id == "56475aa7"


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"keys": 3}', '{"keys": [3]}', '{"keys": [{"id": "a", "public": "b"}]}',
        '{"keys": [{"id": 3, "public": 3}]}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_key_file_is_refused(text):
    with pytest.raises(MalformedError):
        signing.read_keys(text)


def test_key_under_another_name_is_refused():
    text = signing.write_keys([(KEY.public, NOON)]).replace(KEY.id, "00000000")

    with pytest.raises(MalformedError, match="00000000"):
        signing.read_keys(text)
