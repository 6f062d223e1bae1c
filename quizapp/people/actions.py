"""What is done to the staff."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlmodel import Session

from quizapp.people import names, places, queries
from quizapp.people.tables import ROLES, Staff

# RFC 9106, second recommended option: 64 MiB, 3 passes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# What an unknown address is checked against, so that it takes as long as a known one.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def add_staff(
    db: Session, *, email: str, name: str, role: str, password: str, place: str = ""
) -> Staff:
    """Add a member of staff, or give a known one this name, role and password.

    ``place`` is the region or the city to which an invigilator is limited, as it is typed.
    Raises ValueError, in French, for an unknown role or place, or a password under 12 characters.
    """
    if role not in ROLES:
        raise ValueError(f"Le rôle « {role} » n’existe pas. Rôles possibles : {', '.join(ROLES)}.")
    if len(password) < 12:
        raise ValueError("Le mot de passe doit compter au moins 12 caractères.")
    region, city = _limit(place, role)
    staff = queries.staff_by_email(db, email)
    if staff is None:
        staff = Staff(email=email.strip().lower(), name="", role="", password="", stamp="")
        db.add(staff)
    staff.name, staff.role = name.strip(), role
    staff.region, staff.city = region, city
    staff.password, staff.stamp = _hasher.hash(password), secrets.token_hex(8)
    db.flush()
    return staff


def _limit(place: str, role: str) -> tuple[str | None, str | None]:
    """The region and the city that ``place`` names: one of the two, or none where nothing is said."""
    if not place.strip():
        return None, None
    if role != "invigilator":
        raise ValueError("Seul le rôle « invigilator » peut être limité à un lieu.")
    folded = names.fold(place)
    for region in places.regions():
        if names.fold(region.name) == folded:
            return region.code, None
    found = places.resolve(place)
    if len(found) == 1:
        return None, found[0].code
    if found:
        which = ", ".join(city.label for city in found[:5])
        raise ValueError(f"Plusieurs communes se nomment « {place} » : {which}.")
    raise ValueError(f"« {place} » n’est ni une région ni une commune connue.")


def staff_signing_in(db: Session, *, email: str, password: str) -> Staff | None:
    """The member of staff whose address and password these are; as slow for nobody as for somebody."""
    staff = queries.staff_by_email(db, email)
    try:
        _hasher.verify(staff.password if staff else _NOBODY, password)
    except VerificationError:
        return None
    return staff
