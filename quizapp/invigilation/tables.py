"""What is said between desk and candidates, and the faults that browsers report."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Index, SQLModel

from quizapp.exam.clock import Scope, ScopeKind
from quizapp.kit.store import Instant


class Kind(StrEnum):
    """What a candidate sends to the desk."""

    INCIDENT = "incident"
    ITEM = "item"
    QUESTION = "question"


class Report(SQLModel, table=True):
    """What a candidate sent: an incident, a doubt about a question of the paper, or a question.

    ``received_at`` is the server's word, ``noted_at`` what the device says of the moment when its
    button was pressed, if the network came back only later. ``code`` is the receipt number;
    ``key`` makes a repeated delivery the same report. ``settled_at`` is when the desk answered it,
    or said that nothing was left to do.
    """

    __table_args__ = (
        Index("ix_report_waiting", "stage_id", "settled_at", "received_at"),
        Index("uq_report_key", "application_id", "key", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=12, unique=True)
    key: str = Field(max_length=40)
    application_id: int = Field(foreign_key="application.id")
    stage_id: int = Field(foreign_key="stage.id")
    kind: str = Field(max_length=12)
    item: int | None = Field(default=None)
    body: str = Field(default="")
    noted_at: datetime | None = Field(default=None, sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_by: str = Field(default="", max_length=200)


class Message(SQLModel, table=True):
    """What the desk says to everyone, a region, a city, a centre or one person.

    ``report_id`` is what it answers, if it is a private answer. A message taken back stays, and
    says so.
    """

    __table_args__ = (Index("ix_message_stage", "stage_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id")
    scope_kind: str = Field(max_length=10)
    scope_target: str = Field(default="", max_length=20)
    body: str
    sent_at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=200)
    report_id: int | None = Field(default=None, foreign_key="report.id", index=True)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: str = Field(default="", max_length=200)

    @property
    def scope(self) -> Scope:
        """Whom it is for."""
        return Scope(ScopeKind(self.scope_kind), self.scope_target)


class DeskAct(SQLModel, table=True):
    """An act of the desk that has been done: the same ``key`` again is the same press of a button."""

    __tablename__ = "desk_act"

    key: str = Field(primary_key=True, max_length=40)
    stage_id: int = Field(foreign_key="stage.id")
    at: datetime = Field(sa_type=Instant)


class Fault(SQLModel, table=True):
    """How often browsers met one fault within one hour: no person, no page's content.

    ``kind`` is a script error, a failed save or a policy violation; ``place`` the file and line of
    ours, the kind of failure, or the directive, that it is about.
    """

    kind: str = Field(primary_key=True, max_length=10)
    hour: datetime = Field(primary_key=True, sa_type=Instant)
    place: str = Field(primary_key=True, max_length=80)
    count: int
    last_at: datetime = Field(sa_type=Instant)
