"""Receipts: the server's word, in a dozen characters, for exactly what it has stored."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from quizapp.exam import codes


def digest(candidate: str, stage: str, answers: Mapping[int, str], handed_in_at: datetime) -> str:
    """SHA-256 over one line each for candidate, stage, instant (UTC) and answers by number.

    Anyone who has these can recompute it; a changed, added or missing answer changes it.
    """
    lines = [candidate, stage, handed_in_at.astimezone(UTC).isoformat(timespec="microseconds")]
    lines += [f"{number}={answers[number]}" for number in sorted(answers)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def code(secret: bytes, fingerprint: str) -> str:
    """The receipt code of a digest: 60 bits of HMAC-SHA-256, which only the server can make."""
    return codes.encode(hmac.digest(secret, fingerprint.encode(), "sha256"), 12)
