"""What the desk does to sittings: on one person, on several, or on everyone of a place.

An act is decided on what the desk saw. It carries the journal's last line of that moment, and is
refused if somebody has acted on the same people since: two desks never overwrite each other in
silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Stage
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.invigilation import actions
from quizapp.invigilation.filters import CONCERNS, LATE, Act
from quizapp.invigilation.scopes import whereabouts
from quizapp.invigilation.tables import DeskAct
from quizapp.invigilation.wall import state_at
from quizapp.kit import journal
from quizapp.kit.journal import JournalEntry
from quizapp.results import actions as results
from quizapp.results import queries as result_queries
from quizapp.sitting import actions as sittings
from quizapp.sitting import retiming, times, timing
from quizapp.sitting.queries import sitting_at
from quizapp.sitting.tables import Sitting

# Acts on each person are done in so many transactions: answers are kept in between.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Terms:
    """How an act is done: its minutes or words where it has some, who decides, when and why."""

    by: str
    now: datetime
    reason: str = ""
    minutes: int = 0
    body: str = ""


class ConflictError(Exception):
    """Others have acted on the same people since the desk looked; ``entries`` say who and what."""

    def __init__(self, entries: Sequence[JournalEntry]) -> None:
        super().__init__()
        self.entries = entries


def version(db: Session) -> int:
    """The journal's last line: what the desk knew when it decided."""
    return db.exec(select(func.max(JournalEntry.id))).one() or 0


def arrives(db: Session, stage_id: int, *, key: str, now: datetime) -> bool:
    """Note that the act of this key is being done; False if it has been: a button pressed twice.

    Two presses at once are served one after the other by the primary key. An act that is refused
    after this is undone with its key, and may come again.
    """
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(DeskAct).values(key=key, stage_id=stage_id, at=now)
    return db.exec(row.on_conflict_do_nothing().returning(col(DeskAct.key))).first() is not None


def do_to_place(
    db: Session, plan: Plan, act: Act, scope: Scope, terms: Terms, *, seen: int
) -> None:
    """Extend, or say something to, everyone of a place, now and later. Raises ConflictError."""
    _hold(db, plan, act)
    _refuse_conflicts(db, plan, seen, lambda other, number: _meet(db, plan, scope, other, number))
    if act is Act.EXTEND:
        timing.extend(
            db, plan, scope=scope, minutes=terms.minutes, by=terms.by, reason=terms.reason,
            now=terms.now,
        )  # fmt: skip
    if terms.body:
        actions.send(db, plan, scope, body=terms.body, by=terms.by, now=terms.now)


def do_to_people(
    db: Session, plan: Plan, act: Act, people: Sequence[Application], terms: Terms, *, seen: int
) -> int:
    """Do it to each of these people whom it concerns; how many it was. Raises ConflictError."""
    _hold(db, plan, act)
    _refuse_conflicts(
        db, plan, seen,
        lambda other, number: any(
            one.number == number or (other is not None and other.covers(whereabouts(one)))
            for one in people
        ),
    )  # fmt: skip
    done = 0
    for one in people:
        sitting = sitting_at(db, one.id or 0, plan.id)
        if state_at(sitting, terms.now) in CONCERNS[act]:
            done += _DO[act](db, plan, one, sitting, terms)
    return done


def _extend(
    db: Session, plan: Plan, who: Application, _sitting: Sitting | None, terms: Terms
) -> bool:
    scope = times.person(who.id or 0)
    timing.extend(
        db, plan, scope=scope, minutes=terms.minutes, by=terms.by, reason=terms.reason,
        now=terms.now,
    )  # fmt: skip
    if terms.body:
        actions.send(db, plan, scope, body=terms.body, by=terms.by, now=terms.now)
    return True


def _pause(
    db: Session, _plan: Plan, _who: Application, sitting: Sitting | None, terms: Terms
) -> bool:
    if sitting is None:
        return False
    timing.pause(db, sitting, by=terms.by, reason=terms.reason, now=terms.now)
    return True


