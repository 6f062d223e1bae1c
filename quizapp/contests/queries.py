"""What is read of editions, stages and applications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy
from sqlalchemy import Connection, bindparam, func
from sqlmodel import Session, SQLModel, col, select

from quizapp.contests import access
from quizapp.contests.tables import Application, Centre, Edition, Stage
from quizapp.exam import clock, edition_stage
from quizapp.exam import edition as edition_file
from quizapp.exam.clock import Timing, Window
from quizapp.kit.person import Person
from quizapp.kit.store import plain
from quizapp.people import places


class Phase(StrEnum):
    """Where a stage stands."""

    FUTURE = "future"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Plan:
    """A stage: its row, and what the edition's file says of it."""

    row: Stage
    edition: edition_file.Edition
    says: edition_stage.Stage

    @property
    def id(self) -> int:
        """The number of the row."""
        assert self.row.id is not None  # noqa: S101  # rows that were read have one
        return self.row.id

    @property
    def key(self) -> str:
        """The name of the stage in addresses."""
        return self.row.key

    @property
    def title(self) -> str:
        """The name of the stage on screen."""
        return self.says.title

    @property
    def window(self) -> Window:
        """When it may be started."""
        return Window(self.row.opens_at, self.row.closes_at)

    @property
    def timing(self) -> Timing:
        """What decides when a sitting ends, before anyone's own time."""
        return self.says.timing(self.window)

    def phase(self, now: datetime) -> Phase:
        """Where it stands at ``now``."""
        if self.row.published_at:
            return Phase.PUBLISHED
        if self.row.closed_at:
            return Phase.CLOSED
        return Phase(self.window.phase_at(now).value)


def current_edition(db: Session) -> Edition | None:
    """The edition loaded last."""
    return db.exec(select(Edition).order_by(col(Edition.id).desc()).limit(1)).first()


def plans(db: Session, edition: Edition) -> list[Plan]:
    """The stages of an edition, in order; those for practice are not among them."""
    return [one for one in _every_plan(db, edition) if not one.says.practice]


def tries(db: Session, edition: Edition) -> list[Plan]:
    """The stages in which the candidates of an edition practise, in order."""
    return [one for one in _every_plan(db, edition) if one.says.practice]


def _every_plan(db: Session, edition: Edition) -> list[Plan]:
    rows = db.exec(
        select(Stage).where(Stage.edition_id == edition.id).order_by(col(Stage.position))
    )
    says = edition.says
    return [Plan(row, says, says.stage(row.key)) for row in rows if row.key in says.every_stage]


def plan(db: Session, key: str) -> Plan | None:
    """The stage of this key in the current edition; one for practice has no page, list or result."""
    found = db.exec(
        select(Stage, Edition)
        .join(Edition, col(Edition.id) == Stage.edition_id)
        .where(Stage.key == key)
        .order_by(col(Edition.id).desc())
        .limit(1)
    ).first()
    if found is None or found[0].key not in found[1].says.every_stage:
        return None
    made = _plan(*found)
    return None if made.says.practice else made


def plan_of(db: Session, stage_id: int) -> Plan:
    """The stage of this number."""
    found = db.exec(
        select(Stage, Edition)
        .join(Edition, col(Edition.id) == Stage.edition_id)
        .where(Stage.id == stage_id)
    ).one()
    return _plan(*found)


def _plan(row: Stage, edition: Edition) -> Plan:
    return Plan(row, edition.says, edition.says.stage(row.key))


def applications_phase(edition: Edition, now: datetime) -> clock.Phase:
    """Whether one can apply at ``now``."""
    return edition.says.window(edition.says.applications).phase_at(now)


def applied(db: Session, edition: Edition) -> int:
    """How many have applied."""
    return db.exec(
        select(func.count()).select_from(Application).where(Application.edition_id == edition.id)
    ).one()


def application(db: Session, number: int) -> Application | None:
    """The application of this row number."""
    return db.get(Application, number)


def application_by_number(db: Session, edition: Edition, number: str) -> Application | None:
    """The application with this public number."""
    return db.exec(
        select(Application).where(
            Application.edition_id == edition.id, Application.number == number
        )
    ).one_or_none()


def application_by_code(db: Session, secret: bytes, typed: str) -> Application | None:
    """Whose code this is."""
    trace = access.code_trace(secret, typed)
    return db.exec(select(Application).where(Application.code_trace == trace)).one_or_none()


def application_by_link(db: Session, secret: bytes, token: str) -> Application | None:
    """Whose link this is."""
    trace = access.link_trace(secret, token)
    return db.exec(select(Application).where(Application.link_trace == trace)).one_or_none()


def application_by_email(db: Session, edition: Edition, email: str) -> Application | None:
    """The application made with this address; case does not matter."""
    return db.exec(
        select(Application).where(
            Application.edition_id == edition.id, Application.email == email.strip().lower()
        )
    ).one_or_none()


def centres_in(db: Session, edition: Edition, city: str) -> Sequence[Centre]:
    """The contact centres known in a city."""
    return db.exec(select(Centre).where(Centre.edition_id == edition.id, Centre.city == city)).all()


def city_label(code: str) -> str:
    """A city as shown on screen; its code if it is unknown today."""
    city = places.city(code)
    return city.label if city else code


# Asked for by every page: built once, and plain columns, which cost a tenth of an object.
_APPLICATION = SQLModel.metadata.tables[str(Application.__tablename__)]
_PERSON = sqlalchemy.select(
    _APPLICATION.c.stamp, _APPLICATION.c.first_name, _APPLICATION.c.last_name
).where(_APPLICATION.c.id == bindparam("number"))


def person(db: Session | Connection, number: int) -> Person | None:
    """The signed-in candidate of this number."""
    found = plain(db).execute(_PERSON, {"number": number}).one_or_none()
    if found is None:
        return None
    name = f"{found.first_name} {found.last_name}"
    return Person("candidate", number, found.stamp, name, frozenset({"candidate"}))
