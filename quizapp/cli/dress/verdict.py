"""What is checked once the day is over: the database against what was acknowledged and what the rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from quizapp.banks.queries import banks_of
from quizapp.cli.dress.day import Day
from quizapp.contests.queries import Plan, plan_of
from quizapp.contests.tables import Application
from quizapp.exam import audit as receipts_audit
from quizapp.exam import recount
from quizapp.exam.clock import Expiry
from quizapp.exam.lots import lot
from quizapp.exam.ranking.entries import Entry
from quizapp.exam.ranking.tiebreaks import TieKey
from quizapp.exam.stages import Status
from quizapp.results.tables import Draft, Ranked, Score, Standing
from quizapp.sitting import audit
from quizapp.sitting.tables import Answer, Sitting

Check = Callable[[Session, Day], Iterator[str]]


def problems(db: Session, day: Day) -> dict[str, list[str]]:
    """What each check found, by its name; empty lists where all is well."""
    return {name: list(check(db, day)) for name, check in CHECKS.items()}


def fates(_db: Session, day: Day) -> Iterator[str]:
    """Each sending was told what the rules say."""
    yield from day.seen.wrong


def kept(db: Session, day: Day) -> Iterator[str]:
    """Everything acknowledged is stored as it was sent, counts, and is there once."""
    rows = db.exec(
        select(Answer)
        .join(Sitting, col(Sitting.id) == Answer.sitting_id)
        .where(Sitting.stage_id == day.plan.id)
    ).all()
    stored = {(row.sitting_id, row.key): row for row in rows}
    if len(stored) != len(rows):
        yield f"{len(rows) - len(stored)} réponse(s) en double"
    for one in day.seen.acknowledged:
        row = stored.get((one.sitting, one.key))
        where = f"candidat {one.candidate}, question {one.item}"
        if row is None:
            yield f"{where} : réponse accusée et perdue"
        elif (row.item, row.seq, row.response, row.late) != (
            one.item,
            one.seq,
            one.response,
            False,
        ):
            yield f"{where} : réponse accusée et changée"
    due = sum(len(desk.keys) + len(desk.late) for desk in day.desks.values())
    if due != len(rows):
        yield f"{len(rows)} réponses en base au lieu de {due}"


def chains(db: Session, _day: Day) -> Iterator[str]:
    """The versions of each paper form an unbroken chain."""
    for record in audit.records(db):
        for broken in receipts_audit.broken(record):
            yield f"candidat {record.candidate} : {broken}"


def ends(db: Session, day: Day) -> Iterator[str]:
    """Each sitting ends when the rule book says, with what this person was given."""
    for sitting in db.exec(select(Sitting).where(Sitting.stage_id == day.plan.id)):
        due = day.desks[sitting.id or 0].end
        if sitting.ends_at != due:
            who = day.whose[sitting.id or 0].number
            yield f"candidat {who} : fin à {sitting.ends_at} au lieu de {due}"
        if sitting.closed_at is None:
            yield f"candidat {day.whose[sitting.id or 0].number} : copie restée ouverte"


def scores(db: Session, day: Day) -> Iterator[str]:
    """Each score is what one finds by adding the marks one by one."""
    for entry, score in _entries(db, day):
        if entry.points != score.points:
            yield f"candidat {entry.number} : {score.points} au lieu de {entry.points}"


def ranks(db: Session, day: Day) -> Iterator[str]:
    """Ranks and qualified are those of the slow recount; who sat is there, who is excluded is not."""
    plan = plan_of(db, day.plan.id)
    results = {number: row for row, number in _drafts(db, plan)}
    entries = [entry for entry, _ in _entries(db, day) if entry.number != day.seen.excluded]
    if {entry.number for entry in entries} != results.keys():
        yield "le classement ne réunit pas exactement ceux qui ont composé"
        return
    for group in ("nation", "region", "city"):
        for name in sorted({entry.groups[group] for entry in entries}):
            mine = [entry for entry in entries if entry.groups[group] == name]
            yield from _compared(plan, group, mine, results)


def published(db: Session, day: Day) -> Iterator[str]:
    """What is published is the ranking, line by line."""
    rows = {row.application_id: row for row in db.exec(select(Standing))}
    drafts = _drafts(db, day.plan)
    if len(rows) != len(drafts):
        yield f"{len(rows)} lignes publiées au lieu de {len(drafts)}"
    for draft, number in drafts:
        row = rows.get(draft.application_id)
        if row is None or _told(row) != _told(draft):
            yield f"candidat {number} : publié autrement que classé"


def _told(row: Ranked) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Ranked.model_fields}


def _drafts(db: Session, plan: Plan) -> Sequence[tuple[Draft, str]]:
    """The ranking as it stands, with each candidate's number."""
    return db.exec(
        select(Draft, Application.number)
        .join(Application, col(Application.id) == Draft.application_id)
        .where(Draft.stage_id == plan.id)
        .order_by(col(Draft.position))
    ).all()


