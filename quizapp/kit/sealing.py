"""Small secrets at rest: what is in the database opens with the installation's secret alone."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(secret: bytes, value: bytes, *, what: str) -> str:
    """``value`` under AES-256-GCM with a key of its own for ``what`` (HKDF-SHA-256), as Base64.

    The nonce follows from key and value: two values never share one, and nothing is left to chance.
    """
    key = _key(secret, what)
    nonce = hashlib.sha256(key + value).digest()[:12]
    return b64encode(nonce + AESGCM(key).encrypt(nonce, value, None)).decode()


def unseal(secret: bytes, sealed: str, *, what: str) -> bytes | None:
    """The value, or None if another secret or another purpose sealed it, or it was changed."""
    try:
        whole = b64decode(sealed, validate=True)
        return AESGCM(_key(secret, what)).decrypt(whole[:12], whole[12:], None)
    except (ValueError, InvalidTag):
        return None


def _key(secret: bytes, what: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"quizapp sealing 1|{what}".encode()).derive(secret)
