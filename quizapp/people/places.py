"""The places people come from: French cities, départements and regions, and how they are found.

The data are in ``places.tsv.gz`` (licence in ``PLACES_LICENCE.md``, made by ``places_build``) and
are read on first use. They cover the 18 regions; overseas collectivities are in none of them.
"""

from __future__ import annotations

import gzip
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path

from quizapp.people.names import SAINTS, fold, plain

DATA = Path(__file__).with_name("places.tsv.gz")
LONGEST = 120
MOST_CHOICES = 12
ARTICLE = re.compile(r"(?:les?|la|l) (?=.)")

_BRACKET = re.compile(r"([^()]+)\(([^()]+)\)?")
_DISTRICT = re.compile(r"(.+?) 0*(\d{1,2}) ?(?:er|e|eme)?(?: arr\w*)?")
_NUMBER = re.compile(r"\d{1,2}|97\d|2[ab]|\d{5}|2[ab]\d{3}")
# What an arrondissement's INSEE code is ahead of its postcode: 69003 is 69383.
_AHEAD = {"75": 100, "69": 380, "13": 200}
_LINKS = {"a", "d", "dans", "de", "des", "du", "en", "l", "la", "le", "les"}
_ANYWHERE = ("",)
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Region:
    """One of the 18 regions, with the IANA time zone its people live by."""

    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Department:
    """A département and its region."""

    code: str
    name: str
    region: Region


@dataclass(frozen=True, slots=True)
class City:
    """A commune of today, known by its INSEE code."""

    code: str
    name: str
    department: Department
    population: int

    @property
    def region(self) -> Region:
        """The region this city counts for."""
        return self.department.region

    @property
    def label(self) -> str:
        """The name that tells it from every other, such as « Saint-Denis (La Réunion) »."""
        where = self.department.name
        if self.name == where:  # Paris
            return self.name
        if self.name.endswith(")"):  # Château-Chinon (Ville)
            return f"{self.name[:-1]}, {where})"
        return f"{self.name} ({where})"


def regions() -> tuple[Region, ...]:
    """The 18 regions, by name."""
    return _load().regions


def city(code: str) -> City | None:
    """The city of an INSEE code; that of an arrondissement or a former commune gives its city."""
    places = _load()
    rank = places.ranks.get(code)
    return None if rank is None else places.cities[rank]


def search(text: str, limit: int = 8) -> list[City]:
    """The cities a text may be the beginning of, to suggest while it is typed.

    Names that begin so come before those where a later word does; the most populous first. A city
    that bears exactly this name is never crowded out. A département, region or number at the end
    narrows the search: « Saint-Denis (La Réunion) », « saint denis 93 », « 97411 ».
    """
    if len(text) > LONGEST:
        return []
    code = text.strip().upper()
    if known := [place for place in (_of_postcode(code), city(code)) if place]:
        return list(dict.fromkeys(known))[:limit]
    typed = plain(text)
    for key, area in _readings(text):
        # « st » may also be the beginning of Strasbourg.
        keys = (key, typed) if typed in SAINTS else (key,)
        if found := _ranked(keys, area, limit):
            return [_load().cities[rank] for rank in found]
    return []


def resolve(text: str) -> list[City]:
    """What a typed text means: one city if it is certain, else those to choose from, or none.

    It is certain for a label, or a full name no other city bears. A number alone is a postcode to
    most people and another city's INSEE code to us: only an arrondissement's is certain. The name of a
    former commune means its city of today; where a city of today bears that name too, the former
    commune counts only if it has joined a more populous one. The mere beginning of a name is never
    certain: if a single city begins so, nothing is found.
    """
    if len(text) > LONGEST:
        return []
    if text.strip().isdigit():
        known = _of_postcode(text.strip())
        return [known] if known else []
    places = _load()
    for key, area in _readings(text):
        if numbers := _bearers(key, area):
            today = [number for number in numbers if number < len(places.cities)]
            least = max(today, default=len(places.cities))
            ranks = sorted({rank for n in numbers if (rank := places.owners[n]) <= least})
            return [places.cities[rank] for rank in ranks[:MOST_CHOICES]]
    found = search(text, MOST_CHOICES)
    return sorted(found, key=lambda each: places.ranks[each.code]) if len(found) > 1 else []


def _of_postcode(code: str) -> City | None:
    """Paris, Lyon or Marseille, of the postcode of one of their arrondissements."""
    if len(code) == 5 and code.isdecimal() and code[:2] in _AHEAD:
        return city(f"{code[:2]}{int(code[2:]) + _AHEAD[code[:2]]}")
    return None


