"""What is read about retention: who is still named, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from quizapp.contests.tables import Application, Edition


@dataclass(frozen=True, slots=True)
class Retention:
    """How many people an edition still names, and when they are erased."""

    edition: Edition
    named: int

    @property
    def erased_at(self) -> datetime:
        """When the stated period is over."""
        return self.edition.says.erased_at


def retentions(db: Session, *, by: datetime | None = None) -> list[Retention]:
    """Every edition that still names people, the oldest first; only those due ``by`` an instant."""
    found = [
        Retention(row, _count(db, row))
        for row in db.exec(select(Edition).order_by(col(Edition.id))).all()
        if by is None or row.says.erased_at <= by
    ]
    return [one for one in found if one.named]


def _count(db: Session, edition: Edition) -> int:
    return db.exec(select(func.count()).select_from(Application).where(*_named(edition))).one()


def named(db: Session, edition: Edition, *, limit: int) -> Sequence[Application]:
    """Some of the people whom an edition still names."""
    return db.exec(
        select(Application).where(*_named(edition)).order_by(col(Application.id)).limit(limit)
    ).all()


def _named(edition: Edition) -> tuple[ColumnElement[bool], ...]:
    return (col(Application.edition_id) == edition.id, col(Application.erased_at).is_(None))
