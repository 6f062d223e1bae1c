"""What is done with banks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from quizapp.banks import queries, shipped
from quizapp.banks.tables import BankVersion, StageBank
from quizapp.contests.queries import Plan
from quizapp.exam.bank import Bank, parse
from quizapp.exam.edition_checks import PRACTICE
from quizapp.exam.keys import folded
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

    Practice is left out where nobody has asked for it, and its bank is not loaded. Raises
    RefusedError if a paper could not always be drawn, or a practice bank holds a question of the
    contest.
    """
    versions = {version.slug: version for version in queries.latest(db)}
    banks = {slug: version.bank for slug, version in versions.items()}
    problems = _betrayed(plans, banks, file)
    for plan in plans:
        if plan.says.kind != "quiz" or plan.key in begun:
            continue
        if plan.says.practice and PRACTICE in plan.says.blueprint.banks and PRACTICE not in banks:
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


def _betrayed(plans: Collection[Plan], banks: Mapping[str, Bank], file: str) -> list[Problem]:
    """The questions of the contest that a practice bank would show with their answers."""
    asked = {
        folded(question.text): plan.title
        for plan in plans
        if plan.says.kind == "quiz" and not plan.says.practice
        for slug in set(plan.says.blueprint.banks) & banks.keys()
        for question in banks[slug].questions
    }
    shown = {
        slug
        for plan in plans
        if plan.says.practice
        for slug in set(plan.says.blueprint.banks) & banks.keys()
    }
    return [
        Problem(
            Place(file),
            f"La question « {question.id} » de la banque d’entraînement « {slug} » sert aussi à "
            f"« {asked[folded(question.text)]} ».",
            "Retirez-la de l’entraînement, qui en montre la réponse.",
        )
        for slug in sorted(shown)
        for question in banks[slug].questions
        if folded(question.text) in asked
    ]


def load_practice(db: Session, plans: Collection[Plan], *, by: str, now: datetime) -> None:
    """Load the practice bank that comes with the program, where it is asked for and missing."""
    wanted = {slug for plan in plans if plan.says.practice for slug in plan.says.blueprint.banks}
    if PRACTICE in wanted - {version.slug for version in queries.latest(db)}:
        file = shipped.folder() / f"{PRACTICE}.yaml"
        load_bank(db, file.read_text("utf-8"), file=file.name, by=by, now=now)
