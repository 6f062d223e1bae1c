"""What is read of answers that came too late: who sent them, which are accepted, what counts then."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.counting import Version, counted
from quizapp.people import names
from quizapp.results.tables import LateAcceptance, Publication
from quizapp.sitting.queries import sitting_at
from quizapp.sitting.tables import Answer, Sitting


@dataclass(frozen=True, slots=True)
class Case:
    """One sitting with everything that was ever sent in it, and the late versions now accepted.

    ``received`` says when each version arrived, by its ``n``.
    """

    sitting: Sitting
    versions: tuple[Version, ...]
    received: Mapping[int, datetime]
    accepted: Mapping[int, LateAcceptance]

    @property
    def late(self) -> tuple[Version, ...]:
        """The versions that came too late, as they arrived."""
        return tuple(one for one in self.versions if one.late)

    @property
    def counts(self) -> Mapping[int, Version]:
        """The version that counts for each item."""
        return counted(self.versions, self.accepted)

    @property
    def state(self) -> str:
        """A short word that changes with everything a decision is made on."""
        said = [(one.n, one.n in self.accepted) for one in self.versions]
        said.append((0, self.sitting.closed_at is not None))
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def past_end(self, n: int) -> timedelta:
        """How long after the end it arrived; negative if time was given, or the paper reopened, since."""
        return self.received[n] - (self.sitting.closed_at or self.sitting.ends_at)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which late answers a list shows: ``state`` is ``waiting``, ``accepted`` or everything."""

    state: str = ""
    words: str = ""
    city: str = ""


# An answer with the acceptance that makes it count, if there is one.
_ACCEPTED = (
    (col(LateAcceptance.sitting_id) == Answer.sitting_id)
    & (col(LateAcceptance.n) == Answer.n)
    & col(LateAcceptance.undone_at).is_(None)
)


def answers_that_count(
    db: Session, plan: Plan, *, only: Collection[int] | None = None
) -> dict[int, dict[int, str]]:
    """The answers that count, by sitting and item, read at once for a whole stage.

    An answer taken back is no answer. ``only`` names the sittings that are asked for.
    """
    columns = (Answer.sitting_id, Answer.n, Answer.item, Answer.seq, Answer.response, Answer.late)
    asked = (
        sqlalchemy.select(*map(col, columns))
        .join(Sitting, col(Sitting.id) == Answer.sitting_id)
        .outerjoin(LateAcceptance, _ACCEPTED)
        .where(
            col(Sitting.stage_id) == plan.id,
            or_(~col(Answer.late), col(LateAcceptance.id).is_not(None)),
        )
        .order_by(col(Answer.sitting_id), col(Answer.n))
    )
    if only is not None:
        asked = asked.where(col(Sitting.id).in_(only))
    rows = db.connection().execute(asked)
    return {sitting_id: _counted(rows) for sitting_id, rows in groupby(rows, lambda row: row[0])}


def _counted(rows: Iterable[Any]) -> dict[int, str]:
    versions = [Version(*row[1:]) for row in rows]
    accepted = {one.n for one in versions if one.late}
    return {
        item: one.response
        for item, one in counted(versions, accepted).items()
        if one.response is not None
    }


def case_of(db: Session, plan: Plan, application: Application) -> Case | None:
    """This candidate's sitting with all that was sent in it; None if there is none."""
    sitting = sitting_at(db, application.id or 0, plan.id)
    return cases_of(db, [sitting])[sitting.id or 0] if sitting else None


def cases_of(db: Session, sittings: Sequence[Sitting]) -> dict[int, Case]:
    """Each of these sittings with all that was sent in it; two statements, however many there are."""
    numbers = [one.id or 0 for one in sittings]
    rows = db.exec(
        select(Answer).where(col(Answer.sitting_id).in_(numbers)).order_by(col(Answer.n))
    ).all()
    accepted = db.exec(
        select(LateAcceptance).where(
            col(LateAcceptance.sitting_id).in_(numbers), col(LateAcceptance.undone_at).is_(None)
        )
    ).all()
    found = {}
    for sitting in sittings:
        mine = [row for row in rows if row.sitting_id == sitting.id]
        found[sitting.id or 0] = Case(
            sitting=sitting,
            versions=tuple(
                Version(row.n, row.item, row.seq, row.response, row.late) for row in mine
            ),
            received={row.n: row.received_at for row in mine},
            accepted={one.n: one for one in accepted if one.sitting_id == sitting.id},
        )
    return found


def total(db: Session, plan: Plan, chosen: Filter) -> int:
    """How many late answers a list shows."""
    return db.exec(
        select(func.count())
        .select_from(Answer)
        .join(Sitting, col(Sitting.id) == Answer.sitting_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .outerjoin(LateAcceptance, _ACCEPTED)
        .where(*_conditions(plan, chosen))
    ).one()


def rows(
    db: Session, plan: Plan, chosen: Filter, *, start: int, size: int
) -> Sequence[tuple[Answer, Sitting, Application]]:
    """Some of the late answers of a stage, by name and as they arrived."""
    return db.exec(
        select(Answer, Sitting, Application)
        .join(Sitting, col(Sitting.id) == Answer.sitting_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .outerjoin(LateAcceptance, _ACCEPTED)
        .where(*_conditions(plan, chosen))
        .order_by(col(Application.sort_key), col(Application.id), col(Answer.n))
        .offset(start)
        .limit(size)
    ).all()


def cities(db: Session, plan: Plan) -> Sequence[str]:
    """The cities from which an answer came late."""
    return db.exec(
        select(Application.city)
        .join(Sitting, col(Sitting.application_id) == Application.id)
        .join(Answer, col(Answer.sitting_id) == Sitting.id)
        .where(Sitting.stage_id == plan.id, col(Answer.late))
        .distinct()
    ).all()


def _conditions(plan: Plan, chosen: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        col(Sitting.stage_id) == plan.id,
        col(Answer.late).is_(True),
    ]
    if chosen.state == "waiting":
        found.append(col(LateAcceptance.id).is_(None))
    if chosen.state == "accepted":
        found.append(col(LateAcceptance.id).is_not(None))
    if chosen.city:
        found.append(col(Application.city) == chosen.city)
    found.extend(
        or_(
            col(Application.sort_key).contains(names.fold(word), autoescape=True),
            col(Application.number).contains(word, autoescape=True),
        )
        for word in chosen.words.split()[:5]
    )
    return found


def accepted_in(
    db: Session, publication: Publication, application_id: int
) -> Sequence[tuple[int, LateAcceptance]]:
    """The late answers of a candidate that a published ranking counts, with their items."""
    return db.exec(
        select(Answer.item, LateAcceptance)
        .join(
            Answer,
            (col(Answer.sitting_id) == LateAcceptance.sitting_id)
            & (col(Answer.n) == LateAcceptance.n),
        )
        .join(Sitting, col(Sitting.id) == LateAcceptance.sitting_id)
        .where(
            Sitting.stage_id == publication.stage_id,
            Sitting.application_id == application_id,
            LateAcceptance.at <= publication.published_at,
            or_(
                col(LateAcceptance.undone_at).is_(None),
                col(LateAcceptance.undone_at) > publication.published_at,
            ),
        )
        .order_by(col(Answer.item))
    ).all()  # fmt: skip
