"""One small named world: an edition with one round of six questions, two cities, three advisers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from quizapp.banks import actions as banks
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.contests.access import Access
from quizapp.kit import migrate
from quizapp.kit.store import Store
from quizapp.people import actions as people
from quizapp.people import places
from quizapp.proof import actions as proof

OPENS = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
NOON = OPENS + timedelta(minutes=5)
SECRET = b"a secret for tests"
PASSWORD = "un mot de passe long"

EDITION = """\
edition: essai
name: Concours d’essai
applications:
  opens: 2026-10-01 09:00
  closes: 2026-11-28 18:00
rules:
  version: essai-1
  text: Le règlement de l’essai.
stages:
  - stage: premier-tour
    title: Premier tour
    kind: quiz
    opens: 2026-11-28 10:00
    closes: 2026-11-28 11:00
    duration: 20
    grace: 30
    group: city
    quota: 1
    meets: region
    page: PAGE
    sections:
      - {bank: culture-generale, title: Culture générale, questions: 3}
      - {bank: relation-client, title: Relation client, questions: 2}
      - {bank: subsidiaire, title: Question subsidiaire, questions: 1, pick: qs-001, scored: no}
    ties: [section:relation-client, estimate, lot]
"""
# Three questions of 45 s each, a part of two in five minutes, and one question without a time.
PACED = EDITION.replace(
    "Culture générale, questions: 3", "Culture générale, questions: 3, seconds_per_question: 45"
).replace("Relation client, questions: 2", "Relation client, questions: 2, minutes: 5")
SUBSIDIARY = """\
bank: subsidiaire
title: Question subsidiaire
questions:
  - id: qs-001
    topic: estimation
    difficulty: 2
    text: Combien de marches compte la tour Eiffel ?
    estimate: 1665
    unit: marches
    explanation: Du sol au sommet.
    source: Société d’exploitation de la tour Eiffel
"""


def bank(slug: str, count: int) -> str:
    """A bank of questions whose right answer always reads « La bonne »."""
    lines = [f"bank: {slug}", f"title: {slug}", "questions:"]
    for number in range(count):
        lines += [
            f"  - id: {slug[:2]}-{number}",
            "    topic: thème",
            "    difficulty: 1",
            f"    text: Question {number} de {slug} ?",
            "    answer: La bonne",
            "    wrong: [La fausse, La mauvaise, L’erronée]",
            "    explanation: Parce que.",
            "    source: Un livre",
        ]
    return "\n".join(lines) + "\n"


@dataclass
class Adviser:
    """A candidate of the world: the row number, the public number, the way in."""

    id: int
    number: str
    access: Access


@dataclass
class World:
    """The store and the people in it."""

    store: Store
    camille: Adviser
    dominique: Adviser
    claude: Adviser


def build(store: Store, *, page: str = "one", edition: str = EDITION) -> World:
    """Fill an empty database: Camille and Dominique in Lyon, Claude in Lille, one organiser."""
    migrate.upgrade(store)
    long_ago = OPENS - timedelta(days=3)
    with store.writing() as db:
        proof.ensure_keys(db, secret=SECRET, seed=bytes(32), by="test", now=long_ago)
        for text in (bank("culture-generale", 5), bank("relation-client", 4), SUBSIDIARY):
            banks.load_bank(db, text, file="banque.yaml", by="test", now=long_ago)
        row = contests.load_edition(
            db, edition.replace("PAGE", page), file="e.yaml", begun=(), by="test", now=long_ago
        )
        banks.pin_banks(db, queries.plans(db, row), begun=(), file="e.yaml")
        people.add_staff(
            db, email="o@exemple.fr", name="Organisation", role="organiser", password=PASSWORD
        )
        advisers = []
        for first, town in (("Camille", "Lyon"), ("Dominique", "Lyon"), ("Claude", "Lille")):
            application, access = contests.apply(
                db, row, last_name="Exemple", first_name=first, email=f"{first}@exemple.fr",
                company="Allô", city=places.resolve(town)[0], secret=SECRET, now=long_ago,
            )  # fmt: skip
            advisers.append(Adviser(application.id or 0, application.number, access))
    return World(store, *advisers)
