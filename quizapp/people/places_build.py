"""Rebuild the list of French cities, ``places.tsv.gz``, from the open data of INSEE and Etalab.

    npm pack @etalab/decoupage-administratif@6.0.0
    python -m quizapp.people.places_build etalab-decoupage-administratif-6.0.0.tgz

The path may also be the folder the package was unpacked in. The same package always gives the
same file. One line is one fact, with tabs between its fields:

- ``region``, code, name, IANA time zone;
- ``department``, code, name, code of its region;
- ``area``, a folded name or number that narrows a search, what the codes of its cities begin with;
- ``city``, code, name, code of its département, population: the most populous first;
- ``district``, code, name, code of its city: the arrondissements of Paris, Lyon and Marseille;
- ``former``, code, name, code of its city: a commune that has joined another one.

Only the 18 regions are kept: the overseas collectivities (Saint-Pierre-et-Miquelon,
Saint-Barthélemy, Saint-Martin, Wallis-et-Futuna, French Polynesia, New Caledonia, the southern
lands, Clipperton) belong to none of them.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quizapp.people.names import fold, sort_key
from quizapp.people.places import ARTICLE, DATA

_ZONES = {
    "01": "America/Guadeloupe",
    "02": "America/Martinique",
    "03": "America/Cayenne",
    "04": "Indian/Reunion",
    "06": "Indian/Mayotte",
}
_REGIONS = 18
_FORMER = {"commune-deleguee", "commune-associee"}

Row = tuple[str, ...]
Record = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Write the file from the package named on the command line; say what it holds."""
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    package = Path(arguments[0])
    lines = list(rows(*(_read(package, name) for name in ("regions", "departements", "communes"))))
    DATA.write_bytes(_packed(lines))
    for kind in sorted({row[0] for row in lines}):
        sys.stdout.write(f"{kind}: {sum(row[0] == kind for row in lines)}\n")
    sys.stdout.write(f"{DATA.name}: {DATA.stat().st_size} bytes\n")
    return 0


def rows(regions: list[Record], departments: list[Record], communes: list[Record]) -> Iterator[Row]:
    """The lines of the file, in its order. Raises ValueError if the source is not as expected."""
    inside = [each for each in communes if each["zone"] != "com"]
    cities = {each["code"]: each for each in inside if each["type"] == "commune-actuelle"}
    districts = [each for each in inside if each["type"] == "arrondissement-municipal"]
    regions = [each for each in regions if each["zone"] != "com"]
    departments = [each for each in departments if each["zone"] != "com"]
    if len(regions) != _REGIONS:
        raise ValueError(f"{_REGIONS} regions expected, {len(regions)} found")
    _check(cities.values())
    yield from sorted(
        ("region", each["code"], _name(each), _ZONES.get(each["code"], "Europe/Paris"))
        for each in regions
    )
    yield from sorted(
        ("department", each["code"], _name(each), each["region"]) for each in departments
    )
    yield from _areas(regions, departments, districts)
    for each in sorted(cities.values(), key=_by_population):
        yield "city", each["code"], _name(each), each["departement"], str(each["population"])
    yield from sorted(
        ("district", each["code"], _name(each), each["commune"]) for each in districts
    )
    yield from sorted(
        ("former", each["code"], _name(each), each["chefLieu"])
        for each in inside
        if each["type"] in _FORMER and fold(each["nom"]) != fold(cities[each["chefLieu"]]["nom"])
    )


def _by_population(city: Record) -> tuple[int, str, str]:
    return -city["population"], sort_key(city["nom"], ""), city["code"]


def _areas(
    regions: list[Record], departments: list[Record], districts: list[Record]
) -> Iterator[Row]:
    """What may follow the name of a city to narrow a search."""
    areas = {"20": {"2A", "2B"}}  # postcodes of Corsica
    for department in departments:
        areas[department["code"].lower()] = {department["code"]}
    for kind, places in (("region", regions), ("code", departments)):
        for place in places:
            codes = {each["code"] for each in departments if each[kind] == place["code"]}
            for key in (fold(place["nom"]), ARTICLE.sub("", fold(place["nom"]))):
                areas.setdefault(key, set()).update(codes)
    for district in districts:
        name, number = re.findall(r"^\D+|\d+", fold(district["nom"]))
        areas[name + number] = {district["commune"]}
    yield from sorted(("area", key, " ".join(sorted(codes))) for key, codes in areas.items())


def _check(cities: Iterable[Record]) -> None:
    """A label tells two cities apart and a code begins with its département: search relies on it."""
    seen: set[tuple[str, str]] = set()
    for city in cities:
        named = (fold(city["nom"]), city["departement"])
        if named in seen:
            raise ValueError(f"two cities named {city['nom']} in département {named[1]}")
        if not city["code"].startswith(named[1]):
            raise ValueError(f"{city['nom']}: code {city['code']} outside {named[1]}")
        seen.add(named)


def _name(record: Record) -> str:
    # Screens are set with the typographic apostrophe.
    return str(record["nom"]).replace("'", "’")


def _read(package: Path, name: str) -> list[Record]:
    if package.is_dir():
        root = package / "package" if (package / "package").is_dir() else package
        records = json.loads((root / "data" / f"{name}.json").read_bytes())
    else:
        with tarfile.open(package) as archive:
            member = archive.extractfile(f"package/data/{name}.json")
            if member is None:
                raise ValueError(f"{package}: {name}.json is not a file")
            records = json.load(member)
    return list(records)


def _packed(lines: Iterable[Row]) -> bytes:
    text = "".join("\t".join(row) + "\n" for row in lines)
    # No date, so that the same source gives the same bytes.
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
