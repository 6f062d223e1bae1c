"""Simulated advisers who take the contest through its pages, as browsers do, and count what happens."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from quizapp.cli import door
from quizapp.cli.advisers import FIRST_NAMES, LAST_NAMES, Key, Page
from quizapp.cli.browser import Browser, Reply
from quizapp.cli.tally import Tally
from quizapp.people import places


class GoneWrongError(Exception):
    """The server answered otherwise than the page promised."""


@dataclass(frozen=True, slots=True)
class Day:
    """What all advisers share: the server, the stage, the key, and how much time people take.

    ``pause`` is the mean time on a question, in seconds. ``stop`` ends everybody's way.
    """

    url: str
    stage: str
    key: Key
    seed: int
    pause: float
    tally: Tally
    stop: threading.Event = field(default_factory=threading.Event)


class Adviser:
    """One simulated adviser: a name, a city, an ability, and a browser."""

    def __init__(self, number: int, city: places.City, day: Day) -> None:
        self.chance = random.Random(f"{day.seed}/{number}")  # noqa: S311  # a simulation, not a secret
        self.number, self.city, self.day = number, city, day
        self.ability = min(max(self.chance.gauss(0.58, 0.17), 0.05), 0.98)
        self.browser = Browser(day.url)

    def take_part(self, arrival: float) -> None:
        """Come at the time of ``arrival`` (of ``time.monotonic``), apply and sit; tell what fails."""
        if self.day.stop.wait(max(arrival - time.monotonic(), 0)):
            return
        try:
            self.sit(self.apply())
        except KeyError as error:
            self.day.tally.failed(f"question absente des banques : {error.args[0]}")
        except (GoneWrongError, HTTPException, OSError, ValueError) as error:
            self.day.tally.failed(str(error) or type(error).__name__)
        finally:
            self.browser.close()

    def ask(self, kind: str, request: Callable[[], Reply]) -> Reply:
        """One request, timed; an answer that is an error is raised."""
        if self.day.stop.is_set():
            raise GoneWrongError("interrompu")
        began = time.perf_counter()
        answer = request()
        self.day.tally.took(kind, time.perf_counter() - began)
        if answer.status >= 400:
            raise GoneWrongError(f"{kind} : {answer.status}")
        return answer

    def get(self, kind: str, path: str) -> Page:
        """Open a page."""
        return Page(self.ask(kind, lambda: self.browser.get(path)).text)

    def apply(self) -> str:
        """Apply, and give the path of the personal link."""
        page = self.get("formulaire", "/candidature")
        form = {
            "csrf_token": page.token, "rules": "y", "city": self.city.label,
            "city_code": self.city.code, "last_name": self.chance.choice(LAST_NAMES),
            "first_name": self.chance.choice(FIRST_NAMES),
            "email": f"conseiller{self.number}.{self.day.seed}@exemple.fr",
            "company": f"Centre {self.chance.randint(1, 9)}",
        }  # fmt: skip
        told = self.ask("candidature", lambda: self.browser.post("/candidature", form))
        return urlsplit(Page(told.text).link).path

    def sit(self, link: str) -> None:
        """Sign in with the link, answer everything one knows or guesses, and hand in."""
        token = {"csrf_token": self.get("lien", link).token}
        self.ask("entrée", lambda: self.browser.post(link, token))
        entry = f"/epreuve/{self.day.stage}"
        token = {"csrf_token": self.get("attente", entry).token}
        begun = self.ask("début", lambda: self.browser.post(f"{entry}/commencer", token))
        paper = begun.path
        for item, page in self.questions(paper, Page(begun.text)):
            if self.day.pause and self.day.stop.wait(self.thinks(page)):
                return
            posted = self.day.key.answer(page, self.ability, self.chance)
            if posted is None:
                continue
            self.save(paper, page, item, posted, 1)
            if self.chance.random() < 0.05:  # second thoughts
                self.save(paper, page, item, posted, 2)
        form = {
            "csrf_token": self.get("récapitulatif", f"{paper}/recapitulatif").token,
            "confirm": "y",
        }
        receipt = self.ask("remise", lambda: self.browser.post(f"{paper}/remise", form))
        if not receipt.path.endswith("/recu"):
            raise GoneWrongError("remise : pas de reçu")

    def questions(self, paper: str, page: Page) -> Iterator[tuple[int, Page]]:
        """Every question with its page, in the order in which one meets them."""
        while True:
            if page.announces:
                page = self.on(paper, page, begin="1")
                continue
            for place, item in enumerate(page.items):
                page = self.get("page", f"{paper}?q={item}") if place else page
                yield item, page
            if not page.goes_on:
                return
            page = self.on(paper, page)

    def on(self, paper: str, page: Page, **more: str) -> Page:
        """Press the button that goes on in a paced paper."""
        form = {"csrf_token": page.token, "leaving": page.leaving, **more}
        return Page(self.ask("suite", lambda: self.browser.post(f"{paper}/suite", form)).text)

    def thinks(self, page: Page) -> float:
        """How long somebody thinks about a question: a mean time, and never nearly all that there is."""
        return min(self.chance.expovariate(1 / self.day.pause), 0.8 * page.seconds_left)

    def save(self, paper: str, page: Page, item: int, posted: list[str], seq: int) -> None:
        """Send one answer as the page does, and check that it is this one that was acknowledged."""
        body = {
            "answer": posted, "flagged": self.chance.random() < 0.05, "seq": seq,
            "key": f"{self.chance.getrandbits(64):016x}",
        }  # fmt: skip
        pass_ = {"X-Pass": page.writing_pass}
        answer = self.ask(
            "réponse", lambda: self.browser.send(f"{paper}/reponses/{item}", body, pass_)
        )
        if json.loads(answer.text)["kept"]["number"] != item:
            raise GoneWrongError("réponse : une autre a été accusée")
        self.day.tally.acknowledge(paper.rsplit("/", 1)[1], item, posted)


@click.command()
@click.option("--candidates", default=100, show_default=True, type=click.IntRange(min=1))
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Le serveur.")
@click.option("--stage", default="premier-tour", show_default=True)
@click.option(
    "--banks", default="question_banks", show_default=True, type=click.Path(path_type=Path)
)
@click.option(
    "--at-once", default=50, show_default=True, type=click.IntRange(min=1, max=5_000),
    help="Combien composent à la fois, au plus.",
)  # fmt: skip
@click.option(
    "--over", default=0.0, show_default=True, type=click.FloatRange(min=0),
    help="Étaler les arrivées sur tant de secondes : beaucoup à l’ouverture, puis de moins en moins.",
)  # fmt: skip
@click.option(
    "--pause", default=0.0, show_default=True, type=click.FloatRange(min=0),
    help="Le temps moyen passé sur une question, en secondes.",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--kept", "kept_file", type=click.Path(path_type=Path), help="Garder les accusés (JSON)."
)
def simulate(
    candidates: int,
    url: str,
    stage: str,
    banks: Path,
    at_once: int,
    over: float,
    pause: float,
    seed: int,
    kept_file: Path | None,
) -> None:
    """Faire composer des conseillers simulés par les pages d’un serveur en marche.

    Sort avec 1 si le serveur ne répond pas, ou si une seule requête a échoué.
    """
    _reach(url)
    key = Key.read(banks)
    if not key.questions:
        door.refuse(f"Aucune banque dans « {banks} ». Indiquez le dossier : --banks DOSSIER.")
    tally = Tally()
    day = Day(url, stage, key, seed, pause, tally)
    began = time.perf_counter()
    try:
        _all(day, candidates, at_once, over)
    finally:
        for line in tally.lines(time.perf_counter() - began):
            click.echo(line)
        if kept_file:
            kept_file.write_text(json.dumps(tally.kept), "utf-8")
    if tally.errors:
        for told, count in tally.errors.most_common(5):
            click.echo(f"{count} × {told}", err=True)
        door.refuse(f"{tally.errors.total()} erreur(s).")


def _reach(url: str) -> None:
    """Refuse at once if nothing answers there."""
    try:
        browser = Browser(url)
        browser.get("/healthz")
        browser.close()
    except (OSError, HTTPException):
        door.refuse(f"Rien ne répond à {url}. Lancez d’abord : quizapp demo")
    except ValueError as error:
        door.refuse(str(error))


def _all(day: Day, candidates: int, at_once: int, over: float) -> None:
    """Let everybody come, ``at_once`` at most at a time, and show how far it is."""
    chance = random.Random(day.seed)  # noqa: S311
    cities = some_cities(chance, candidates)
    began = time.monotonic()
    arrivals = [began + after for after in _arrivals(chance, candidates, over)]
    columns = (
        TextColumn("Conseillers"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[saves]} réponses/s, {task.fields[errors]} erreur(s)"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns) as bars, ThreadPoolExecutor(at_once) as pool:
        bar = bars.add_task("", total=candidates, saves=0, errors=0)

        def one(number: int) -> None:
            Adviser(number, cities[number], day).take_part(arrivals[number])
            seconds = max(time.monotonic() - began, 0.001)
            saves, errors = round(day.tally.acknowledged / seconds), day.tally.errors.total()
            bars.update(bar, advance=1, saves=saves, errors=errors)

        try:
            for _ in pool.map(one, range(candidates)):
                pass
        except BaseException:
            day.stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _arrivals(chance: random.Random, count: int, over: float) -> list[float]:
    """When each comes, in seconds after the bell: two thirds of them in the first quarter."""
    return sorted(over * chance.betavariate(1, 4) for _ in range(count))


def some_cities(chance: random.Random, count: int) -> list[places.City]:
    """Real cities in every region, likelier where more people live."""
    names = [
        "Paris", "Marseille", "Lyon", "Toulouse", "Nice", "Nantes", "Montpellier", "Strasbourg",
        "Bordeaux", "Lille", "Rennes", "Reims", "Saint-Étienne", "Le Havre", "Toulon", "Grenoble",
        "Dijon", "Angers", "Villeurbanne", "Nîmes", "Clermont-Ferrand", "Aix-en-Provence",
        "Le Mans", "Brest", "Tours", "Amiens", "Limoges", "Annecy", "Metz", "Besançon", "Orléans",
        "Rouen", "Caen", "Nancy", "Poitiers", "Ajaccio", "Bastia", "Pau", "Perpignan",
        "Fort-de-France", "Pointe-à-Pitre", "Cayenne", "Mamoudzou", "Niort", "Roubaix", "Béziers",
    ]  # fmt: skip
    cities = [places.resolve(name)[0] for name in names]
    cities.append(places.resolve("Saint-Denis (La Réunion)")[0])
    weights = [city.population**0.5 for city in cities]
    return chance.choices(cities, weights, k=count)
