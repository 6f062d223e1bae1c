"""The English catalogue: it has every text of the screens, and each says what the French says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

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
