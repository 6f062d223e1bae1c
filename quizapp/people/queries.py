"""What is read about the staff."""

from __future__ import annotations

import sqlalchemy
from sqlalchemy import Connection, bindparam
from sqlmodel import Session, SQLModel, select

from quizapp.kit.person import Person
from quizapp.kit.store import plain
from quizapp.people.tables import Staff


def staff_by_email(db: Session, email: str) -> Staff | None:
    """The member of staff with this address; case does not matter."""
    return db.exec(select(Staff).where(Staff.email == email.strip().lower())).one_or_none()


# Asked for by every page.
_STAFF = SQLModel.metadata.tables[str(Staff.__tablename__)]
_PERSON = sqlalchemy.select(_STAFF.c.stamp, _STAFF.c.name, _STAFF.c.role).where(
    _STAFF.c.id == bindparam("number")
)


def person(db: Session | Connection, number: int) -> Person | None:
    """The signed-in member of staff of this number."""
    found = plain(db).execute(_PERSON, {"number": number}).one_or_none()
    if found is None:
        return None
    return Person("staff", number, found.stamp, found.name, frozenset({found.role}))


def limit_of(db: Session, number: int) -> tuple[str, str]:
    """The region and the city to which this member of staff is limited; empty where there is none."""
    staff = db.get_one(Staff, number)
    return staff.region or "", staff.city or ""
