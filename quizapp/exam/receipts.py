"""Receipts: the server's word, in a dozen characters, for exactly what it has stored."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from quizapp.exam import codes

NONE = "-"  # the fingerprint of an answer taken back


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


def digest(candidate: str, stage: str, answers: Mapping[int, str], handed_in_at: datetime) -> str:
    """SHA-256 over one line each for candidate, stage, instant (UTC) and answers by number.

    Anyone who has these can recompute it; a changed, added or missing answer changes it.
    """
    lines = [candidate, stage, handed_in_at.astimezone(UTC).isoformat(timespec="microseconds")]
    lines += [f"{number}={answers[number]}" for number in sorted(answers)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def code(secret: bytes, digest: str) -> str:
    """The receipt code of a digest: 60 bits of HMAC-SHA-256, which only the server can make."""
    return codes.encode(hmac.digest(secret, digest.encode(), "sha256"), 12)
