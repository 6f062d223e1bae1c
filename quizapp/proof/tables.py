"""The keys of this installation."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from quizapp.kit.store import Instant


class Purpose(StrEnum):
    """What a key is for: signing receipts, or opening rescue files."""

    RECEIPT = "receipt"
    RESCUE = "rescue"


class ServerKey(SQLModel, table=True):
    """One key, shared by all servers of the installation; the newest of a purpose is in use.

    ``sealed`` is its private part under the installation's secret. A receipt key that was followed
    by another has none any more: what it signed stays checkable, and nothing new can be signed.
    """

    __tablename__ = "server_key"
    __table_args__ = (UniqueConstraint("purpose", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    purpose: str = Field(max_length=10)
    name: str = Field(max_length=8)
    public: str = Field(max_length=100)
    sealed: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant)
