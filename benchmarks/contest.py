"""A contest to measure: a fresh database, made through the project's own actions.

Everything a browser would hold (cookie, pass, personal link) comes with it.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from quizapp.banks import actions as banks
from quizapp.banks import shipped
from quizapp.banks.queries import banks_of
from quizapp.cli.demo import opened
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.kit import migrate
from quizapp.kit.store import Store
from quizapp.people import actions as people
from quizapp.people import places
from quizapp.proof import actions as proof
from quizapp.sitting import actions as sittings
from quizapp.sitting.passes import Pass

SECRET = "a secret for measurements, not for a contest"
STAGE = "premier-tour"
ORGANISER, PASSWORD = "o@exemple.fr", "un mot de passe long"
_CITIES = ("Paris", "Lyon", "Lille", "Nantes", "Toulouse", "Strasbourg", "Rennes", "Marseille")
_PER_TRANSACTION = 250


@dataclass(frozen=True, slots=True)
class Choice:
    """An item of a paper: what may be posted for it, and how that is stored."""

    item: int
    posted: tuple[str, ...]
    stored: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate with all that their browser would hold; ``sitting`` is 0 before the start."""

    application: int
    stamp: str
    token: str
    device: str
    sitting: int = 0
    items: tuple[Choice, ...] = ()

    @property
    def writing_pass(self) -> str:
        """The pass that stands in the page."""
        return Pass(self.sitting, self.application, self.stamp, self.device).signed(SECRET.encode())

    @property
    def cookie(self) -> str:
        """The session cookie of this candidate, signed in."""
        return session_cookie(
            {"_user_id": f"candidate:{self.application}:{self.stamp}", "_fresh": True,
             "device": self.device, "csrf_token": self.device}
        )  # fmt: skip

    @property
    def csrf(self) -> str:
        """The form token that goes with the cookie."""
        return str(
            URLSafeTimedSerializer(SECRET.encode(), salt="wtf-csrf-token").dumps(self.device)
        )


def session_cookie(session: dict[str, object]) -> str:
    """A session as the cookie that the application itself would set."""
    app = Flask("cookies")
    app.secret_key = SECRET.encode()
    signing = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signing is not None
    return f"quizapp={signing.dumps(session)}"


@dataclass(frozen=True, slots=True)
class Contest:
    """A database, those who sit in it, and those who have applied and not begun."""

    url: str
    sitting: list[Candidate]
    waiting: list[Candidate]

    @property
    def store(self) -> Store:
        """A store of its own on this database."""
        return Store(self.url)


def build(url: str, *, sitting: int, waiting: int = 0, page: str = "one") -> Contest:
    """Make a contest that is open now: so many who sit, and so many who wait."""
    store, now = Store(url), datetime.now(UTC)
    migrate.upgrade(store)
    with store.writing() as db:
        proof.ensure_keys(db, secret=SECRET.encode(), seed=bytes(32), by="bench", now=now)
        people.add_staff(
            db, email=ORGANISER, name="Organisation", role="organiser", password=PASSWORD
        )
    load(store, edition(page, now), [file.read_text("utf-8") for file in _shipped()], now)
    candidates = _apply(store, sitting + waiting, now)
    contest = Contest(url, _start(store, candidates[:sitting], now), candidates[sitting:])
    store.dispose()
    return contest


def _shipped() -> list[Path]:
    return sorted(shipped.folder().glob("*.yaml"))


def edition(page: str, now: datetime) -> str:
    """The demonstration edition, open now, with more time than any measurement takes."""
    text = (Path(people.__file__).parents[1] / "cli" / "demo.yaml").read_text("utf-8")
    longer = text.replace("duration: 20", "duration: 300").replace("now+5h", "now+20h")
    return opened(longer.replace("page: one", f"page: {page}"), now)


def load(store: Store, text: str, bank_texts: list[str], now: datetime) -> None:
    """Load banks and an edition that draws from them."""
    with store.writing() as db:
        for bank in bank_texts:
            banks.load_bank(db, bank, file="banque.yaml", by="bench", now=now)
        row = contests.load_edition(db, text, file="e.yaml", begun=(), by="bench", now=now)
        banks.pin_banks(db, queries.plans(db, row), begun=(), file="e.yaml")


def _apply(store: Store, count: int, now: datetime) -> list[Candidate]:
    cities = [places.resolve(name)[0] for name in _CITIES]
    found: list[Candidate] = []
    while len(found) < count:
        with store.writing() as db:
            row = queries.current_edition(db)
            assert row is not None
            for number in range(len(found), min(len(found) + _PER_TRANSACTION, count)):
                one, access = contests.apply(
                    db, row, last_name="Exemple", first_name=f"Numéro {number}",
                    email=f"numero{number}@exemple.fr", company="Allô",
                    city=cities[number % len(cities)], secret=SECRET.encode(), now=now,
                )  # fmt: skip
                found.append(Candidate(one.id or 0, one.stamp, access.token, f"{number:016x}"))
    return found


def _start(store: Store, candidates: list[Candidate], now: datetime) -> list[Candidate]:
    found: list[Candidate] = []
    while len(found) < len(candidates):
        with store.writing() as db:
            plan = queries.plan(db, STAGE)
            assert plan is not None
            known = banks_of(db, plan.id)
            for one in candidates[len(found) : len(found) + _PER_TRANSACTION]:
                sitting = sittings.start(
                    db, plan, application_id=one.application, seed=f"graine {one.application}",
                    writer=one.device, now=now,
                )  # fmt: skip
                items = []
                for item in sitting.paper.items:
                    question = known[item.bank].by_id[item.question]
                    posted = tuple(
                        choice.value for choice in question.show(item.order, None).choices
                    )
                    if question.kind == "single":
                        stored = tuple(question.read([value], item.order) for value in posted)
                        items.append(Choice(item.number, posted, stored))
                found.append(
                    Candidate(
                        one.application, one.stamp, one.token, one.device, sitting.id or 0,
                        tuple(items),
                    )
                )  # fmt: skip
    return found


def fill(contest: Contest, chance: random.Random, answers: int = 40) -> None:
    """Answer so many questions of every sitting through the statement that keeps answers."""
    from benchmarks.visitors import versions  # visitors need candidates
    from quizapp.sitting.keeping import keep

    store = contest.store
    for place in range(answers):
        with store.changing() as connection:
            for some in range(0, len(contest.sitting), 200):
                keep(connection, versions(contest.sitting[some : some + 200], place, chance))
    store.dispose()


def copy(contest: Contest, folder: Path) -> Contest:
    """The same contest in a SQLite file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    made = contest.url.removeprefix("sqlite:///")
    with sqlite3.connect(made) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = folder / "quizapp.db"
    shutil.copy(made, file)
    return Contest(f"sqlite:///{file}", contest.sitting, contest.waiting)
