"""Editions, stages, contact centres and applications."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from quizapp.exam import edition as edition_file
from quizapp.kit.store import Instant


class Edition(SQLModel, table=True):
    """One year of the contest; what it says is in ``source``, the organiser's YAML."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    source: str
    loaded_at: datetime = Field(sa_type=Instant)

    @property
    def says(self) -> edition_file.Edition:
        """The edition as its file states it."""
        return edition_file.parsed(self.source)


class Stage(SQLModel, table=True):
    """A stage of an edition.

    ``closed_at`` is when its sittings were closed and graded, ``published_at`` when its ranking
    was last published.
    """

    __table_args__ = (UniqueConstraint("edition_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    key: str = Field(max_length=60)
    position: int
    opens_at: datetime = Field(sa_type=Instant)
    closes_at: datetime = Field(sa_type=Instant)
    lot_seed: str = Field(max_length=64)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    published_at: datetime | None = Field(default=None, sa_type=Instant)


class Centre(SQLModel, table=True):
    """A contact centre: a company in a city."""

    __table_args__ = (UniqueConstraint("edition_id", "company", "city"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    company: str = Field(max_length=120)
    city: str = Field(max_length=5)


class Application(SQLModel, table=True):
    """A candidate in an edition. ``number`` is public; of code and link only traces are kept.

    ``city`` and ``region`` are INSEE codes; ``stamp`` changes to sign every device out. Once the
    person is erased (``erased_at``), names and company are empty, address and traces nothing.
    """

    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        UniqueConstraint("edition_id", "email"),
        Index("ix_application_named", "edition_id", "erased_at"),
        # The long lists: by name, and by place and name.
        Index("ix_application_by_name", "edition_id", "sort_key", "id"),
        Index("ix_application_by_place", "edition_id", "region", "city", "sort_key", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    number: str = Field(max_length=12)
    last_name: str = Field(max_length=100)
    first_name: str = Field(max_length=100)
    sort_key: str = Field(max_length=300, index=True)
    email: str | None = Field(max_length=254)
    city: str = Field(max_length=5, index=True)
    region: str = Field(max_length=3, index=True)
    centre_id: int = Field(foreign_key="centre.id", index=True)
    applied_at: datetime = Field(sa_type=Instant)
    rules_version: str = Field(max_length=300)
    rules_accepted_at: datetime = Field(sa_type=Instant)
    code_trace: str | None = Field(max_length=64, unique=True)
    link_trace: str | None = Field(max_length=64, unique=True)
    stamp: str = Field(max_length=20)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def full_name(self) -> str:
        """First name and last name."""
        return f"{self.first_name} {self.last_name}"
