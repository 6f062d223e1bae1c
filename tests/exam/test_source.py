"""Strict YAML: every scalar is text, every problem has its line, nothing is guessed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import source
from quizapp.exam.problems import Place, Problem, RefusedError


def refusals(text):
    """What reading ``text`` refuses, as ``line:column: sentence``."""
    try:
        problems = source.read(text, "b.yaml").problems
    except RefusedError as error:
        problems = error.problems
    return [f"{problem.place.line}:{problem.place.column}: {problem.what}" for problem in problems]


@pytest.mark.parametrize(
    "text",
    ["12:30", "on", "NO", "010", "null", "yes", "~", "1e3", "0x1F", "2026-11-28", "1_000", ".inf"],
)
def test_scalars_stay_what_the_author_wrote(text):
    assert source.read(f"a: {text}\nb: [{text}]", "b.yaml").value == {"a": text, "b": [text]}


def test_quoted_scalars_and_blocks_are_text():
    text = "a: '*'\nb: \"deux : trois\"\nc: |\n  un\n  deux\nd:\n"

    assert source.read(text, "b.yaml").value == {
        "a": "*", "b": "deux : trois", "c": "un\ndeux\n", "d": "",
    }  # fmt: skip


def test_places_of_values_and_keys_count_from_one():
    read = source.read("a:\n  - un\n  - b: deux\n", "b.yaml")

    assert read.place(("a", 1, "b")) == Place("b.yaml", 3, 8)
    assert read.place(("a", 1, "b"), key=True) == Place("b.yaml", 3, 5)
    assert read.place(("a", 0, "nowhere")) == Place("b.yaml", 2, 5)
    assert read.place(("nowhere",), key=True) == Place("b.yaml", 1, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: !!str un", ["1:4: L’étiquette « tag:yaml.org,2002:str » n’est pas permise."]),
        ("a: un\nb: !vrai deux", ["2:4: L’étiquette « !vrai » n’est pas permise."]),
        ("!!map {a: un}", ["1:1: L’étiquette « tag:yaml.org,2002:map » n’est pas permise."]),
        ("a: &x un", ["1:4: L’ancre « &x » n’est pas permise."]),
        ("a: &x [un]", ["1:4: L’ancre « &x » n’est pas permise."]),
        ("&x a: un", ["1:1: L’ancre « &x » n’est pas permise."]),
        ("a: *x", ["1:4: Le renvoi « *x » n’est pas permis."]),
        ("a: un\na: deux", ["2:1: La clé « a » apparaît deux fois (lignes 1 et 2)."]),
        ("- {a: 1, a: [2, {b: 3}]}", ["1:10: La clé « a » apparaît deux fois (lignes 1 et 1)."]),
        ("? [a]\n: un", ["1:3: Une clé doit être un mot, pas une liste."]),
        ("a: un\n---\nb: deux", ["2:1: Un second document commence ici."]),
        ("", ["1:1: Ce fichier est vide."]),
        ("# rien\n", ["1:1: Ce fichier est vide."]),
        ("a: un\nb: deux : trois", ["2:9: Deux-points inattendus."]),
        ("a: [un, deux", ["2:1: La liste entre crochets n’est pas fermée."]),
        ("a: \"un", ["1:7: Des guillemets ouverts ne sont jamais fermés."]),
        ("a: un\n\tb: deux", ["2:1: Tabulation dans le retrait."]),
        ("a: 50 %\nb: %c", ["2:4: Caractère qui ne peut pas commencer un texte."]),
        ("a: un\u202edeux", ["1:6: Caractère invisible U+202E."]),
        ("a: un\nb: \x07", ["2:4: Caractère invisible U+0007."]),
        ("a: \ud800", ["1:4: Caractère invisible U+D800."]),
        ("[" * 14 + "]" * 14, ["1:14: Trop de niveaux imbriqués."]),
    ],
)  # fmt: skip
def test_read_refuses_what_is_not_plain(text, told):
    assert refusals(text) == told


def test_read_notes_all_problems_in_one_run():
    text = "a: &x un\nb: *x\nc: !t deux\na: trois\n? [d]\n: quatre\n"

    assert refusals(text) == [
        "1:4: L’ancre « &x » n’est pas permise.",
        "2:4: Le renvoi « *x » n’est pas permis.",
        "3:4: L’étiquette « !t » n’est pas permise.",
        "4:1: La clé « a » apparaît deux fois (lignes 1 et 4).",
        "5:3: Une clé doit être un mot, pas une liste.",
    ]


def test_read_keeps_the_first_value_of_a_key_written_twice():
    assert source.read("a: un\na: {b: deux}\nc: trois", "b.yaml").value == {"a": "un", "c": "trois"}


def test_read_accepts_a_leading_byte_order_mark():
    assert source.read("\ufeffa: un", "b.yaml").value == {"a": "un"}


def test_read_refuses_a_file_too_large():
    assert refusals("é" * 2_500_001) == ["1:1: Ce fichier dépasse 5 Mo."]


def test_deep_and_repeated_aliases_never_grow():
    text = "a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(50))

    assert len(refusals(text)) == 101


@given(
    st.recursive(
        st.text(alphabet="aé :#'\"-[]{}&*!|>%@`1,\n", max_size=8),
        lambda inside: (
            st.lists(inside, max_size=3)
            | st.dictionaries(st.text(alphabet="ab :#*&", max_size=4), inside, max_size=3)
        ),
        max_leaves=8,
    )
)
@settings(deadline=None, max_examples=100)
def test_read_gives_back_any_plain_value_written_as_json(value):
    assert source.read(json.dumps(value, ensure_ascii=False), "b.yaml").value == value


@given(st.text() | st.text(alphabet="ab:- \n\t[]{},&*!?|>'\"#%@`\x85\u2028"))
@settings(deadline=None, max_examples=100)
def test_read_refuses_or_reads_any_text(text):
    try:
        read = source.read(text, "b.yaml")
    except RefusedError as error:
        refused = error.problems
    else:
        refused = read.problems
        assert read.value is not None or refused
    assert all(problem.what and problem.place.line >= 1 for problem in refused)


def test_refused_error_tells_its_problems_in_the_order_of_the_file_once():
    later, earlier = (
        Problem(Place("b.yaml", 10, 2), "Deux.", "Ôtez."),
        Problem(Place("b.yaml", 9), "Un."),
    )

    error = RefusedError([later, earlier, later])

    assert error.problems == (earlier, later)
    assert str(error) == "b.yaml:9:1: Un.\nb.yaml:10:2: Deux. Ôtez."
