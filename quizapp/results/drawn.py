"""What is read of draws of lots, and the record by which anybody replays one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam import lots
from quizapp.exam.stages import Reason, Status
from quizapp.results import queries
from quizapp.results.tables import Draw, Publication, Standing
from quizapp.sitting.tables import Sitting


def of_stage(db: Session, plan: Plan) -> Draw | None:
    """The public draw that counts for a stage."""
    return db.exec(
        select(Draw).where(Draw.stage_id == plan.id).order_by(col(Draw.id).desc()).limit(1)
    ).first()


def is_awaited(db: Session, plan: Plan) -> bool:
    """Whether the edition announces a public draw whose value is not known yet."""
    if plan.says.lots != "public":
        return False
    row = of_stage(db, plan)
    return row is None or row.value is None


def ranked(db: Session, plan: Plan) -> list[str]:
    """The numbers of all whose paper is graded: the list of a public draw."""
    return list(
        db.exec(
            select(Application.number)
            .join(Sitting, col(Sitting.application_id) == Application.id)
            .where(*queries.graded(plan))
            .order_by(col(Application.number))
        )
    )


def record(db: Session, plan: Plan) -> dict[str, Any]:
    """What was committed to, the value, and what the lots decided, as far as each is public.

    The seed, and who was equal at the cut, wait for the first publication.
    """
    published = next(iter(queries.publications(db, plan)), None)
    row = of_stage(db, plan)
    found: dict[str, Any] = {"stage": f"{plan.edition.edition}/{plan.key}", "lots": plan.says.lots}
    if plan.says.lots == "public" and row is not None:
        found |= {
            "numbers": row.numbers.split(),
            "list_sha256": row.digest,
            "source": row.source,
            "due_at": row.due_at.isoformat(),
            "committed_at": row.committed_at.isoformat(),
        }
        if row.value is not None and row.entered_at is not None:
            found |= {
                "value": row.value,
                "found_at": row.found_at,
                "entered_at": row.entered_at.isoformat(),
            }
    elif plan.says.lots == "seed":
        found["seed_sha256"] = lots.fingerprint(plan.row.lot_seed)
    if published is not None and not is_awaited(db, plan):
        found |= {
            "seed": plan.row.lot_seed,
            "version": published.number,
            "equal_at_the_cut": _equal(db, plan, published),
        }
    return found


def _equal(db: Session, plan: Plan, published: Publication) -> list[dict[str, Any]]:
    """Who shared the last place in each group, in the order of the lots, and how many go on."""
    rows = db.exec(
        select(Standing, Application)
        .join(Application, col(Application.id) == Standing.application_id)
        .where(Standing.publication_id == published.id, Standing.reason == Reason.LOT.value)
    ).all()
    groups: dict[str, list[tuple[bool, int, str]]] = defaultdict(list)
    for standing, one in rows:
        group = {"city": one.city, "region": one.region}.get(plan.says.group, "fr")
        out = standing.status != Status.QUALIFIED
        groups[group].append((out, standing.place, one.number))
    return [
        {
            "group": group,
            "order": [number for _out, _place, number in sorted(members)],
            "go_on": sum(not out for out, _place, _number in members),
        }
        for group, members in sorted(groups.items())
    ]
