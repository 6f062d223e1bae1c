"""A rehearsal: after simulated advisers have sat, is every acknowledged answer stored, and the ranking right?

    python -m quizapp demo --fresh                                            # in one terminal
    python -m quizapp simulate --candidates 1500 --kept kept.json             # in another
    python -m tests.rehearsal kept.json                                       # then this

It closes the first round in the demo's database, compares what the server acknowledged with what
it stored, and the ranking with the slow reference of the tests. It prints JSON, and leaves with
code 1 if anything differs.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from sqlmodel import Session, select

from quizapp.banks.queries import banks_of
from quizapp.contests import queries
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.kit.store import Store
from quizapp.results import actions
from quizapp.results import queries as results
from quizapp.settings import Settings
from quizapp.sitting.queries import answers_of, responses
from quizapp.sitting.tables import Sitting
from tests.exam import reference


def missing(db: Session, plan: Plan, kept: dict[str, dict[str, list[str]]]) -> int:
    """How many acknowledged answers are not stored as they were posted."""
    banks, lost = banks_of(db, plan.id), 0
    for number, answers in kept.items():
        sitting = db.get_one(Sitting, int(number))
        stored = responses(answers_of(db, int(number)))
        for item, posted in answers.items():
            place = sitting.paper.items[int(item) - 1]
            read = banks[place.bank].by_id[place.question].read(posted, place.order)
            lost += stored.get(int(item)) != read
    return lost


def slow_score(db: Session, plan: Plan, sitting: Sitting) -> tuple[int, int, Fraction | None]:
    """Points, points in customer relations, and distance, counted anew one answer at a time."""
    banks = banks_of(db, plan.id)
    stored = responses(answers_of(db, sitting.id or 0))
    points = relation = 0
    distance = None
    for item in sitting.paper.items:
        question, given = banks[item.bank].by_id[item.question], stored.get(item.number)
        if item.bank == "question-subsidiaire":
            distance = abs(Fraction(given) - Fraction(question.key)) if given else None
        elif given == question.key:
            points += 1
            relation += item.bank == "relation-client"
    return points, relation, distance


def differences(db: Session, plan: Plan) -> int:
    """How many candidates the slow reference ranks or qualifies otherwise."""
    rows = db.exec(
        select(Sitting, Application).join(Application, Application.id == Sitting.application_id)  # type: ignore[arg-type]
        .where(Sitting.stage_id == plan.id)
    ).all()  # fmt: skip
    everyone, cities = [], {}
    for sitting, application in rows:
        points, relation, distance = slow_score(db, plan, sitting)
        merits = [points, relation, (distance is not None, -(distance or 0))]
        entry = (application.number, merits, reference.lot(plan.row.lot_seed, application.number))
        everyone.append(entry)
        cities.setdefault(application.city, []).append(entry)
    nation = reference.ranks(everyone)
    decided = {
        number: decision
        for city in cities.values()
        for number, decision in reference.decisions(
            city, plan.says.quota, plan.says.cut_rule
        ).items()
    }
    ranking = results.ranking(db, plan)
    assert {one.number for one in ranking} == set(nation)
    return sum(
        (one.places["nation"].rank, one.places["nation"].tied) != nation[one.number]
        or (one.decision.status.value, one.decision.place, one.decision.reason.value)
        != decided[one.number]
        for one in ranking
    )


def main() -> None:
    """Close, compare, tell."""
    kept = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    store = Store(Settings(instance=Path("instance/demo")).database)
    with store.writing() as db:
        plan = queries.plan(db, "premier-tour")
        if plan.row.closed_at is None:
            actions.close_stage(
                db, plan, by="rehearsal", reason="répétition", now=datetime.now(UTC)
            )
    with store.reading() as db:
        plan = queries.plan(db, "premier-tour")
        told = {
            "sittings": len(kept),
            "acknowledged": sum(map(len, kept.values())),
            "missing": missing(db, plan, kept),
            "ranked_otherwise": differences(db, plan),
        }
    print(json.dumps(told))
    sys.exit(bool(told["missing"] or told["ranked_otherwise"]))


if __name__ == "__main__":
    main()
