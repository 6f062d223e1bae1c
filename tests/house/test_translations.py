"""The English catalogue: it has every text of the screens, and each says what the French says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from tests.journeys.test_first_round import enter, organiser, post, sit
from tests.world import NOON, OPENS, World

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "quizapp" / "translations" / "en.po"
# Filled by the scripts; English writes the hour as 09:05:07, French as 9 h 05 min 07 s.
HOUR = "{h} h {mm} min {ss} s"

Forms = tuple[str, ...]


def extracted() -> set[Forms]:
    """Every text of the source, one or two forms each, as ``make translations`` finds them."""
    read = tomllib.loads((ROOT / "babel.toml").read_text("utf-8"))["mappings"]
    found: set[Forms] = set()
    for one in read:
        texts = extract_from_dir(
            ROOT / "quizapp", [(one["pattern"], one["method"])],
            keywords=parse_keywords(one["keywords"]),
        )  # fmt: skip
        found |= {forms(text) for _file, _line, text, _comments, _context in texts}
    return found


def forms(text: str | tuple[str, ...] | list[str]) -> Forms:
    """One text, or its two numbers, as a tuple."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The English catalogue as it stands in its file."""
    with CATALOGUE.open("rb") as stream:
        return read_po(stream)


def messages(catalogue: Catalog) -> list[Message]:
    return [one for one in catalogue if one.id]


def placeholders(text: str) -> list[str]:
    """What the text leaves to fill: ``%(name)s`` and ``{name}``."""
    return sorted(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def test_every_text_of_the_source_is_in_the_catalogue_and_no_other(catalogue: Catalog) -> None:
    assert {forms(one.id) for one in messages(catalogue)} == extracted()


def test_every_text_is_translated_and_none_is_a_guess(catalogue: Catalog) -> None:
    missing = [one.id for one in messages(catalogue) if not all(forms(one.string))]
    guessed = [one.id for one in catalogue if one.fuzzy]

    assert (missing, guessed) == ([], [])
    assert (catalogue.num_plurals, catalogue.plural_expr) == (2, "(n != 1)")


def test_translation_fills_the_same_names_as_the_french(catalogue: Catalog) -> None:
    wrong = {
        french: english
        for one in messages(catalogue)
        for french, english in zip(forms(one.id), forms(one.string), strict=True)
        if placeholders(french) != placeholders(english) and french != HOUR
    }

    assert wrong == {}
    assert placeholders(str(catalogue[HOUR].string)) == ["{hh}", "{mm}", "{ss}"]


def test_english_is_written_as_english(catalogue: Catalog) -> None:
    french = re.compile(r"[«»\u00a0\u202f]| [:;?!]|\d,\d|n°|'|\.\.\.")

    odd = [text for one in messages(catalogue) for text in forms(one.string) if french.search(text)]

    assert odd == []


@pytest.fixture
def english(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser that asks for English, and refuses a page where a translated text stands in French."""
    with CATALOGUE.open("rb") as stream:
        known = {
            text
            for one in messages(read_po(stream))
            for text, told in zip(forms(one.id), forms(one.string), strict=True)
            if len(text) > 5 and "%" not in text and "{" not in text and text != told
        }
    opener = app.test_client()
    opener.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9,fr;q=0.5"
    plain = opener.get

    def get(*asked: object, **more: object) -> object:
        answer = plain(*asked, **more)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            texts = {text.strip() for text in re.findall(r">([^<>]+)<", answer.text)}
            assert '<html lang="en">' in answer.text
            assert texts & known == set()
        return answer

    opener.get = get  # type: ignore[method-assign]
    return opener


def test_candidate_goes_through_the_first_round_in_english(
    app: Flask, english: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    world: World = app.extensions["world"]
    in_french = app.test_client()
    enter(in_french, world, "hugo")
    sit(in_french, right=2)  # the constant parts of the pages are kept, in French, from now on

    clock(OPENS - timedelta(minutes=10))
    home, form = english.get("/").text, english.get("/candidature").text
    enter(english, world)
    own, waiting = english.get("/mon-espace").text, english.get("/epreuve/premier-tour").text
    clock(NOON)
    ready = english.get("/epreuve/premier-tour").text
    paper = sit(english, right=5)
    receipt = english.get(f"{paper}/recu").text

    assert "I already have a code" in home
    assert "Send my application" in form
    assert "Application no. " in own
    assert "The test opens on Saturday 28\u00a0November 2026, 10:00." in waiting
    assert "All times are in Paris time." in waiting
    assert "the time that is left" not in ready
    assert "Your time, 20 minutes, begins when you press “Start the test”." in ready
    assert "Your paper is handed in" in receipt
    assert "You handed it in on Saturday 28\u00a0November 2026, 10:05." in receipt


def test_organiser_reads_the_desk_in_english(app: Flask, english: FlaskClient) -> None:
    post(english, "/connexion", email="O@exemple.fr", password="un mot de passe long")

    page = english.get("/organisation").text

    assert "The test is open: 0 under way, 0 handed in, 3 not yet started." in page
    assert [
        english.get(f"/organisation/{address}").status_code
        for address in ("candidats", "edition", "banques", "secours", "etapes/premier-tour")
    ] == [200] * 5


def test_language_is_chosen_at_the_foot_of_a_page_and_kept(client: FlaskClient) -> None:
    answer = post(client, "/", "/langue/en", next="/candidature")
    page = client.get(answer.location).text
    post(client, "/", "/langue/fr", next="/")

    assert (answer.status_code, answer.location) == (303, "/candidature")
    assert '<html lang="en">' in page
    assert '<button class="link-button" lang="fr">Français</button>' in page
    assert '<html lang="fr">' in client.get("/").text


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("", "Ce choix n’existe pas dans cette question."),
        ("fr", "Ce choix n’existe pas dans cette question."),
        ("en", "This choice does not exist in this question."),
    ],
)
def test_refusal_at_the_counter_follows_the_page(
    app: Flask, client: FlaskClient, asked: str, detail: str
) -> None:
    enter(client, app.extensions["world"])
    paper = post(client, "/epreuve/premier-tour", "/epreuve/premier-tour/commencer").location
    ticket = client.get(paper).text.split('data-pass="')[1].split('"')[0]

    answer = client.post(
        f"{paper.split('?')[0]}/reponses/1",
        json={"answer": ["99"], "flagged": False, "seq": 1, "key": "a" * 32},
        headers={"X-Pass": ticket, "Accept-Language": asked},
    )

    assert (answer.status_code, answer.json["detail"]) == (422, detail)