def _compared(
    plan: Plan, group: str, mine: list[Entry], results: Mapping[str, Draft]
) -> Iterator[str]:
    keys = [key for key in plan.says.tie_keys(plan.row.lot_seed) if not key.chance]
    merits: dict[str, tuple[Any, ...]] = {
        entry.number: (-entry.points, *(_merit(key, entry) for key in keys)) for entry in mine
    }
    lots = {number: lot(plan.row.lot_seed, number) for number in merits}
    due = recount.standings(merits, lots, plan.says.quota, cut=plan.says.cut_rule)
    for number, standing in due.items():
        row = results[number]
        rank, tied = getattr(row, f"{group}_rank"), getattr(row, f"{group}_tied")
        if (rank, tied) != (standing.rank, standing.tied):
            yield f"candidat {number} : rang {rank} au lieu de {standing.rank} ({group})"
        goes_on = row.status == Status.QUALIFIED
        if group == plan.says.group and goes_on != standing.qualified:
            yield f"candidat {number} : qualification à tort, ou oubliée"


def _merit(key: TieKey, entry: Entry) -> tuple[bool, Any]:
    """What a key compares, the smaller the better; who has nothing to compare comes last."""
    value = key.by(entry)
    if value is None:
        return (True, 0)
    return (False, -value if key.more else value)


def _entries(db: Session, day: Day) -> Iterator[tuple[Entry, Score]]:
    """Each score beside the same recounted from the answers that the rules say count."""
    plan = day.plan
    banks = banks_of(db, plan.id)
    scored = {section.bank: section for section in plan.says.sections if section.scored}
    rows = db.exec(
        select(Score, Sitting, Application)
        .join(Sitting, col(Sitting.id) == Score.sitting_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .where(Sitting.stage_id == plan.id)
        .order_by(col(Application.number))
    ).all()
    for score, sitting, application in rows:
        given = {n: one.response for n, one in day.desks[sitting.id or 0].counts.items()}
        sums = dict.fromkeys(scored, Fraction(0))
        distances = []
        for item in sitting.paper.items:
            question = banks[item.bank].by_id[item.question]
            answer = given.get(item.number)
            if item.bank in sums and question.earns:
                sums[item.bank] += (question.mark(answer) or 0) * Fraction(question.weight)
            elif question.distance(question.key) is not None:
                distances.append(question.distance(answer))
        for bank, section in scored.items():
            sums[bank] = max(sums[bank], Fraction(section.floor))
            if section.cap is not None:
                sums[bank] = min(sums[bank], Fraction(section.cap))
        told = [one for one in distances if one is not None]
        whole = bool(distances) and len(told) == len(distances)
        yield Entry(
            application.number, sum(sums.values(), Fraction(0)), sums, score.wrong,
            sum(told, Fraction(0)) if whole else None, application.applied_at,
            (sitting.closed_at or sitting.ends_at) - sitting.started_at,
            {"nation": "fr", "region": application.region, "city": application.city},
        ), score  # fmt: skip


def attendance(db: Session, day: Day) -> Iterator[str]:
    """Whoever began has a score, except where the edition says that a paper has to be handed in."""
    plan, graded = day.plan, set(db.exec(select(Score.sitting_id)))
    for number, adviser in day.whose.items():
        sitting = db.get_one(Sitting, number)
        due = plan.says.expiry is Expiry.HAND_IN or sitting.closed_by != "expiry"
        if due != (number in graded):
            yield f"candidat {adviser.number} : corrigé à tort, ou oublié"


CHECKS: dict[str, Check] = {
    "fates": fates,
    "kept": kept,
    "chains": chains,
    "ends": ends,
    "attendance": attendance,
    "scores": scores,
    "ranks": ranks,
    "published": published,
}
