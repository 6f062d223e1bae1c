"""What is read of banks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from quizapp.banks.tables import BankVersion, StageBank
from quizapp.exam.bank import Bank, parsed

# A version never changes, so its bank is read from the database and parsed once per process.
_known: dict[str, Bank] = {}


def banks_of(db: Session, stage_id: int) -> Mapping[str, Bank]:
    """The banks that the papers of a stage are drawn from, by name."""
    pins = db.exec(
        select(StageBank.slug, BankVersion.digest, BankVersion.id)
        .join(BankVersion, col(BankVersion.id) == StageBank.version_id)
        .where(StageBank.stage_id == stage_id)
    ).all()
    for _slug, digest, version in pins:
        if digest not in _known:
            _known[digest] = parsed(db.get_one(BankVersion, version).source)
    return {slug: _known[digest] for slug, digest, _version in pins}


def latest(db: Session) -> Sequence[BankVersion]:
    """The version of each bank that was loaded last."""
    last = select(func.max(BankVersion.id)).group_by(col(BankVersion.slug))
    return db.exec(
        select(BankVersion).where(col(BankVersion.id).in_(last)).order_by(BankVersion.slug)
    ).all()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The latest version of a bank; ``number`` counts its versions from 1."""

    version: BankVersion
    number: int


def loaded(db: Session) -> list[Loaded]:
    """The banks as they were last loaded, by name."""
    counts = db.exec(select(BankVersion.slug, func.count()).group_by(col(BankVersion.slug))).all()
    numbers = dict(counts)
    return [Loaded(version, numbers[version.slug]) for version in latest(db)]


def pinned(db: Session, stages: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """By stage, the name and the row number of each bank version that its papers are drawn from."""
    rows = db.exec(select(StageBank).where(col(StageBank.stage_id).in_(stages))).all()
    found: dict[int, list[tuple[str, int]]] = {}
    for pin in rows:
        found.setdefault(pin.stage_id, []).append((pin.slug, pin.version_id))
    return found
