"""What is read about the staff."""

from __future__ import annotations

from sqlmodel import Session, select

from quizapp.kit.person import Person
from quizapp.people.tables import Staff


def staff_by_email(db: Session, email: str) -> Staff | None:
    """The member of staff with this address; case does not matter."""
    return db.exec(select(Staff).where(Staff.email == email.strip().lower())).one_or_none()


def person(db: Session, number: int) -> Person | None:
    """The signed-in member of staff of this number."""
    staff = db.get(Staff, number)
    if staff is None or staff.id is None:
        return None
    return Person("staff", staff.id, staff.stamp, staff.name, frozenset({staff.role}))
