"""Versions of question banks, and which of them a stage draws from."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from quizapp.exam import bank as bank_file
from quizapp.kit.store import Instant


class BankVersion(SQLModel, table=True):
    """A bank as loaded once; never changed afterwards. ``digest`` stands for its meaning."""

    __tablename__ = "bank_version"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, index=True)
    digest: str = Field(max_length=64)
    source: str
    loaded_at: datetime = Field(sa_type=Instant)

    @property
    def bank(self) -> bank_file.Bank:
        """The bank in it."""
        return bank_file.parsed(self.source)


class StageBank(SQLModel, table=True):
    """The version of a bank that all papers of a stage are drawn from."""

    __tablename__ = "stage_bank"

    stage_id: int = Field(foreign_key="stage.id", primary_key=True)
    slug: str = Field(max_length=60, primary_key=True)
    version_id: int = Field(foreign_key="bank_version.id")
