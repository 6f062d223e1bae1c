"""What is done to people's time: extend, take back, override, allow, give back, pause, resume, reopen.

Each act is one transaction with its line in the journal, and takes effect at once: the ends kept
in the sittings are computed anew by the rule in ``exam/clock.py``. An act holds the stage's row, so
that two acts, or an act and a start, never miss one another. All raise NotPossibleError, in French,
where they cannot be done, and once the stage is closed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from fractions import Fraction

from sqlmodel import Session, col, insert, select, update

from quizapp.contests.queries import Plan, plan_of
from quizapp.contests.tables import Application
from quizapp.exam import clock
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.kit import journal
from quizapp.sitting import times
from quizapp.sitting.retiming import NotPossibleError, hold, retime
from quizapp.sitting.tables import Allowance, Sitting, SittingPause, TimeGrant, TimeOverride

__all__ = ["NotPossibleError", "retime"]

MOST_MINUTES = 24 * 60
MOST_ALLOWANCE = 3
_SECOND = timedelta(seconds=1)


def extend(
    db: Session, plan: Plan, *, scope: Scope, minutes: int, by: str, reason: str, now: datetime
) -> int:
    """Give everybody in a scope these minutes; how many running sittings got longer.

    Those of the scope who have not begun have them too, and may begin as much later.
    """
    hold(db, plan)
    if not 1 <= minutes <= MOST_MINUTES:
        raise NotPossibleError("Donnez entre 1 et %(most)s minutes.", most=MOST_MINUTES)
    _grant(db, plan, scope, timedelta(minutes=minutes), by, reason, now)
    done = retime(db, plan, scope=scope, now=now)
    journal.record(
        db, at=now, who=by, what="time.extend", subject=_subject(plan, scope), why=reason,
        before=done.before, after=f"+{minutes} min; {done.count}: {done.after}",
    )  # fmt: skip
    return done.count


def take_back(db: Session, grant_id: int, *, by: str, reason: str, now: datetime) -> int:
    """Take an extension back; how many running sittings got shorter.

    Nobody's sitting ends in the past: whoever lives on this time already ends now, with the grace.
    """
    grant = db.get(TimeGrant, grant_id)
    if grant is None:
        raise NotPossibleError("Cette prolongation n’existe pas.")
    plan = plan_of(db, grant.stage_id)
    hold(db, plan)
    db.refresh(grant)
    if grant.undone_at is not None:
        raise NotPossibleError("Cette prolongation a déjà été retirée.")
    grant.undone_at, grant.undone_by = now, by
    db.add(grant)
    scope = Scope(ScopeKind(grant.scope), grant.target)
    done = retime(db, plan, scope=scope, now=now)
    journal.record(
        db, at=now, who=by, what="time.take_back", subject=_subject(plan, scope), why=reason,
        before=done.before, after=f"-{grant.seconds} s; {done.count}: {done.after}",
    )  # fmt: skip
    return done.count


def override_window(
    db: Session,
    plan: Plan,
    *,
    scope: Scope,
    opens: datetime | None = None,
    closes: datetime | None = None,
    duration: timedelta | None = None,
    by: str,
    reason: str,
    now: datetime,
) -> int:
    """State another opening, closing or duration for a scope; how many running sittings changed.

    It replaces what was stated for this very scope; stating nothing gives the stage's own back.
    """
    hold(db, plan)
    if duration is not None and duration < timedelta(minutes=1):
        raise NotPossibleError("La durée est trop courte : au moins une minute.")
    if (opens or plan.window.opens) >= (closes or plan.window.closes):
        raise NotPossibleError("La fermeture ne suit pas l’ouverture : changez l’une ou l’autre.")
    for earlier in times.overrides(db, plan):
        if (earlier.scope, earlier.target) == (scope.kind, scope.target):
            earlier.undone_at, earlier.undone_by = now, by
            db.add(earlier)
    if opens or closes or duration:
        db.add(
            TimeOverride(
                stage_id=plan.id, scope=scope.kind.value, target=scope.target, opens_at=opens,
                closes_at=closes, duration=duration // _SECOND if duration else None,
                reason=reason, by=by, at=now,
            )
        )  # fmt: skip
    done = retime(db, plan, scope=scope, now=now)
    journal.record(
        db, at=now, who=by, what="time.override", subject=_subject(plan, scope), why=reason,
        before=done.before,
        after=f"{opens} / {closes} / {duration}; {done.count}: {done.after}",
    )  # fmt: skip
    return done.count


def set_allowance(
    db: Session, *, application_id: int, factor: Fraction, by: str, now: datetime
) -> int:
    """State a person's extra time, as a factor of any duration; how many running sittings changed.

    The reason is nobody's business: it is neither asked nor kept.
    """
    if not 0 <= factor <= MOST_ALLOWANCE:
        raise NotPossibleError("Un aménagement va de 0 (aucun) à 3 (trois fois la durée en plus).")
    who = times.person(application_id)
    running = db.exec(
        select(Sitting.stage_id)
        .where(Sitting.application_id == application_id, col(Sitting.closed_at).is_(None))
        .order_by(col(Sitting.stage_id))
    ).all()
    plans = [plan_of(db, stage_id) for stage_id in running]
    for plan in plans:
        hold(db, plan)
    before = times.allowances(db, who).get(application_id, Fraction(0))
    db.add(Allowance(application_id=application_id, factor=factor, by=by, at=now))
    changed = sum(retime(db, plan, scope=who, now=now).count for plan in plans)
    journal.record(
        db, at=now, who=by, what="allowance.set", before=str(before), after=str(factor),
        subject=f"application:{db.get_one(Application, application_id).number}",
    )  # fmt: skip
    return changed


def outage(
    db: Session,
    plan: Plan,
    *,
    begins: datetime,
    ends: datetime,
    scope: Scope = clock.EVERYONE,
    only: Collection[int] | None = None,
    by: str,
    reason: str,
    now: datetime,
) -> int:
    """Give an outage back to those whom ``times.hit_by_outage`` names; how many sittings got time.

    ``only`` keeps those of these applications. A paper that expiry has closed meanwhile is opened
    again. Nobody is given the same outage twice.
    """
    hold(db, plan)
    hits = [
        hit
        for hit in times.hit_by_outage(db, plan, begins=begins, ends=ends, scope=scope)
        if only is None or hit.application_id in only
    ]
    given = [
        {
            "stage_id": plan.id, "scope": ScopeKind.PERSON.value, "target": str(hit.application_id),
            "seconds": -(-hit.lost // _SECOND), "reason": reason, "by": by, "at": now,
            "outage_from": begins, "outage_to": ends,
        }
        for hit in hits
    ]  # fmt: skip
    if given:
        db.execute(insert(TimeGrant), given)
    for hit in (one for one in hits if one.closed):
        _open_again(db, db.get_one(Sitting, hit.sitting_id), by, reason, now)
    done = retime(db, plan, scope=scope, now=now)
    journal.record(
        db, at=now, who=by, what="time.outage", subject=_subject(plan, scope), why=reason,
        before=done.before, after=f"{begins} / {ends}; {done.count}: {done.after}",
    )  # fmt: skip
    return done.count


def pause(db: Session, sitting: Sitting, *, by: str, reason: str, now: datetime) -> None:
    """Stop one person's clock: nothing is answered until ``resume``, and no time passes."""
    plan = _held(db, sitting)
    if sitting.closed_at is not None:
        raise NotPossibleError("Cette copie est remise : rouvrez-la d’abord.")
    if sitting.paused_at is not None:
        raise NotPossibleError("Cette composition est déjà en pause.")
    if now > sitting.ends_at:
        raise NotPossibleError("Son temps est écoulé : prolongez-le, ou rouvrez la copie.")
    sitting.paused_at = now
    db.add(SittingPause(sitting_id=sitting.id or 0, begins_at=now, reason=reason, by=by))
    db.add(sitting)
    journal.record(
        db, at=now, who=by, what="sitting.pause", subject=_subject_of(db, plan, sitting),
        before=f"end {sitting.ends_at}", after=f"paused {now}", why=reason,
    )  # fmt: skip


