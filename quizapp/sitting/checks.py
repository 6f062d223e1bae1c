"""Checks of candidates' machines: counted once each, under a trace that names nobody."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, delete, select

from quizapp.sitting.tables import MachineCheck

Word = Literal["ready", "note", "mend"]


class Checks(BaseModel):
    """How each check of a machine went, in a word, as the page posts it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    browser: Word
    storage: Word
    network: Word
    clock: Word
    cookies: Word
    width: Word
    zoom: Word

    @property
    def troubles(self) -> list[str]:
        """What has to be mended before the day."""
        return [name for name, word in self if word == "mend"]


@dataclass(frozen=True, slots=True)
class Checked:
    """How many candidates have checked their machine, how many have to mend something, and what."""

    candidates: int
    troubled: int
    by_check: tuple[tuple[str, int], ...]


def keep(
    db: Session,
    *,
    edition_id: int,
    candidate: str,
    checks: Checks,
    secret: bytes,
    now: datetime,
) -> None:
    """Keep a candidate's last check instead of the one before."""
    said = f"check:{edition_id}:{candidate}".encode()
    trace = hmac.digest(secret, said, "sha256").hex()
    db.exec(delete(MachineCheck).where(col(MachineCheck.trace) == trace))
    db.add(
        MachineCheck(
            trace=trace, edition_id=edition_id, checked_at=now, troubles=json.dumps(checks.troubles)
        )
    )
    db.flush()


def counted(db: Session, edition_id: int) -> Checked:
    """What the checks of an edition's candidates come to."""
    rows = db.exec(select(MachineCheck.troubles).where(MachineCheck.edition_id == edition_id)).all()
    found: list[list[str]] = [json.loads(text) for text in rows]
    sums = ((name, sum(name in troubles for troubles in found)) for name in Checks.model_fields)
    return Checked(
        candidates=len(found),
        troubled=sum(map(bool, found)),
        by_check=tuple((name, count) for name, count in sums if count),
    )
