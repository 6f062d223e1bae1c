"""Rescue files: only the server opens them, and nothing in them changes unseen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import rescue
from quizapp.exam.rescue import Pending, Rescue, RescueKey, open_file
from quizapp.exam.signing import (
    AlteredError,
    MalformedError,
    ProofError,
    UnknownKeyError,
    from_base64,
    to_base64,
)

NOON = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
SECRET = b"a secret for tests"
KEY = RescueKey.of(bytes(range(32)), NOON)
KEYS = {KEY.id: KEY}
STAGE, CANDIDATE = "rc-2026/premier-tour", "000123"
PAGE = rescue.for_page(KEY, SECRET, stage=STAGE, candidate=CANDIDATE, at=NOON)
VERSION = {
    "item": 7, "seq": 3, "key": "clef-unique", "answer": ["0", "2"], "flagged": True,
    "at": "2026-11-28T11:04:00.123Z",
}  # fmt: skip
SEALED_AT = NOON + timedelta(minutes=5)


def seal(page=PAGE, **changes) -> str:
    """A file sealed as rescue.js seals it, written a second time from its description."""
    contents = {
        "ticket": page["ticket"], "sealed_at": SEALED_AT.isoformat(), "pending": [VERSION],
    } | changes  # fmt: skip
    outside = {
        "readme": page["readme"], "format": "quizapp-rescue-1", "key": page["key"],
        "stage": page["stage"], "candidate": page["candidate"],
    }  # fmt: skip
    mine = RescueKey.of(b"\3" * 32, NOON)
    point = from_base64(page["public"])
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    agreed = mine.private.exchange(ec.ECDH(), server)
    key = HKDF(SHA256(), 32, salt=mine.public + point, info=b"quizapp rescue 1").derive(agreed)
    aad = "\n".join(outside.values()).encode()
    sealed = AESGCM(key).encrypt(b"\0" * 12, json.dumps(contents).encode(), aad)
    return json.dumps(
        outside
        | {
            "ephemeral": to_base64(mine.public),
            "iv": to_base64(b"\0" * 12),
            "sealed": to_base64(sealed),
        }
    )


FILE = seal()
WHOLE = Rescue(
    STAGE, CANDIDATE, NOON, SEALED_AT,
    (Pending(7, 3, "clef-unique", ("0", "2"), True,
             datetime(2026, 11, 28, 11, 4, 0, 123_000, tzinfo=UTC)),),
)  # fmt: skip


def test_file_opens_as_it_was_sealed():
    assert open_file(FILE, KEYS, SECRET) == WHOLE


def test_file_says_in_clear_whose_it_is_and_nothing_of_the_answers():
    clear = json.loads(FILE)

    assert (clear["stage"], clear["candidate"]) == (STAGE, CANDIDATE)
    assert PAGE["ticket"] not in FILE
    assert "clef-unique" not in FILE


def test_page_gets_no_secret():
    assert set(PAGE) == {"readme", "key", "public", "stage", "candidate", "ticket"}
    assert len(from_base64(PAGE["public"])) == 65
    assert "private" not in repr(KEY)


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_any_changed_character_breaks_it_or_changes_nothing(data):
    place = data.draw(st.integers(0, len(FILE) - 1))
    letters = st.one_of(st.characters(), st.sampled_from("aZ09-_ \n"), st.just(""))
    changed = FILE[:place] + data.draw(letters) + FILE[place + 1 :]

    try:
        assert open_file(changed, KEYS, SECRET) == WHOLE
        assert json.loads(changed) == json.loads(FILE)
    except ProofError:
        pass


@pytest.mark.parametrize("name", ["readme", "stage", "candidate", "ephemeral", "iv", "sealed"])
def test_any_changed_part_breaks_it(name):
    file = json.loads(FILE)
    file[name] = "A" + file[name][1:] if file[name][0] != "A" else "B" + file[name][1:]

    with pytest.raises(AlteredError, match="a été modifié"):
        open_file(json.dumps(file), KEYS, SECRET)


def test_file_for_another_server_is_refused():
    other = RescueKey.of(b"\1" * 32, NOON)

    with pytest.raises(UnknownKeyError, match="un autre serveur"):
        open_file(FILE, {other.id: other}, SECRET)


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "|||",
        "||0001-01-01T00:00:00+14:00|",
        rescue.ticket(b"another secret", stage=STAGE, candidate=CANDIDATE, at=NOON),
        rescue.ticket(SECRET, stage=STAGE, candidate="000124", at=NOON),
        rescue.ticket(SECRET, stage="rc-2026/finale", candidate=CANDIDATE, at=NOON),
        PAGE["ticket"].replace("11:00", "10:00"),
    ],
)
def test_file_without_the_ticket_of_this_sitting_is_refused(ticket):
    with pytest.raises(AlteredError, match="pas été fait dans la page de cette copie"):
        open_file(seal(ticket=ticket), KEYS, SECRET)


@pytest.mark.parametrize(
    "contents",
    [
        {"pending": [VERSION | {"seq": 0}]},
        {"pending": [VERSION | {"seq": "3"}]},
        {"pending": [VERSION | {"answer": "0"}]},
        {"pending": [VERSION | {"surprise": 1}]},
        {"pending": [VERSION | {"at": "2026-11-28T11:04:00"}]},
        {"pending": [VERSION | {"at": "0001-01-01T00:00:00+14:00"}]},
        {"pending": [VERSION] * 2001},
        {"surprise": 1},
    ],
)
def test_contents_of_another_form_are_refused(contents):
    with pytest.raises(MalformedError, match="illisible"):
        open_file(seal(**contents), KEYS, SECRET)


@pytest.mark.parametrize("text", ["", "{}", "[]", "[" * 100_000, FILE[:-2], " " * 1_000_001])
def test_what_is_no_rescue_file_is_refused(text):
    with pytest.raises(MalformedError):
        open_file(text, KEYS, SECRET)


def test_device_that_believes_it_is_1970_is_believed_no_further():
    version = VERSION | {"at": "1970-01-01T00:00:03.000Z"}

    opened = open_file(seal(pending=[version]), KEYS, SECRET)

    assert opened.pending[0].at == datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC)
    assert opened.opened_at == NOON
