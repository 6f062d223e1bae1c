"""Typed words: what may differ, and how little a slip may change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.folding import FOLDS, distance, fold, matches, typed


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("case", "Oslo", "oSLO"),
        ("accents", "Élevé", "Eleve"),
        ("ligatures", "cœur Æneas", "coeur Aeneas"),
        ("apostrophes", "l’été", "l'été"),
        ("hyphens", "porte-monnaie", "porte monnaie"),
        ("spacing", "deux  mots\u00a0", "deux mots"),
    ],
)
def test_each_fold_forgives_its_own_difference_and_no_other(name, one, other):
    assert fold(one, [name]) == fold(other, [name])
    assert fold(one, set(FOLDS) - {name}) != fold(other, set(FOLDS) - {name})


def test_letters_written_in_two_ways_are_always_the_same():
    assert fold("e\u0301te\u0301", []) == fold("été", [])


@given(st.text(max_size=30), st.sets(st.sampled_from(sorted(FOLDS))))
@settings(deadline=None, max_examples=200)
def test_folding_twice_changes_nothing_more(text, names):
    once = fold(text, names)

    assert fold(once, names) == once


@pytest.mark.parametrize(
    ("given_", "typos", "right"),
    [
        ("Guernesey", 0, True), ("Guernesei", 0, False), ("Guernesei", 1, True),
        ("Gurenesey", 1, True), ("Gernesey", 1, True), ("Guerneseyy", 1, True),
        ("Gernesei", 1, False), ("Gernesei", 2, True), ("", 2, False),
    ],
)  # fmt: skip
def test_slips_are_counted(given_, typos, right):
    assert matches(given_, ["Guernesey"], FOLDS, typos=typos) == right


@pytest.mark.parametrize(
    ("given_", "accepted"), [("sur", "sol"), ("1789", "1798"), ("article 12", "article 13")]
)
def test_no_slip_in_a_short_word_or_in_digits(given_, accepted):
    assert not matches(given_, [accepted], FOLDS, typos=2)


def slow_distance(one, other):
    """The same, by its definition."""
    if not one or not other:
        return len(one) + len(other)
    least = min(
        slow_distance(one[:-1], other) + 1,
        slow_distance(one, other[:-1]) + 1,
        slow_distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        least = min(least, slow_distance(one[:-2], other[:-2]) + 1)
    return least


WORD = st.text(alphabet="abc", max_size=5)


@given(WORD, WORD)
@settings(deadline=None, max_examples=150)
def test_distance_is_that_of_the_definition(one, other):
    assert distance(one, other) == slow_distance(one, other) == distance(other, one)


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\x1bb", "a\x85b"])
def test_typed_refuses_what_nobody_types(text):
    with pytest.raises(ValueError, match="caractère invisible"):
        typed(text, limit=100)


def test_typed_keeps_lines_and_counts_characters():
    assert typed(" Bonjour,\r\n\r\nmerci ", limit=20) == "Bonjour,\n\nmerci"
    with pytest.raises(ValueError, match="dépasse 5 caractères"):
        typed("bonjour", limit=5)
