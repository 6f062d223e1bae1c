"""What is done to personal data: erase it, of one person or of an edition whose time is over."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, delete, select

from quizapp.contests.tables import Application, Centre, Edition
from quizapp.invigilation import actions as invigilation
from quizapp.kit import journal
from quizapp.privacy import queries


def erase_due(db: Session, *, by: str, now: datetime, limit: int = 500) -> int:
    """Erase people of editions whose stated period is over, ``limit`` at most; how many it were.

    Done again, it goes on with the rest, so that no answer has to wait for a whole country.
    """
    erased = 0
    for retention in queries.retentions(db, by=now):
        if erased >= limit:
            break
        people = queries.named(db, retention.edition, limit=limit - erased)
        for application in people:
            _erase(db, retention.edition, application, now=now)
        _drop_empty_centres(db, retention.edition)
        journal.record(
            db, at=now, who=by, what="privacy.expire", subject=f"edition:{retention.edition.slug}",
            before=f"{retention.named} named", after=f"{retention.named - len(people)} named",
        )  # fmt: skip
        erased += len(people)
    return erased


def erase(
    db: Session, edition: Edition, application: Application, *, by: str, reason: str, now: datetime
) -> None:
    """Erase one person on request; doing it twice does no harm."""
    if application.erased_at is not None:
        return
    _erase(db, edition, application, now=now)
    _drop_empty_centres(db, edition)
    journal.record(
        db, at=now, who=by, what="privacy.erase", subject=f"application:{application.number}",
        why=reason,
    )  # fmt: skip


def _erase(db: Session, edition: Edition, application: Application, *, now: datetime) -> None:
    """Keep the number, the city and everything that a ranking is made of; nothing else."""
    application.last_name = application.first_name = application.sort_key = ""
    application.email = application.code_trace = application.link_trace = None
    application.stamp = ""
    application.centre_id = _unnamed_centre(db, edition, application.city)
    application.erased_at = now
    db.add(application)
    invigilation.forget(db, application.id or 0)


def _unnamed_centre(db: Session, edition: Edition, city: str) -> int:
    """The centre of this city whose company is not known any more."""
    known = db.exec(
        select(Centre).where(
            Centre.edition_id == edition.id, Centre.city == city, Centre.company == ""
        )
    ).one_or_none()
    if known is None:
        assert edition.id is not None  # noqa: S101  # it was read
        known = Centre(edition_id=edition.id, company="", city=city)
        db.add(known)
        db.flush()
    assert known.id is not None  # noqa: S101  # flushed or read
    return known.id


def _drop_empty_centres(db: Session, edition: Edition) -> None:
    """A company that nobody belongs to any more is forgotten too."""
    db.flush()
    used = select(Application.centre_id).where(Application.edition_id == edition.id)
    db.exec(delete(Centre).where(col(Centre.edition_id) == edition.id, col(Centre.id).not_in(used)))
