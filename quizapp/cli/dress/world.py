"""The throwaway contest of a dress rehearsal: its database, and the advisers who apply."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from sqlmodel import Session

from quizapp.banks import actions as banks
from quizapp.cli.advisers import FIRST_NAMES, LAST_NAMES
from quizapp.cli.simulate import some_cities
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Edition
from quizapp.exam.problems import Place, Problem, RefusedError
from quizapp.people import places
from quizapp.sitting import timing

BY = "répétition"
_SECRET = b"only for one rehearsal"


@dataclass(frozen=True, slots=True)
class Adviser:
    """A simulated candidate: how able (from 0 to 1), and with which extra time."""

    id: int
    number: str
    city: str
    ability: float
    allowance: Fraction


def load(
    db: Session, text: str, *, file: str, folder: Path, stage: str | None, seed: int, now: datetime
) -> Plan:
    """Load the banks of a folder and the edition; the quiz that is rehearsed. Raises RefusedError."""
    for bank in sorted(folder.glob("*.yaml")):
        banks.load_bank(db, bank.read_text("utf-8"), file=str(bank), by=BY, now=now)
    row = contests.load_edition(db, text, file=file, begun=(), by=BY, now=now)
    plans = queries.plans(db, row)
    banks.pin_banks(db, plans, begun=(), file=file)
    quizzes = [one for one in plans if one.says.kind == "quiz" and stage in (None, one.key)]
    if not quizzes:
        what = f"L’édition n’a pas de quiz « {stage} »." if stage else "L’édition n’a pas de quiz."
        raise RefusedError([Problem(Place(file), what)])
    if quizzes[0].says.pace is not None:
        raise RefusedError([
            Problem(
                Place(file),
                f"« {quizzes[0].title} » a des temps par question ou par partie : la répétition ne sait"
                " pas encore les suivre.",
                "Répétez l’étape sans ces temps, ou essayez-la avec « quizapp demo » et « simulate ».",
            )
        ])  # fmt: skip
    # The lots of a rehearsal are the same for the same seed.
    quizzes[0].row.lot_seed = f"{seed:032x}"
    db.add(quizzes[0].row)
    return quizzes[0]


def apply(
    db: Session, edition: Edition, count: int, chance: random.Random, now: datetime
) -> list[Adviser]:
    """So many advisers apply, a few of them with a third more time."""
    found = []
    for number, city in enumerate(some_cities(chance, count), start=1):
        found.append(_apply(db, edition, number, city, chance, now + timedelta(seconds=number)))
    return found


def _apply(
    db: Session,
    edition: Edition,
    number: int,
    city: places.City,
    chance: random.Random,
    now: datetime,
) -> Adviser:
    row, _access = contests.apply(
        db, edition, last_name=chance.choice(LAST_NAMES), first_name=chance.choice(FIRST_NAMES),
        email=f"conseiller{number}@exemple.fr", company=f"Centre {chance.randint(1, 9)}",
        city=city, secret=_SECRET, now=now,
    )  # fmt: skip
    allowance = Fraction(1, 3) if chance.random() < 0.03 else Fraction(0)
    if allowance:
        timing.set_allowance(db, application_id=row.id or 0, factor=allowance, by=BY, now=now)
    ability = min(max(chance.gauss(0.58, 0.17), 0.05), 0.98)
    return Adviser(row.id or 0, row.number, city.code, ability, allowance)