def resume(db: Session, sitting: Sitting, *, by: str, reason: str, now: datetime) -> None:
    """Let the clock run again; the end moves by the length of the pause."""
    plan = _held(db, sitting)
    if sitting.paused_at is None:
        raise NotPossibleError("Cette composition n’est pas en pause.")
    before = f"paused {sitting.paused_at}, end {sitting.ends_at}"
    end_pause(db, sitting, at=now, by=by)
    retime(db, plan, scope=times.person(sitting.application_id), now=now)
    journal.record(
        db, at=now, who=by, what="sitting.resume", subject=_subject_of(db, plan, sitting),
        before=before, after=f"end {sitting.ends_at}", why=reason,
    )  # fmt: skip


def end_pause(db: Session, sitting: Sitting, *, at: datetime, by: str) -> None:
    """End the pause of a sitting, if it has one: its clock runs again, or it is being closed."""
    if sitting.paused_at is None:
        return
    db.exec(
        update(SittingPause)
        .where(col(SittingPause.sitting_id) == sitting.id, col(SittingPause.ends_at).is_(None))
        .values(ends_at=at, ended_by=by)
    )
    sitting.paused_at = None
    db.add(sitting)
    db.flush()


def reopen(
    db: Session, sitting: Sitting, *, minutes: int, by: str, reason: str, now: datetime
) -> None:
    """Open a sitting again whose paper was handed in, or whose time is over, with these minutes.

    The time since then counts as a pause: what was left is left, and the minutes come on top.
    """
    plan = _held(db, sitting)
    if not 0 <= minutes <= MOST_MINUTES:
        raise NotPossibleError("Donnez entre 0 et %(most)s minutes.", most=MOST_MINUTES)
    if sitting.closed_at is None and (sitting.paused_at or now <= sitting.ends_at):
        raise NotPossibleError("Cette composition est en cours : prolongez-la plutôt.")
    if not minutes and (sitting.closed_at is None or sitting.closed_at >= sitting.ends_at):
        raise NotPossibleError("Son temps était écoulé : donnez au moins une minute.")
    before = f"closed {sitting.closed_at} by {sitting.closed_by}, digest {sitting.digest}"
    _open_again(db, sitting, by, reason, now)
    who = times.person(sitting.application_id)
    if minutes:
        _grant(db, plan, who, timedelta(minutes=minutes), by, reason, now)
    retime(db, plan, scope=who, now=now)
    journal.record(
        db, at=now, who=by, what="sitting.reopen", subject=_subject_of(db, plan, sitting),
        before=before, after=f"end {sitting.ends_at}", why=reason,
    )  # fmt: skip


