"""Receipts: the server's signed word that a version of an answer is stored.

Each acknowledged version is one link of its sitting's chain: its SHA-256 also covers the link before
it, so that none can be changed, removed or put elsewhere unseen. A receipt is a link signed with
Ed25519; whoever has the public keys checks it without the server. ``docs/receipts.md`` gives the
format to whoever writes a verifier.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from quizapp.exam.signing import (
    MalformedError,
    PublicKeys,
    SigningKey,
    from_base64,
    to_base64,
    verify,
)

VERSION = "qr1"
NONE = "-"  # the fingerprint of an answer taken back
_SIGNED = b"quizapp receipt 1\n"
_TEXT = re.compile(
    r"(?P<previous>[0-9a-f]{64})\n(?P<n>[1-9]\d{0,9})\|(?P<stage>[^|\s]+)\|(?P<candidate>[^|\s]+)"
    r"\|(?P<item>[1-9]\d{0,9})\|(?P<seq>\d{1,10})\|(?P<flagged>[01])"
    r"\|(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\|(?P<answer>[0-9a-f]{64}|-)",
    re.ASCII,
)


def instant(at: datetime) -> str:
    """An instant as links write it: UTC, ISO 8601, microseconds, ``Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def fingerprint(response: str | None) -> str:
    """What a link says of a stored response: its SHA-256, or a dash for none."""
    return NONE if response is None else hashlib.sha256(response.encode()).hexdigest()


def rest(
    stage: str, candidate: str, *, item: int, seq: int, flagged: bool, at: datetime, answer: str
) -> str:
    """What a link says beside its number; ``stage`` is ``edition/stage``, ``answer`` a fingerprint."""
    return f"{stage}|{candidate}|{item}|{seq}|{flagged:d}|{instant(at)}|{answer}"


def first_link(stage: str, candidate: str) -> str:
    """Link 0, which every sitting has before its first answer."""
    return hashlib.sha256(f"quizapp|{stage}|{candidate}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """One stored version: number ``n`` of its sitting's chain, after the link ``previous``."""

    stage: str
    candidate: str
    n: int
    item: int
    seq: int
    flagged: bool
    at: datetime
    answer: str
    previous: str

    @property
    def rest(self) -> str:
        """What this link says beside its number."""
        return rest(
            self.stage, self.candidate, item=self.item, seq=self.seq, flagged=self.flagged,
            at=self.at, answer=self.answer,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """The text whose SHA-256 is the link; the database puts it together in the same way."""
        return f"{self.previous}\n{self.n}|{self.rest}"

    @property
    def link(self) -> str:
        """The link, in lower-case hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def sign(receipt: Receipt, key: SigningKey) -> str:
    """The receipt as one printable word: version, key, text of the link, signature of the link."""
    text = receipt.text.encode()
    return f"{VERSION}.{key.id}.{to_base64(text)}.{to_base64(key.sign(_message(text)))}"


def check(token: str, keys: PublicKeys) -> Receipt:
    """The receipt that one of ``keys`` has signed.

    Raises MalformedError, UnknownKeyError or AlteredError.
    """
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != VERSION:
        raise MalformedError("Ce texte n’est pas un reçu de réponse.")
    try:
        text, signature = from_base64(parts[2]), from_base64(parts[3])
    except ValueError:
        raise MalformedError("Ce reçu est incomplet ou mal recopié.") from None
    verify(keys, parts[1], signature, _message(text))
    return _read(text)


def _message(text: bytes) -> bytes:
    return _SIGNED + hashlib.sha256(text).hexdigest().encode()


def _read(text: bytes) -> Receipt:
    found = _TEXT.fullmatch(text.decode("utf-8", "replace"))
    if found is None:
        raise MalformedError("Ce reçu est signé, mais d’une forme inconnue ici.")
    return Receipt(
        stage=found["stage"],
        candidate=found["candidate"],
        n=int(found["n"]),
        item=int(found["item"]),
        seq=int(found["seq"]),
        flagged=found["flagged"] == "1",
        at=datetime.fromisoformat(found["at"]),
        answer=found["answer"],
        previous=found["previous"],
    )