def _readings(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names a text may hold, each with where: what the city's code begins with."""
    if bracket := _BRACKET.fullmatch(text.strip()):
        for area in _areas(fold(bracket[2]), begun=True):
            yield fold(bracket[1]), area
    key = fold(text)
    if district := _DISTRICT.fullmatch(key):  # Paris 11e
        for area in _areas(f"{district[1]} {district[2]}"):
            yield district[1], area
    yield key, _ANYWHERE
    words = key.split()
    if words and _NUMBER.fullmatch(words[0]):  # 93200 Saint-Denis
        words.append(words.pop(0))
    for start in range(1, len(words)):
        for area in _areas(" ".join(words[start:])):
            name = words[:start]
            while name and name[-1] in _LINKS:  # Saint-Denis de La Réunion
                name.pop()
            yield " ".join(name), area
    if article := ARTICLE.match(key):
        yield key[article.end() :], _ANYWHERE


def _areas(key: str, *, begun: bool = False) -> Iterator[tuple[str, ...]]:
    """What a département, region, number or postcode covers; the name may be only begun."""
    areas = _load().areas
    if _NUMBER.fullmatch(key):
        if known := city(key.upper()):
            yield (known.code,)
        key = key.zfill(2)
        key = key[:3] if key.startswith("97") else key[:2]
    if key in areas:
        yield areas[key]
    elif begun and (names := [name for name in areas if name.startswith(key)]):
        yield tuple(code for name in names for code in areas[name])


def _bearers(key: str, area: tuple[str, ...]) -> list[int]:
    """The numbers of the names this key is the whole of; failing that, but for spaces or article."""
    places = _load()
    tight = key.replace(" ", "")
    alike = takewhile(
        lambda at: places.tight(at) == tight, _between(places.whole, tight, places.tight)
    )
    numbers = [at >> 8 for at in alike if places.within(places.owners[at >> 8], area)]
    return [number for number in numbers if places.names[number] == key] or numbers


def _ranked(keys: tuple[str, ...], area: tuple[str, ...], limit: int) -> list[int]:
    """The ranks of at most ``limit`` cities whose name matches one of the keys, best first."""
    places = _load()
    names, count = places.names, len(places.cities)
    best: list[int] = []

    def add(ranks: Iterable[int]) -> None:
        if len(best) < limit:
            new = sorted(set(ranks).difference(best))
            inside = (rank for rank in new if rank < count and places.within(rank, area))
            best.extend(islice(inside, limit - len(best)))

    found = [
        at for key in keys for at in _between(places.whole, key.replace(" ", ""), places.tight)
    ]
    add(number for key in keys for number in _bearers(key, area))
    add(at >> 8 for at in found if names[at >> 8].startswith(keys, at & 255))
    if area is _ANYWHERE:
        best.sort()
    # Then spelled as one word or two, and former communes, which bear another name today.
    add(places.owners[at >> 8] for at in found)
    add(at >> 8 for key in keys for at in _between(places.later, key, places.tail))
    return best


def _between(positions: array[int], key: str, spelled: Callable[[int], str]) -> array[int]:
    """The positions, in their spelled order, where this key begins."""
    low = bisect_left(positions, key, key=spelled)
    return positions[low : bisect_left(positions, key + _LAST, low, key=spelled) if key else low]


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """All places. A city is known by its rank: the most populous is 0, so ranks sort results.

    ``names`` are folded: those of the cities by rank, then former communes; ``owners`` gives the
    rank each stands for. ``whole`` and ``later`` are sorted positions in them (number of the name
    times 256, plus offset): where a name begins, with and without article, and its later words.
    """

    regions: tuple[Region, ...]
    cities: tuple[City, ...]
    ranks: dict[str, int]
    areas: dict[str, tuple[str, ...]]
    names: list[str]
    owners: array[int]
    whole: array[int]
    later: array[int]

    def within(self, rank: int, area: tuple[str, ...]) -> bool:
        """Whether this city is in the area: its code begins with that of its département."""
        return self.cities[rank].code.startswith(area)

    def tail(self, position: int) -> str:
        """The name from this position on."""
        return self.names[position >> 8][position & 255 :]

    def tight(self, position: int) -> str:
        """The same without spaces, so that « l’hay », « l hay » and « lhay » are one."""
        return self.tail(position).replace(" ", "")


@lru_cache(maxsize=1)
def _load() -> _Gazetteer:
    rows: dict[str, list[list[str]]] = {}
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        for line in lines:
            kind, *fields = line.rstrip("\n").split("\t")
            rows.setdefault(kind, []).append(fields)
    regions = {code: Region(code, name, zone) for code, name, zone in rows["region"]}
    departments = {
        code: Department(code, name, regions[where]) for code, name, where in rows["department"]
    }
    cities = tuple(
        City(code, name, departments[where], int(count))
        for code, name, where, count in rows["city"]
    )
    ranks = {city.code: rank for rank, city in enumerate(cities)}
    names = [fold(city.name) for city in cities]
    owners = array("I", range(len(cities)))
    for code, name, owner in rows["former"] + rows["district"]:
        # A former commune may have left its code to the city it has joined.
        ranks.setdefault(code, ranks[owner])
        names.append(fold(name))
        owners.append(ranks[owner])
    by_name = tuple(sorted(regions.values(), key=lambda region: fold(region.name)))
    areas = {key: tuple(codes.split()) for key, codes in rows["area"]}
    del rows  # before the sorts, which need the room
    places = _Gazetteer(by_name, cities, ranks, areas, names, owners, array("I"), array("I"))
    whole = [number << 8 for number in range(len(names))]
    whole += [at + found.end() for at in whole if (found := ARTICLE.match(names[at >> 8]))]
    places.whole.extend(sorted(whole, key=places.tight))
    spaces = (
        (number << 8, re.finditer(" ", name)) for number, name in enumerate(names[: len(cities)])
    )
    later = [at + space.end() for at, found in spaces for space in found]
    places.later.extend(sorted(later, key=places.tail))
    return places
