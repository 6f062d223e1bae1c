"""How a candidate gets in: a printed code, or a personal link; the database keeps only their traces."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from quizapp.exam import codes

LENGTH = 10


@dataclass(frozen=True, slots=True)
class Access:
    """A candidate's new code (50 random bits) and link (192), as told to them once."""

    code: str
    token: str

    @classmethod
    def new(cls) -> Access:
        """A code and a link that nobody has."""
        return cls(codes.encode(secrets.token_bytes(8), LENGTH), secrets.token_urlsafe(24))

    @property
    def printed(self) -> str:
        """The code in groups of four."""
        return codes.grouped(self.code)


def code_trace(secret: bytes, typed: str) -> str:
    """What the database keeps of a code: HMAC-SHA-256. Codes are random, so no slow hash is needed."""
    return _trace(secret, "code", codes.plain(typed))


def link_trace(secret: bytes, token: str) -> str:
    """What the database keeps of a link."""
    return _trace(secret, "link", token)


def _trace(secret: bytes, kind: str, value: str) -> str:
    return hmac.digest(secret, f"{kind}:{value}".encode(), "sha256").hex()
