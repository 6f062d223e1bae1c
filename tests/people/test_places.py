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
        ("saint denis (la réunion)", "97411"), ("Saint-Denis 93", "93066"), ("75015", "75056"),
        ("69003", "69123"), ("13008", "13055"),
        ("L’Haÿ-les-Roses", "94038"), ("lille", "59350"),
    ],
)  # fmt: skip
def test_typed_text_means_one_city(text: str, code: str) -> None:
    assert [city.code for city in places.resolve(text)] == [code]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("lhay les roses", "L’Haÿ-les-Roses (Val-de-Marne)"),
        ("L'HAY-LES-ROSES", "L’Haÿ-les-Roses (Val-de-Marne)"),
        ("hay les roses", "L’Haÿ-les-Roses (Val-de-Marne)"),
        ("oeuf en ternois", "Œuf-en-Ternois (Pas-de-Calais)"),
        ("ŒUF-EN-TERNOIS", "Œuf-en-Ternois (Pas-de-Calais)"),
        ("mans", "Le Mans (Sarthe)"),
        ("Saint-Denis de La Réunion", "Saint-Denis (La Réunion)"),
        ("93200 Saint-Denis", "Saint-Denis (Seine-Saint-Denis)"),
        ("bastia 2b", "Bastia (Haute-Corse)"),
        ("Lyon 69003", "Lyon (Rhône)"),
        ("Paris", "Paris"),
        ("Paris 1er", "Paris"),
        ("Château-Chinon (Ville)", "Château-Chinon (Ville, Nièvre)"),
    ],
)
def test_the_same_city_may_be_typed_in_many_ways(text: str, label: str) -> None:
    assert [city.label for city in places.resolve(text)] == [label]


def test_shared_name_gives_a_choice_the_most_populous_first() -> None:
    choices = places.resolve("Saint-Denis")

    assert {"97411", "93066"} < {city.code for city in choices}
    assert choices == sorted(choices, key=lambda city: -city.population)
    assert len(places.resolve("Sainte-Colombe")) == places.MOST_CHOICES


def test_former_commune_means_the_city_it_has_joined() -> None:
    assert [city.name for city in places.resolve("Bellegarde-sur-Valserine")] == ["Valserhône"]
    # Today's town of this name comes before a village that bore it…
    assert [city.label for city in places.resolve("Beaune")] == ["Beaune (Côte-d’Or)"]
    # … but a name whose bearer has become a larger city is ambiguous.
    assert [city.code for city in places.resolve("Marennes")] == ["17219", "69281"]


def test_the_mere_beginning_of_a_name_is_never_certain() -> None:
    assert labels("berlin") == ["Berling (Moselle)"]
    assert places.resolve("berlin") == []
    assert len(places.resolve("montp")) > 1


def test_names_that_begin_so_come_before_later_words_then_by_population() -> None:
    found = places.search("denis", limit=3)
    begun = places.search("mont", limit=5)

    assert [city.code for city in found][:2] == ["97411", "93066"]
    assert [city.population for city in begun] == sorted(
        (city.population for city in begun), reverse=True
    )
    assert labels("la rochelle")[0] == "La Rochelle (Charente-Maritime)"
    assert labels("rochelle")[0] == "La Rochelle (Charente-Maritime)"


def test_an_exact_name_is_never_crowded_out_by_more_populous_cities() -> None:
    assert "Y (Somme)" in labels("y")


def test_st_also_begins_strasbourg() -> None:
    assert labels("st")[:2] == ["Strasbourg (Bas-Rhin)", "Saint-Étienne (Loire)"]


@pytest.mark.parametrize("text", ["saint denis (la r", "saint denis 974", "Saint-Denis, Réunion"])
def test_a_place_narrows_the_list_while_it_is_typed(text: str) -> None:
    assert labels(text)[0] == "Saint-Denis (La Réunion)"
    assert "Saint-Denis (Seine-Saint-Denis)" not in labels(text)


@pytest.mark.parametrize("text", ["", "Atlantide", "x" * 10_000, "'; DROP TABLE city"])
def test_unknown_text_means_nothing(text: str) -> None:
    assert places.resolve(text) == []
    assert places.search(text) == []


@pytest.mark.parametrize("text", ["97411", "69010", "13017", "13100", "75021", "59350", "٧٥٠١٥"])
def test_number_alone_is_never_taken_for_a_city(text: str) -> None:
    # 97411 is Saint-Denis to INSEE, and a postcode of Saint-Paul; 13017 is Cabriès, and no postcode.
    assert places.resolve(text) == []


def test_number_suggests_the_city_of_the_postcode_before_that_of_the_insee_code() -> None:
    assert labels("69003") == ["Lyon (Rhône)", "Albigny-sur-Saône (Rhône)"]
    assert labels("75015") == ["Paris"]


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
    assert len(codes()) == len(set(codes())) == 34_875  # communes on 1 January 2026
    assert lost == []


def test_collectivities_outside_the_regions_are_left_out() -> None:
    # Saint-Pierre, Saint-Barthélemy, Saint-Martin, Papeete, Nouméa
    assert [places.city(code) for code in ("97502", "97701", "97801", "98735", "98818")] == [
        None
    ] * 5


def test_the_data_stay_small() -> None:
    assert places.DATA.stat().st_size < 1_000_000


def test_overseas_regions_live_by_their_own_time() -> None:
    abroad = {region.name: region.zone for region in places.regions() if region.code < "10"}

    assert abroad == {
        "Guadeloupe": "America/Guadeloupe",
        "Guyane": "America/Cayenne",
        "La Réunion": "Indian/Reunion",
        "Martinique": "America/Martinique",
        "Mayotte": "Indian/Mayotte",
    }
    assert {each.zone for each in places.regions() if each.name not in abroad} == {"Europe/Paris"}


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
