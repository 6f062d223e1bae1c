"""The journal: everything that moves a result, with who, when, before, after and why. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel

from quizapp.kit.store import Instant


class JournalEntry(SQLModel, table=True):
    """One act. ``subject`` names what it was done to, such as ``stage:premier-tour``."""

    __tablename__ = "journal"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    who: str = Field(max_length=200)
    what: str = Field(max_length=60, index=True)
    subject: str = Field(max_length=200)
    before: str = ""
    after: str = ""
    why: str = ""


def record(
    db: Session,
    *,
    at: datetime,
    who: str,
    what: str,
    subject: str,
    before: str = "",
    after: str = "",
    why: str = "",
) -> None:
    """Write one act down, in the transaction that does it."""
    db.add(
        JournalEntry(
            at=at, who=who, what=what, subject=subject, before=before, after=after, why=why
        )
    )