def _resume(
    db: Session, _plan: Plan, _who: Application, sitting: Sitting | None, terms: Terms
) -> bool:
    if sitting is None:
        return False
    timing.resume(db, sitting, by=terms.by, reason=terms.reason, now=terms.now)
    return True


def _reopen(
    db: Session, _plan: Plan, _who: Application, sitting: Sitting | None, terms: Terms
) -> bool:
    if sitting is None:
        return False
    timing.reopen(
        db, sitting, minutes=terms.minutes, by=terms.by, reason=terms.reason, now=terms.now
    )
    return True


def _hand_in(
    db: Session, plan: Plan, who: Application, sitting: Sitting | None, terms: Terms
) -> bool:
    if sitting is None:
        return False
    sittings.close(db, sitting, plan, number=who.number, at=terms.now, by="office")
    journal.record(
        db, at=terms.now, who=terms.by, what="sitting.hand_in",
        subject=f"stage:{plan.key}/application:{who.number}", why=terms.reason,
    )  # fmt: skip
    return True


def _write(
    db: Session, plan: Plan, who: Application, _sitting: Sitting | None, terms: Terms
) -> bool:
    actions.send(db, plan, times.person(who.id or 0), body=terms.body, by=terms.by, now=terms.now)
    return True


def _exclude(
    db: Session, plan: Plan, who: Application, _sitting: Sitting | None, terms: Terms
) -> bool:
    if result_queries.exclusion(db, plan, who.id or 0):
        return False
    results.exclude(db, plan, who, by=terms.by, reason=terms.reason, now=terms.now)
    return True


def _readmit(
    db: Session, plan: Plan, who: Application, _sitting: Sitting | None, terms: Terms
) -> bool:
    return results.readmit(db, plan, who, by=terms.by, reason=terms.reason, now=terms.now)


_Do = Callable[[Session, Plan, Application, Sitting | None, Terms], bool]
_DO: dict[Act, _Do] = {
    Act.EXTEND: _extend,
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.MESSAGE: _write,
    Act.REOPEN: _reopen,
    Act.HAND_IN: _hand_in,
    Act.EXCLUDE: _exclude,
    Act.READMIT: _readmit,
}


def _hold(db: Session, plan: Plan, act: Act) -> None:
    """Make other acts on this stage wait. Raises NotPossibleError for papers of a closed stage.

    Who is ranked, and what is said, may still change once it is closed.
    """
    if act in LATE:
        db.exec(select(Stage.id).where(Stage.id == plan.id).with_for_update()).one()
    else:
        retiming.hold(db, plan)


def _refuse_conflicts(
    db: Session, plan: Plan, seen: int, touched: Callable[[Scope | None, str], bool]
) -> None:
    """Raise ConflictError if a later line of the journal is about the same people.

    Messages are not counted: two of them say more, and undo nothing.
    """
    prefix = f"stage:{plan.key}/"
    later = db.exec(
        select(JournalEntry)
        .where(
            col(JournalEntry.id) > seen,
            col(JournalEntry.subject).startswith(prefix, autoescape=True),
        )
        .order_by(col(JournalEntry.id))
    ).all()
    if found := [one for one in later if touched(*read_subject(one.subject.removeprefix(prefix)))]:
        for one in found:  # they are told after the transaction, which is undone, is gone
            db.expunge(one)
        raise ConflictError(found)


def read_subject(subject: str) -> tuple[Scope | None, str]:
    """Whom a line of the journal is about: a scope, or a candidate's number."""
    kind, _, target = subject.partition(":")
    if kind == "application":
        return None, target
    return Scope(ScopeKind(kind), target), ""


def _meet(db: Session, plan: Plan, scope: Scope, other: Scope | None, number: str) -> bool:
    """Whether anybody of ``scope`` is in the other one, or has this number."""
    them = times.within(other) if other else [col(Application.number) == number]
    edition = col(Application.edition_id) == plan.row.edition_id
    met = select(Application.id).where(edition, *times.within(scope), *them)
    return db.exec(met.limit(1)).first() is not None
