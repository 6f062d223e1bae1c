"""What is done to editions and applications."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Set
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, select

from quizapp.contests import access, queries
from quizapp.contests.access import Access
from quizapp.contests.tables import Application, Centre, Edition, Stage
from quizapp.exam import edition as edition_file
from quizapp.exam.problems import Place, Problem, RefusedError
from quizapp.kit import journal
from quizapp.people import names, places


class AlreadyAppliedError(Exception):
    """There is an application with this address."""


def load_edition(
    db: Session,
    text: str,
    *,
    file: str,
    begun: Collection[str],
    by: str,
    now: datetime,
) -> Edition:
    """Keep the edition in ``text``, new or changed; stages in ``begun`` may not change any more.

    Raises RefusedError with every problem, and then nothing is kept.
    """
    says = edition_file.parse(text, file)
    row = db.exec(select(Edition).where(Edition.slug == says.edition)).one_or_none()
    before = row.source if row else ""
    if row is not None:
        _refuse_changes(row.says, says, set(begun), file)
        row.source, row.loaded_at = text, now
    else:
        row = Edition(slug=says.edition, source=text, loaded_at=now)
        db.add(row)
    db.flush()
    _keep_stages(db, row, says)
    journal.record(
        db, at=now, who=by, what="edition.load", subject=f"edition:{says.edition}",
        before=before, after=text,
    )  # fmt: skip
    db.flush()
    return row


def _refuse_changes(
    old: edition_file.Edition, new: edition_file.Edition, begun: Set[str], file: str
) -> None:
    kept = {stage.stage: stage for stage in new.stages}
    problems = [
        Problem(
            Place(file),
            f"L’étape « {stage.title} » a commencé : elle ne peut plus changer.",
            "Reprenez-la telle qu’elle était.",
        )
        for stage in old.stages
        if stage.stage in begun and (kept.get(stage.stage) != stage or old.zone != new.zone)
    ]
    if begun and old.two_people and not new.two_people:
        problems.append(
            Problem(
                Place(file),
                "Une étape a commencé avec « two_people » : les résultats y demandent deux personnes.",
                "Remettez « two_people: yes ».",
            )
        )
    if old.practice and begun & {one.stage for one in old.tries}:
        fixed = {"opens", "closes"}
        before = old.practice.model_dump(exclude=fixed)
        if (
            new.practice is None
            or new.practice.model_dump(exclude=fixed) != before
            or not new.tries
        ):
            problems.append(
                Problem(
                    Place(file),
                    "L’entraînement a commencé : seules ses heures peuvent encore changer.",
                    "Reprenez « practice » tel qu’il était ; pour l’arrêter, avancez « closes ».",
                )
            )
    if problems:
        raise RefusedError(problems)


def _keep_stages(db: Session, row: Edition, says: edition_file.Edition) -> None:
    assert row.id is not None  # noqa: S101  # flushed above
    rows = {stage.key: stage for stage in db.exec(select(Stage).where(Stage.edition_id == row.id))}
    # A stage that is taken out stays as a row that nothing asks for: much may point to it.
    for position, stage in enumerate(says.every_stage.values(), start=1):
        window = says.window(stage)
        known = rows.get(stage.stage)
        if known is None:
            known = Stage(
                edition_id=row.id, key=stage.stage, position=position, opens_at=window.opens,
                closes_at=window.closes, lot_seed=secrets.token_hex(16),
            )  # fmt: skip
            db.add(known)
        known.position, known.opens_at, known.closes_at = position, window.opens, window.closes


def apply(
    db: Session,
    edition: Edition,
    *,
    last_name: str,
    first_name: str,
    email: str,
    company: str,
    city: places.City,
    secret: bytes,
    now: datetime,
) -> tuple[Application, Access]:
    """Keep an application, whose author accepts the rules now; give its code and link, told once.

    Raises AlreadyAppliedError if the address has applied to this edition.
    """
    # One application at a time, so that numbers follow one another on every database.
    db.exec(select(Edition.id).where(Edition.id == edition.id).with_for_update()).one()
    if queries.application_by_email(db, edition, email):
        raise AlreadyAppliedError
    assert edition.id is not None  # noqa: S101  # it was read
    count = db.exec(
        select(func.max(Application.number)).where(Application.edition_id == edition.id)
    ).one()
    new = Access.new()
    row = Application(
        edition_id=edition.id,
        number=f"{int(count or 0) + 1:06}",
        last_name=last_name,
        first_name=first_name,
        sort_key=names.sort_key(last_name, first_name)[:300],
        email=email.strip().lower(),
        city=city.code,
        region=city.region.code,
        centre_id=_centre(db, edition, company, city.code),
        applied_at=now,
        rules_version=edition.says.rules.version,
        rules_accepted_at=now,
        code_trace=access.code_trace(secret, new.code),
        link_trace=access.link_trace(secret, new.token),
        stamp=secrets.token_hex(8),
    )
    db.add(row)
    db.flush()
    return row, new


def _centre(db: Session, edition: Edition, company: str, city: str) -> int:
    """The contact centre of this company here; the first to name it decides how it is written."""
    folded = names.fold(company)
    for centre in queries.centres_in(db, edition, city):
        if names.fold(centre.company) == folded and centre.id is not None:
            return centre.id
    assert edition.id is not None  # noqa: S101  # it was read
    centre = Centre(edition_id=edition.id, company=company, city=city)
    db.add(centre)
    db.flush()
    assert centre.id is not None  # noqa: S101  # flushed
    return centre.id


def renew_access(
    db: Session, application: Application, *, secret: bytes, by: str, now: datetime
) -> Access:
    """A new code and link; the old ones, and every device signed in with them, are refused at once."""
    new = Access.new()
    application.code_trace = access.code_trace(secret, new.code)
    application.link_trace = access.link_trace(secret, new.token)
    application.stamp = secrets.token_hex(8)
    journal.record(
        db, at=now, who=by, what="access.renew", subject=f"application:{application.number}"
    )
    db.add(application)
    return new
