"""What is done with keys: made where there are none, and replaced."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlmodel import Session

from quizapp.exam.rescue import RescueKey
from quizapp.exam.signing import SigningKey, to_base64
from quizapp.kit import journal
from quizapp.kit.sealing import seal
from quizapp.proof import queries
from quizapp.proof.tables import Purpose, ServerKey


def ensure_keys(db: Session, *, secret: bytes, seed: bytes, by: str, now: datetime) -> None:
    """See to it that there is a key of each purpose that this secret opens.

    ``seed`` is 32 bytes of chance or more; it is used only if a key is missing.
    """
    if queries.signing_key(db, secret) is None:
        _add(db, Purpose.RECEIPT, secret=secret, seed=seed, by=by, now=now)
    if not queries.rescue_keys(db, secret):
        _add(db, Purpose.RESCUE, secret=secret, seed=seed, by=by, now=now)


def rotate(
    db: Session, *, secret: bytes, seed: bytes, by: str, now: datetime, why: str = ""
) -> list[ServerKey]:
    """A new key of each purpose; what the old ones signed or sealed stays good.

    The private part of a replaced receipt key is thrown away; that of a rescue key is kept, since
    a file sealed for it may still be on its way.
    """
    for old in queries.keys(db, Purpose.RECEIPT):
        old.sealed = ""
        db.add(old)
    return [
        _add(db, purpose, secret=secret, seed=seed, by=by, now=now, why=why) for purpose in Purpose
    ]


def _add(
    db: Session,
    purpose: Purpose,
    *,
    secret: bytes,
    seed: bytes,
    by: str,
    now: datetime,
    why: str = "",
) -> ServerKey:
    private = hashlib.sha256(f"{purpose}\n".encode() + seed).digest()
    if purpose is Purpose.RECEIPT:
        signing = SigningKey.of(private, now)
        name, public = signing.id, signing.public.public_bytes_raw()
    else:
        rescue = RescueKey.of(private, now)
        name, public = rescue.id, rescue.public
    before = queries.keys(db, purpose)
    key = ServerKey(
        purpose=purpose,
        name=name,
        public=to_base64(public),
        sealed=seal(secret, private, what=purpose),
        created_at=now,
    )
    db.add(key)
    db.flush()
    journal.record(
        db, at=now, who=by, what="key.add", subject=f"key:{purpose}",
        before=before[0].name if before else "", after=name, why=why,
    )  # fmt: skip
    return key
