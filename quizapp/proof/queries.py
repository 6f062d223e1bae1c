"""What is read of keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session, col, select

from quizapp.exam.rescue import RescueKey
from quizapp.exam.signing import SigningKey, from_base64, key_id
from quizapp.kit.sealing import unseal
from quizapp.proof.tables import Purpose, ServerKey


def keys(db: Session, purpose: Purpose) -> Sequence[ServerKey]:
    """The keys of this purpose, the newest first."""
    return db.exec(
        select(ServerKey).where(ServerKey.purpose == purpose).order_by(col(ServerKey.id).desc())
    ).all()


def published(db: Session) -> list[tuple[Ed25519PublicKey, datetime]]:
    """Every key that ever signed a receipt here, and since when, the newest first."""
    return [
        (Ed25519PublicKey.from_public_bytes(from_base64(key.public)), key.created_at)
        for key in keys(db, Purpose.RECEIPT)
    ]


def public_keys(db: Session) -> dict[str, Ed25519PublicKey]:
    """The same by name, to check receipts."""
    return {key_id(public): public for public, _since in published(db)}


def signing_key(db: Session, secret: bytes) -> SigningKey | None:
    """The key that signs receipts: the newest that this secret opens."""
    for key in keys(db, Purpose.RECEIPT):
        if private := unseal(secret, key.sealed, what=Purpose.RECEIPT):
            return SigningKey.of(private, key.created_at)
    return None


def rescue_keys(db: Session, secret: bytes) -> dict[str, RescueKey]:
    """The keys that open rescue files, by name, the newest first."""
    return {
        key.name: RescueKey.of(private, key.created_at)
        for key in keys(db, Purpose.RESCUE)
        if (private := unseal(secret, key.sealed, what=Purpose.RESCUE))
    }
