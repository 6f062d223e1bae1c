"""Keys that sign (Ed25519, RFC 8032), each named by its own fingerprint, and what they have signed."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PublicKeys = Mapping[str, Ed25519PublicKey]
KEY_FILE = "quizapp-keys-1"


class ProofError(ValueError):
    """Something that proves nothing; the message tells why, in French."""


class MalformedError(ProofError):
    """This is not the kind of thing that was signed."""


class UnknownKeyError(ProofError):
    """It names a key that is not among the keys given."""


class AlteredError(ProofError):
    """It does not say what was signed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of this installation; ``id`` begins the fingerprint of its public part."""

    id: str
    created_at: datetime
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, created_at: datetime) -> Self:
        """The key of these 32 secret bytes."""
        private = Ed25519PrivateKey.from_private_bytes(secret)
        return cls(key_id(private.public_key()), created_at, private)

    @property
    def public(self) -> Ed25519PublicKey:
        """The part that everybody may have."""
        return self.private.public_key()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes that only this key makes for ``message``."""
        return self.private.sign(message)


def key_id(public: Ed25519PublicKey) -> str:
    """The first 8 hexadecimal digits of the SHA-256 of the 32 public bytes."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:8]


def verify(keys: PublicKeys, name: str, signature: bytes, message: bytes) -> None:
    """Nothing, if the key of this name signed ``message``.

    Raises UnknownKeyError or AlteredError.
    """
    if name not in keys:
        raise UnknownKeyError(f"La clé « {name} » n’est pas une clé de ce serveur.")
    try:
        keys[name].verify(signature, message)
    except InvalidSignature:
        raise AlteredError(
            "La signature ne correspond pas au contenu : il a été modifié."
        ) from None


def write_keys(keys: Iterable[tuple[Ed25519PublicKey, datetime]]) -> str:
    """Public keys and when each was made, as JSON that everybody may have."""
    listed = [
        {
            "id": key_id(public),
            "algorithm": "Ed25519",
            "public": to_base64(public.public_bytes_raw()),
            "created_at": created_at.isoformat(),
        }
        for public, created_at in keys
    ]
    return json.dumps({"format": KEY_FILE, "keys": listed}, ensure_ascii=False, indent=2) + "\n"


def read_keys(text: str) -> dict[str, Ed25519PublicKey]:
    """The keys that ``write_keys`` wrote; raises MalformedError."""
    try:
        listed = [(key["id"], from_base64(key["public"])) for key in json.loads(text)["keys"]]
        found = {name: Ed25519PublicKey.from_public_bytes(public) for name, public in listed}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MalformedError("Ce n’est pas un fichier de clés publiques.") from None
    for name, public in found.items():
        if name != key_id(public):
            raise MalformedError(f"La clé « {name} » ne porte pas son nom : elle a été changée.")
    return found


def to_base64(value: bytes) -> str:
    """Base64 for addresses (RFC 4648, section 5), without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """The bytes that ``to_base64`` writes so; raises ValueError for any other way to write them."""
    value = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_base64(value) != text:
        raise ValueError("there is one way to write these bytes, and this is another")
    return value
