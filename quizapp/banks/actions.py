"""What is done with banks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from quizapp.banks import queries
from quizapp.banks.tables import BankVersion, StageBank
from quizapp.contests.queries import Plan
from quizapp.exam.bank import parse
from quizapp.exam.problems import Place, Problem, RefusedError
from quizapp.kit import journal


def load_bank(db: Session, text: str, *, file: str, by: str, now: datetime) -> BankVersion:
    """Keep the bank in ``text`` as a new version; one that means the same is not kept twice.

    Raises RefusedError with every problem, and then nothing is kept.
    """
    bank = parse(text, file)
    last = db.exec(
        select(BankVersion)
        .where(BankVersion.slug == bank.slug)
        .order_by(col(BankVersion.id).desc())
        .limit(1)
    ).first()
    if last is not None and last.digest == bank.digest:
        return last
    version = BankVersion(slug=bank.slug, digest=bank.digest, source=text, loaded_at=now)
    db.add(version)
    journal.record(
        db, at=now, who=by, what="bank.load", subject=f"bank:{bank.slug}",
        before=last.digest if last else "", after=bank.digest,
    )  # fmt: skip
    db.flush()
    return version


def pin_banks(db: Session, plans: Collection[Plan], *, begun: Collection[str], file: str) -> None:
    """Let each quiz stage that has not begun draw from the latest version of its banks.

    Raises RefusedError if a paper could not always be drawn from them.
    """
    versions = {version.slug: version for version in queries.latest(db)}
    banks = {slug: version.bank for slug, version in versions.items()}
    problems: list[Problem] = []
    for plan in plans:
        if plan.says.kind != "quiz" or plan.key in begun:
            continue
        lacks = plan.says.blueprint.shortages(banks)
        problems += [
            Problem(
                Place(file), f"{plan.title} : {lack}", "Complétez la banque ou le plan d’épreuve."
            )
            for lack in lacks
        ]
        if lacks:
            continue
        for pin in db.exec(select(StageBank).where(StageBank.stage_id == plan.id)).all():
            db.delete(pin)
        db.flush()
        for slug in plan.says.blueprint.banks:
            number = versions[slug].id
            assert number is not None  # noqa: S101  # it was read
            db.add(StageBank(stage_id=plan.id, slug=slug, version_id=number))
    if problems:
        raise RefusedError(problems)
    db.flush()
