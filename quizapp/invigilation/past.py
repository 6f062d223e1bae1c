"""All that is stored of one candidate's sitting, as its timeline needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.exam.pace import Pace
from quizapp.invigilation import queries
from quizapp.invigilation.scopes import whereabouts
from quizapp.invigilation.tables import Message, Report
from quizapp.kit.journal import JournalEntry
from quizapp.sitting.queries import sitting_at
from quizapp.sitting.tables import Answer, Contact, Fact, Opening, Sitting, SittingPause, TimeGrant


@dataclass(frozen=True, slots=True)
class Past:
    """The stored facts of one candidate in one stage."""

    sitting: Sitting | None
    answers: Sequence[Answer]
    contacts: Sequence[datetime]
    grants: Sequence[TimeGrant]
    pauses: Sequence[SittingPause]
    openings: Sequence[Opening]
    pace: Pace | None
    entries: Sequence[JournalEntry]
    messages: Sequence[Message]
    reports: Sequence[Report]
    facts: Sequence[Fact]

    @property
    def reopened(self) -> set[tuple[datetime, datetime | None]]:
        """The pauses that stand for the time in which a paper was handed in."""
        instants = {one.at for one in self.entries if one.what == "sitting.reopen"}
        return {(one.begins_at, one.ends_at) for one in self.pauses if one.ends_at in instants}


def past_of(db: Session, plan: Plan, application: Application) -> Past:
    """What is stored of this candidate in this stage."""
    number, who = application.id or 0, whereabouts(application)
    sitting = sitting_at(db, number, plan.id)
    seat = sitting.id or 0 if sitting else 0
    grants = db.exec(select(TimeGrant).where(TimeGrant.stage_id == plan.id)).all()
    return Past(
        sitting=sitting,
        answers=db.exec(
            select(Answer).where(Answer.sitting_id == seat).order_by(col(Answer.received_at))
        ).all(),
        contacts=db.exec(select(Contact.minute).where(Contact.sitting_id == seat)).all(),
        grants=[one for one in grants if Scope(ScopeKind(one.scope), one.target).covers(who)],
        pauses=db.exec(
            select(SittingPause)
            .where(SittingPause.sitting_id == seat)
            .order_by(col(SittingPause.begins_at))
        ).all(),
        openings=db.exec(
            select(Opening).where(Opening.sitting_id == seat).order_by(col(Opening.step))
        ).all(),
        pace=plan.says.pace,
        entries=entries_of(db, plan, application),
        messages=queries.messages_for(db, plan.id, who),
        reports=[report for report, _ in queries.reports_of(db, plan.id, number)],
        facts=facts_of(db, seat),
    )


def entries_of(db: Session, plan: Plan, application: Application) -> Sequence[JournalEntry]:
    """The journal's lines about this candidate in this stage."""
    subject = f"stage:{plan.key}/application:{application.number}"
    return db.exec(
        select(JournalEntry).where(JournalEntry.subject == subject).order_by(col(JournalEntry.id))
    ).all()


def facts_of(db: Session, sitting_id: int) -> Sequence[Fact]:
    """What was noted of a sitting, in order."""
    return db.exec(
        select(Fact).where(Fact.sitting_id == sitting_id).order_by(col(Fact.at), col(Fact.id))
    ).all()
