"""The choice of a city: what people type, and what it means."""

from __future__ import annotations

import gzip

import pytest

from quizapp.people import places
from quizapp.people.names import sort_key


def labels(text: str) -> list[str]:
    """What the list proposes."""
    return [city.label for city in places.search(text)]


def codes() -> list[str]:
    """The INSEE code of every city in the data."""
    with gzip.open(places.DATA, "rt", encoding="utf-8") as lines:
        return [line.split("\t")[1] for line in lines if line.startswith("city\t")]


def test_the_two_saint_denis_are_told_apart() -> None:
    first = {"Saint-Denis (Seine-Saint-Denis)", "Saint-Denis (La Réunion)"}

    assert set(labels("saint-denis")[:2]) == first


@pytest.mark.parametrize("text", ["st etienne", "SAINT ETIENNE", "Saint-Étienne", "saint‑étienne"])
def test_search_is_blind_to_accents_case_and_hyphens(text: str) -> None:
    assert labels(text)[0] == "Saint-Étienne (Loire)"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Paris 11", "75056"), ("Lyon 3e", "69123"), ("Marseille 8e arrondissement", "13055"),
        ("saint denis (la réunion)", "97411"), ("Saint-Denis 93", "93066"), ("97411", "97411"),
        ("L’Haÿ-les-Roses", "94038"), ("lille", "59350"),
    ],
)  # fmt: skip
def test_typed_text_means_one_city(text: str, code: str) -> None:
    assert [city.code for city in places.resolve(text)] == [code]


def test_shared_name_gives_a_choice() -> None:
    assert len(places.resolve("Saint-Denis")) > 1


@pytest.mark.parametrize("text", ["", "Atlantide", "x" * 10_000, "'; DROP TABLE city"])
def test_unknown_text_means_nothing(text: str) -> None:
    assert places.resolve(text) == []


def test_arrondissement_is_its_city() -> None:
    assert {places.city(code).name for code in ("75101", "69381", "13201") if places.city(code)} == {
        "Paris", "Lyon", "Marseille",
    }  # fmt: skip


def test_every_city_has_a_region_and_is_found_by_its_label() -> None:
    regions = {region.code for region in places.regions()}
    lost = []
    for code in codes():
        city = places.city(code)
        if city is None or city.region.code not in regions or places.resolve(city.label) != [city]:
            lost.append(code)

    assert len(regions) == 18
    assert len(codes()) > 34_000
    assert lost == []


def test_overseas_regions_live_by_their_own_time() -> None:
    city = places.city("97411")

    assert city is not None
    assert city.region.zone == "Indian/Reunion"


def test_names_sort_as_in_a_french_directory() -> None:
    people = [
        ("Côté", "A"),
        ("Cote", "A"),
        ("Coté", "A"),
        ("Côte", "A"),
        ("Le Goff", "B"),
        ("Lebrun", "A"),
    ]

    assert [last for last, _ in sorted(people, key=lambda one: sort_key(*one))] == [
        "Cote", "Côte", "Coté", "Côté", "Lebrun", "Le Goff",
    ]  # fmt: skip
