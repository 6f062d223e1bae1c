"""A rehearsal: after simulated advisers have sat, is every acknowledged answer stored, and the ranking right?

    python -m quizapp demo --fresh                                            # in one terminal
    python -m quizapp simulate --candidates 1500 --kept kept.json             # in another
    python -m tests.rehearsal kept.json                                       # then this

It closes the first round in the demo's database, compares what the server acknowledged with what
it stored, and the exported ranking with the slow reference of the tests. It prints JSON, and leaves
with code 1 if anything differs, or if there was nothing to compare.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from sqlmodel import Session, select

from quizapp.banks.queries import banks_of
from quizapp.contests import queries
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.downloads.sheets import SHEETS
from quizapp.downloads.writers import WRITERS
from quizapp.kit.store import Store
from quizapp.results import actions
from quizapp.settings import Settings
from quizapp.sitting.queries import answers_of, responses
from quizapp.sitting.tables import Sitting
from tests.exam import reference

STATUS = {"qualifié": "qualified", "liste complémentaire": "reserve"}
REASON = {"rang": "rank", "tirage au sort": "lot", "ex æquo à la dernière place": "tie"}


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
        if question.kind == "estimate":
            distance = abs(Fraction(given) - Fraction(question.key)) if given else None
        elif given == question.key:
            points += 1
            relation += item.bank == "relation-client"
    return points, relation, distance


def differences(db: Session, plan: Plan) -> int:
    """How many candidates the slow reference scores, ranks or qualifies otherwise than the export."""
    rows = db.exec(
        select(Sitting, Application).join(Application, Application.id == Sitting.application_id)  # type: ignore[arg-type]
        .where(Sitting.stage_id == plan.id)
    ).all()  # fmt: skip
    points, groups = {}, {"nation": {}, "region": {}, "city": {}}
    for sitting, one in rows:
        score, relation, distance = slow_score(db, plan, sitting)
        merits = [score, relation, (distance is not None, -(distance or 0))]
        entry = (one.number, merits, reference.lot(plan.row.lot_seed, one.number))
        points[one.number] = score
        for kind, name in (("nation", "fr"), ("region", one.region), ("city", one.city)):
            groups[kind].setdefault(name, []).append(entry)
    ranks = {
        kind: {
            number: rank
            for members in found.values()
            for number, rank in reference.ranks(members).items()
        }
        for kind, found in groups.items()
    }
    decided = {
        number: decision
        for city in groups["city"].values()
        for number, decision in reference.decisions(
            city, plan.says.quota, plan.says.cut_rule
        ).items()
    }
    file = BytesIO()
    WRITERS["json"][1](SHEETS["national"][1](db, plan), file)
    exported = json.loads(file.getvalue())["rows"]
    expected = {
        number: [
            points[number],
            *((ranks[kind][number][0], ranks[kind][number][1]) for kind in ranks),
            decided[number],
        ]
        for number in points
    }
    told = {
        row["number"]: [
            row["points"],
            *((row[f"{kind}_rank"], row[f"{kind}_tied"] == "oui") for kind in ranks),
            (STATUS[row["status"]], row["place"], REASON[row["decided_by"]]),
        ]
        for row in exported
    }
    return sum(expected.get(number) != told.get(number) for number in expected | told)


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
    sys.exit(bool(told["missing"] or told["ranked_otherwise"] or not told["acknowledged"]))


if __name__ == "__main__":
    main()
