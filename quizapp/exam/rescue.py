"""Rescue files: answers that a browser could not send, sealed so that only the server can read them.

The page has a public key of the server (ECDH on P-256, which every browser's WebCrypto knows) and a
ticket that says whose sitting it is. The browser makes a key for this one file, agrees with the
server's on a secret, and encrypts the answers and the ticket (HKDF-SHA-256, AES-256-GCM). Nobody
else can read the file; who changes one byte of it breaks it; and who has no ticket of a sitting
cannot make one for it. What the person at the browser says of time is a claim, and no more.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from quizapp.exam.receipts import instant
from quizapp.exam.signing import (
    AlteredError,
    MalformedError,
    UnknownKeyError,
    from_base64,
    to_base64,
)

FORMAT = "quizapp-rescue-1"
README = (
    "Ce fichier contient des réponses qui n’ont pas pu être envoyées. Remettez-le à l’organisation "
    "du concours sans le modifier : elle seule peut le lire."
)
MOST = 1_000_000  # characters of a file
_INFO = b"quizapp rescue 1"
_TICKET = b"quizapp rescue ticket 1\n"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2)


@dataclass(frozen=True, slots=True)
class RescueKey:
    """A private key to which pages seal; named like a signing key."""

    id: str
    created_at: datetime
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, created_at: datetime) -> Self:
        """The key of these secret bytes, 32 at least."""
        number = int.from_bytes(hashlib.sha512(secret).digest()) % (_ORDER - 1) + 1
        private = ec.derive_private_key(number, ec.SECP256R1())
        return cls(
            hashlib.sha256(_point(private.public_key())).hexdigest()[:8], created_at, private
        )

    @property
    def public(self) -> bytes:
        """The public point, uncompressed: 65 bytes."""
        return _point(self.private.public_key())


@dataclass(frozen=True, slots=True)
class Pending:
    """One version that had not arrived; ``at`` is what the device's clock said."""

    item: int
    seq: int
    key: str
    answer: tuple[str, ...]
    flagged: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Rescue:
    """What a rescue file holds: whose it is, since when its page was open, and the versions."""

    stage: str
    candidate: str
    opened_at: datetime
    sealed_at: datetime
    pending: tuple[Pending, ...]


# A device whose battery died may believe that it is 1970.
_Claimed = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _File(_Part):
    readme: Annotated[str, Field(max_length=1000)]
    format: Literal["quizapp-rescue-1"]
    key: str
    stage: str
    candidate: str
    ephemeral: str
    iv: str
    sealed: str


class _Version(_Part):
    item: Annotated[int, Field(ge=1, le=10_000)]
    seq: Annotated[int, Field(ge=1, le=2_000_000_000)]
    key: Annotated[str, Field(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
    answer: Annotated[list[Annotated[str, Field(max_length=10_000)]], Field(max_length=50)]
    flagged: bool
    at: _Claimed | None = None


class _Contents(_Part):
    ticket: str
    sealed_at: _Claimed
    pending: Annotated[list[_Version], Field(max_length=2000)]


def ticket(secret: bytes, *, stage: str, candidate: str, at: datetime) -> str:
    """What a page gets at ``at`` to prove whose sitting it is; only this installation can make it."""
    said = f"{stage}|{candidate}|{instant(at)}"
    return f"{said}|{hmac.digest(secret, _TICKET + said.encode(), 'sha256').hex()}"


def for_page(
    key: RescueKey, secret: bytes, *, stage: str, candidate: str, at: datetime
) -> dict[str, str]:
    """What the page of a sitting needs to seal a rescue file, as ``rescue.js`` expects it."""
    return {
        "readme": README,
        "key": key.id,
        "public": to_base64(key.public),
        "stage": stage,
        "candidate": candidate,
        "ticket": ticket(secret, stage=stage, candidate=candidate, at=at),
    }


def open_file(text: str, keys: Mapping[str, RescueKey], secret: bytes) -> Rescue:
    """The answers in a rescue file.

    Raises MalformedError, UnknownKeyError or AlteredError, which tell why in French.
    """
    if len(text) > MOST:
        raise MalformedError("Ce fichier est trop grand pour un fichier de secours.")
    try:
        file = _File.model_validate_json(text.strip().removeprefix("\ufeff"))
    except ValidationError:
        raise MalformedError(
            "Ce fichier n’est pas un fichier de secours, ou il n’est pas entier."
        ) from None
    if file.key not in keys:
        raise UnknownKeyError("Ce fichier de secours a été scellé pour un autre serveur.")
    try:
        contents = _Contents.model_validate_json(_unseal(file, keys[file.key]))
    except ValidationError:
        raise MalformedError(
            "Ce fichier de secours s’ouvre, mais son contenu est illisible."
        ) from None
    return Rescue(
        stage=file.stage,
        candidate=file.candidate,
        opened_at=_opened_at(contents.ticket, file, secret),
        sealed_at=contents.sealed_at,
        pending=tuple(
            Pending(one.item, one.seq, one.key, tuple(one.answer), one.flagged, one.at)
            for one in contents.pending
        ),
    )


def _unseal(file: _File, key: RescueKey) -> bytes:
    altered = AlteredError("Ce fichier de secours a été modifié : il ne s’ouvre plus.")
    try:
        point, iv, sealed = map(from_base64, (file.ephemeral, file.iv, file.sealed))
        ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        agreed = key.private.exchange(ec.ECDH(), ephemeral)
        secret = HKDF(SHA256(), 32, salt=point + key.public, info=_INFO).derive(agreed)
        return AESGCM(secret).decrypt(iv, sealed, _outside(file))
    except (ValueError, InvalidTag):
        raise altered from None


def _outside(file: _File) -> bytes:
    """What stands in clear, and is sealed against change all the same."""
    return "\n".join((file.readme, file.format, file.key, file.stage, file.candidate)).encode()


def _opened_at(said: str, file: _File, secret: bytes) -> datetime:
    try:
        opened_at = datetime.fromisoformat(said.split("|")[2])
        true = ticket(secret, stage=file.stage, candidate=file.candidate, at=opened_at)
        if hmac.compare_digest(said.encode(), true.encode()):
            return opened_at
    except (IndexError, ValueError, OverflowError):
        pass
    raise AlteredError("Ce fichier de secours n’a pas été fait dans la page de cette copie.")


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
