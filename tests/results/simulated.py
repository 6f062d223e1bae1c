"""Some hundreds of people who sat, stored row by row; and their results once more, counted slowly."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from sqlmodel import Session, select

from quizapp.banks.queries import banks_of
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.paper import draw
from quizapp.kit.store import Store
from quizapp.people import places
from quizapp.results import actions, versions
from quizapp.sitting.tables import Answer, Sitting
from tests import world as worlds
from tests.exam import reference
from tests.world import EDITION, NOON, OPENS, SECRET

TOWNS = ("Lyon", "Villeurbanne", "Lille", "Roubaix", "Nantes")
CLOSED = OPENS + timedelta(hours=2)


def plan_of(db: Session) -> Plan:
    """The first round."""
    plan = queries.plan(db, "premier-tour")
    assert plan is not None
    return plan


def build(store: Store, *, people: int = 200, seed: int = 1, edition: str = EDITION) -> None:
    """A first round that ``people`` have sat, closed and graded."""
    worlds.build(store, edition=edition)
    chance = random.Random(seed)
    with store.writing() as db:
        row = queries.current_edition(db)
        assert row is not None
        for number in range(people):
            contests.apply(
                db, row, last_name=f"Exemple {number}", first_name="Alex",
                email=f"a{number}@exemple.fr", company="Allô",
                city=places.resolve(chance.choice(TOWNS))[0], secret=SECRET, now=NOON,
            )  # fmt: skip
        plan = plan_of(db)
        for one in db.exec(select(Application).order_by(Application.number)).all():  # type: ignore[arg-type]
            sit(db, plan, one, chance)
    with store.writing() as db:
        actions.close_stage(db, plan_of(db), by="o", reason="fin", now=CLOSED)


def sit(db: Session, plan: Plan, one: Application, chance: random.Random) -> None:
    """One paper, with answers right about every other time; some are missing."""
    paper = draw(plan.says.blueprint, banks_of(db, plan.id), f"graine-{one.number}")
    sitting = Sitting(
        application_id=one.id or 0, stage_id=plan.id, seed="s", drawn=paper.dump(),
        started_at=NOON, ends_at=NOON + timedelta(minutes=20), writer="w",
    )  # fmt: skip
    db.add(sitting)
    db.flush()
    for item in paper.items:
        given = (
            chance.choice("0001123")
            if item.bank != "subsidiaire"
            else str(1600 + chance.randrange(99))
        )
        if chance.random() < 0.9:
            db.add(
                Answer(
                    sitting_id=sitting.id or 0, n=item.number, item=item.number, seq=1,
                    key=f"k{item.number}", response=given, received_at=NOON, link="0" * 64,
                )
            )  # fmt: skip


def favourite(db: Session) -> str:
    """The question of general culture that most papers hold."""
    found = Counter(
        item.question
        for sitting in db.exec(select(Sitting)).all()
        for item in sitting.paper.items
        if item.bank == "culture-generale"
    )
    return found.most_common(1)[0][0]


@dataclass
class Key:
    """What counts, told plainly: right answers, weights, what is void, what is given to all."""

    right: dict[str, set[str]] = field(default_factory=dict)
    weight: dict[str, int] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)
    free: set[str] = field(default_factory=set)


Told = tuple[Fraction, int, tuple[int, int, int], str, int]


def slowly(db: Session, key: Key) -> dict[str, Told]:
    """By number: points, maximum, the three ranks, status and place, counted one answer at a time."""
    plan = plan_of(db)
    totals, groups = {}, {"nation": {}, "region": {}, "city": {}}
    for sitting in db.exec(select(Sitting)).all():
        one = db.get_one(Application, sitting.application_id)
        given = {
            answer.item: answer.response
            for answer in db.exec(select(Answer).where(Answer.sitting_id == sitting.id)).all()
        }
        points, maximum, relation, distance = Fraction(0), 0, Fraction(0), None
        for item in sitting.paper.items:
            if item.bank == "subsidiaire":
                if item.number in given:
                    distance = abs(int(given[item.number]) - 1665)
                continue
            if item.question in key.void:
                continue
            weight = key.weight.get(item.question, 1)
            maximum += weight
            right = given.get(item.number) in key.right.get(item.question, {"0"})
            if right or item.question in key.free:
                points += weight
                relation += weight * (item.bank == "relation-client")
        totals[one.number] = (points, maximum)
        merits = [points, relation, (distance is not None, -(distance or 0))]
        entry = (one.number, merits, reference.lot(plan.row.lot_seed, one.number))
        for kind, name in (("nation", "fr"), ("region", one.region), ("city", one.city)):
            groups[kind].setdefault(name, []).append(entry)
    ranks = {
        kind: {n: place[0] for some in found.values() for n, place in reference.ranks(some).items()}
        for kind, found in groups.items()
    }
    decided = {}
    for city in groups["city"].values():
        decided |= reference.decisions(city, plan.says.quota, plan.says.cut_rule)
    return {
        number: (*total, tuple(ranks[kind][number] for kind in ranks), *decided[number][:2])
        for number, total in totals.items()
    }  # type: ignore[return-value]


def ranking(db: Session, plan: Plan) -> dict[str, Told]:
    """The ranking as it stands, in the same shape."""
    return {
        number: (one.points, one.maximum, one.ranks, one.status, one.place)
        for number, one in versions.now(db, plan).items()
    }