def _open_again(db: Session, sitting: Sitting, by: str, reason: str, now: datetime) -> None:
    """Take the closing away: the clock stood still from then until now."""
    stopped = min(sitting.closed_at or sitting.ends_at, sitting.ends_at)
    sitting.closed_at = sitting.closed_by = sitting.answered = sitting.digest = None
    db.add(sitting)
    db.add(
        SittingPause(
            sitting_id=sitting.id or 0, begins_at=stopped, ends_at=now, reason=reason, by=by,
            ended_by=by,
        )
    )  # fmt: skip


def _held(db: Session, sitting: Sitting) -> Plan:
    """The stage of a sitting, held, and the sitting as it stands now."""
    plan = plan_of(db, sitting.stage_id)
    hold(db, plan)
    db.refresh(sitting, with_for_update=True)
    return plan


def _grant(
    db: Session, plan: Plan, scope: Scope, time: timedelta, by: str, reason: str, now: datetime
) -> None:
    db.add(
        TimeGrant(
            stage_id=plan.id, scope=scope.kind.value, target=scope.target, seconds=time // _SECOND,
            reason=reason, by=by, at=now,
        )
    )  # fmt: skip


def _subject(plan: Plan, scope: Scope) -> str:
    return f"stage:{plan.key}/{scope.kind.value}:{scope.target}"


def _subject_of(db: Session, plan: Plan, sitting: Sitting) -> str:
    number = db.get_one(Application, sitting.application_id).number
    return f"stage:{plan.key}/application:{number}"
