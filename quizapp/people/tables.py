"""The staff of a contest."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

ROLES = ("organiser", "author", "invigilator")


class Staff(SQLModel, table=True):
    """Somebody who works on the contest. ``stamp`` changes to sign every device out.

    ``region`` and ``city`` (INSEE codes) limit whom an invigilator sees; organisers see everyone.
    """

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    role: str = Field(max_length=20)
    password: str = Field(max_length=200)
    stamp: str = Field(max_length=20)
    region: str | None = Field(default=None, max_length=3)
    city: str | None = Field(default=None, max_length=5)
