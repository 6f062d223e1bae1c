"""Simulated advisers who take the contest through its pages, as browsers do, and count what happens."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx
from rich.progress import Progress

from quizapp.cli import door
from quizapp.cli.advisers import FIRST_NAMES, LAST_NAMES, Key, Page
from quizapp.people import places


@dataclass(slots=True)
class Tally:
    """What happened: how long each kind of request took (seconds), and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    # Per candidate number: item -> the last posted value that was acknowledged.
    kept: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def quantile(self, kind: str, share: float) -> float:
        """The time within which this share of the requests of a kind were answered."""
        ordered = sorted(self.times[kind])
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Adviser:
    """One simulated adviser: a name, a city, an ability, and a browser."""

    def __init__(self, number: int, seed: int, base: str, key: Key, tally: Tally) -> None:
        self.chance = random.Random(f"{seed}/{number}")  # noqa: S311  # a simulation, not a secret
        self.number, self.base, self.key, self.tally = number, base, key, tally
        self.seed = seed
        self.ability = min(max(self.chance.gauss(0.58, 0.17), 0.05), 0.98)
        self.client = httpx.AsyncClient(base_url=base, timeout=60, follow_redirects=True)

    async def ask(self, kind: str, method: str, url: str, **more: Any) -> httpx.Response:
        """One request, timed; an answer that is an error is counted and raised."""
        began = time.perf_counter()
        answer = await self.client.request(method, url, **more)
        self.tally.times.setdefault(kind, []).append(time.perf_counter() - began)
        if answer.status_code >= 400:
            raise RuntimeError(f"{kind}: {answer.status_code}")
        return answer

    async def apply(self, city: places.City) -> str:
        """Apply, and give the personal link."""
        page = Page((await self.ask("form", "GET", "/candidature")).text)
        form = {
            "csrf_token": page.token, "rules": "y", "city": city.label, "city_code": city.code,
            "last_name": self.chance.choice(LAST_NAMES),
            "first_name": self.chance.choice(FIRST_NAMES),
            "email": f"conseiller{self.number}.{self.seed}@exemple.fr",
            "company": f"Centre {self.chance.randint(1, 9)}",
        }  # fmt: skip
        return Page((await self.ask("apply", "POST", "/candidature", data=form)).text).link

    async def sit(self, link: str, stage: str) -> None:
        """Sign in with the link, answer everything one knows or guesses, and hand in."""
        path = httpx.URL(link).path
        page = Page((await self.ask("link", "GET", path)).text)
        await self.ask("sign in", "POST", path, data={"csrf_token": page.token})
        page = Page((await self.ask("waiting", "GET", f"/epreuve/{stage}")).text)
        answer = await self.ask(
            "start", "POST", f"/epreuve/{stage}/commencer", data={"csrf_token": page.token}
        )
        paper, kept = answer.url.path, {}
        page = Page(answer.text)
        for item in range(1, page.total + 1):
            if item > 1:
                page = Page((await self.ask("page", "GET", paper, params={"q": item})).text)
            posted = self.key.answer(page, self.ability, self.chance)
            if posted is None:
                continue
            await self.save(paper, page, item, posted, 1)
            kept[item] = posted
            if self.chance.random() < 0.05:  # second thoughts
                await self.save(paper, page, item, posted, 2)
        summary = Page((await self.ask("summary", "GET", f"{paper}/recapitulatif")).text)
        receipt = await self.ask(
            "hand in", "POST", f"{paper}/remise",
            data={"csrf_token": summary.token, "confirm": "y"},
        )  # fmt: skip
        if not receipt.url.path.endswith("/recu"):
            raise RuntimeError("hand in: no receipt")
        self.tally.kept[paper.rsplit("/", 1)[1]] = kept

    async def save(self, paper: str, page: Page, item: int, posted: list[str], seq: int) -> None:
        """Send one answer as the page does, and check that it is this one that was acknowledged."""
        body = {
            "answer": posted, "flagged": self.chance.random() < 0.05, "seq": seq,
            "key": f"{self.chance.getrandbits(64):016x}",
        }  # fmt: skip
        answer = await self.ask(
            "save", "POST", f"{paper}/reponses/{item}", json=body,
            headers={"X-Pass": page.writing_pass},
        )  # fmt: skip
        if answer.json()["kept"]["number"] != item:
            raise RuntimeError("save: another answer was acknowledged")
        self.tally.acknowledged += 1


@click.command()
@click.option("--candidates", default=100, show_default=True)
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Le serveur.")
@click.option("--stage", default="premier-tour", show_default=True)
@click.option(
    "--banks", default="question_banks", show_default=True, type=click.Path(path_type=Path)
)
@click.option("--at-once", default=50, show_default=True, help="Combien composent à la fois.")
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
    seed: int,
    kept_file: Path | None,
) -> None:
    """Faire composer des conseillers simulés par les pages d’un serveur en marche."""
    tally = Tally()
    began = time.perf_counter()
    asyncio.run(_all(candidates, url, stage, Key.read(banks), at_once, seed, tally))
    _tell(tally, time.perf_counter() - began)
    if kept_file:
        kept_file.write_text(json.dumps(tally.kept), "utf-8")
    if tally.errors:
        door.refuse(f"{tally.errors.total()} erreur(s) : {dict(tally.errors)}")


async def _all(
    candidates: int, url: str, stage: str, key: Key, at_once: int, seed: int, tally: Tally
) -> None:
    chance = random.Random(seed)  # noqa: S311
    cities = _cities(chance, candidates)
    turn = asyncio.Semaphore(at_once)
    with Progress() as bars:
        bar = bars.add_task("Conseillers", total=candidates)

        async def one(number: int) -> None:
            async with turn:
                adviser = Adviser(number, seed, url, key, tally)
                try:
                    await _guarded(adviser, cities[number], stage)
                finally:
                    await adviser.client.aclose()
                    bars.advance(bar)

        async def _guarded(adviser: Adviser, city: places.City, stage: str) -> None:
            try:
                await adviser.sit(await adviser.apply(city), stage)
            except (RuntimeError, httpx.HTTPError, KeyError, ValueError) as error:
                tally.errors[f"{type(error).__name__}: {error}"[:120]] += 1

        work: list[Callable[[], Awaitable[None]]] = [lambda n=n: one(n) for n in range(candidates)]  # type: ignore[misc]
        await asyncio.gather(*(each() for each in work))


def _cities(chance: random.Random, count: int) -> list[places.City]:
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


def _tell(tally: Tally, seconds: float) -> None:
    click.echo(f"{'requêtes':>12} {'nombre':>8} {'médiane':>9} {'p99':>9} {'max':>9}")
    for kind, times in tally.times.items():
        middle, high = tally.quantile(kind, 0.5), tally.quantile(kind, 0.99)
        click.echo(
            f"{kind:>12} {len(times):>8} {middle * 1000:>6.0f} ms {high * 1000:>6.0f} ms "
            f"{max(times) * 1000:>6.0f} ms"
        )
    click.echo(
        f"{tally.acknowledged} réponses enregistrées en {seconds:.0f} s, "
        f"{tally.errors.total()} erreur(s)."
    )
