"""Banks: a good one is loaded whole, a bad one is refused with every problem in it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import bank
from quizapp.exam.bank import Bank
from quizapp.exam.problems import RefusedError
from tests.exam.samples import estimate, multiple, single

HEAD = "bank: culture\ntitle: Culture générale\nquestions:\n"
GOOD = """\
  - id: cg-001
    topic: Histoire
    difficulty: 1
    text: "À quelle heure : 12:30 ?"
    answer: on
    wrong: [NO, 010, null, yes]
    last: yes
    explanation: Parce que.
    source: Archives
"""


def refusals(text):
    """Why ``text`` is no bank, a line each."""
    with pytest.raises(RefusedError) as refused:
        bank.parse(text, "b.yaml")
    return str(refused.value).splitlines()


def test_bank_is_read_as_written():
    read = bank.parse(HEAD + GOOD)

    assert read == Bank(
        "culture",
        "Culture générale",
        (
            single(
                id="cg-001",
                topic="Histoire",
                difficulty="1",
                text="À quelle heure : 12:30 ?",
                answer="on",
                wrong=["NO", "010", "null", "yes"],
                last="yes",
                explanation="Parce que.",
                source="Archives",
            ),
        ),
    )
    assert read.by_id == {"cg-001": read.questions[0]}


def test_digest_ignores_layout_and_comments():
    other = HEAD + "# un commentaire\n" + GOOD.replace("[NO, 010", '[ "NO",   010')

    assert bank.parse(HEAD + GOOD).digest == bank.parse(other).digest


def test_digest_changes_with_every_word():
    changed = [
        GOOD,
        GOOD.replace("on\n", "off\n"),
        GOOD.replace("difficulty: 1", "difficulty: 2"),
        GOOD.replace("Parce que", "Car"),
        GOOD.replace("NO, 010", "010, NO"),
        GOOD.replace("    last: yes\n", ""),
        GOOD + GOOD.replace("cg-001", "cg-002"),
    ]

    assert len({bank.parse(HEAD + text).digest for text in changed}) == len(changed)


def test_digest_is_the_same_in_every_version():
    questions = (single(), multiple(id="deux"), estimate(id="trois"))

    assert Bank("culture", "Culture", questions).digest == (
        "812f2af51752f00e5038ccdf64c74c7b39683fc912c3e15cee4039a38ac033c4"
    )


def test_parsed_gives_the_same_object_for_the_same_text():
    assert bank.parsed(HEAD + GOOD) is bank.parsed(HEAD + GOOD)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("topic:", "topik:", [
            "b.yaml:4:5: Il manque la clé « topic ». Ajoutez « topic: … ».",
            "b.yaml:5:5: La clé « topik » n’existe pas. Clés possibles : id, type, topic, difficulty,"
            " text, explanation, source, true_until, weight, scoring, tags, exclude, last, wrong,"
            " fractions, answer.",
        ]),
        ("difficulty: 1", "difficulty: 4", ["b.yaml:6:17: « 4 » est trop grand : au plus 3."]),
        ("difficulty: 1", "difficulty: ２", [
            "b.yaml:6:17: « ２ » n’est pas un nombre. Écrivez-le en chiffres ordinaires."]),
        ("difficulty: 1", "difficulty: 1_0", [
            "b.yaml:6:17: « 1_0 » n’est pas un nombre. Écrivez-le en chiffres ordinaires."]),
        ("difficulty: 1", "difficulty: facile", [
            "b.yaml:6:17: « facile » n’est pas un nombre entier. Écrivez par exemple"
            " « difficulty: 2 »."]),
        ("cg-001", "Cg 001", [
            "b.yaml:4:9: « Cg 001 » n’est pas un identifiant. Lettres minuscules sans accent,"
            " chiffres et tirets, par exemple « cg-geo-001 »."]),
        ("null", "[]", ["b.yaml:9:22: Un texte est attendu pour « wrong ». Écrivez « wrong: votre texte »."]),
        ("null", "no", ["b.yaml:4:5: Le choix « no » apparaît deux fois. Retirez-en un."]),
        ("Archives", "", ["b.yaml:12:12: Le texte de « source » est vide. Complétez-le ou retirez la clé."]),
        ("answer:", "reponse:", [
            "b.yaml:4:5: Cette question ne dit pas sa réponse. Ajoutez « answer: » et « wrong: » (un"
            " choix), « answers: » et « wrong: » (plusieurs), ou les clés d’un autre type :"
            " docs/bank-format.md les montre tous."]),
        ("topic:", "type: essai\n    topic:", [
            "b.yaml:5:11: Le type « essai » n’existe pas. Types possibles : estimate, free, gaps, groups,"
            " kprim, matching, multiple, number, ordering, short, single, situation, survey,"
            " true-false, word."]),
        ("topic:", "true_until: 86400\n    topic:", [
            "b.yaml:5:17: « 86400 » n’est pas une date. Écrivez l’année, le mois et le jour, par exemple"
            " « 2027-12-31 »."]),
        ("topic:", "true_until: 2027-02-30\n    topic:", [
            "b.yaml:5:17: « 2027-02-30 » n’est pas une date. Écrivez l’année, le mois et le jour :"
            " « true_until: 2027-12-31 »."]),
    ],
)  # fmt: skip
def test_bank_refuses_a_question_at_its_line_and_column(old, new, told):
    assert refusals(HEAD + GOOD.replace(old, new)) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["b.yaml:1:1: Ce fichier est vide."]),
        ("---\n", ["b.yaml:2:1: Des clés et des valeurs sont attendues ici. Écrivez « clé: valeur »."]),
        ("- un", ["b.yaml:1:1: Des clés et des valeurs sont attendues ici. Écrivez « clé: valeur »."]),
        ("bank: a\ntitle: A\nquestions: []",
         ["b.yaml:3:12: « questions » contient trop peu d’éléments : au moins 1."]),
        ("bank: a\ntitle: A\nquestions: beaucoup", [
            "b.yaml:3:12: Une liste est attendue pour « questions »."
            " Écrivez « questions: [un, deux, trois] »."]),
        ("bank: a\ntitle: A\nquestions:\n  - un",
         ["b.yaml:4:5: Une question est attendue ici. Commencez-la par « - id: … »."]),
        (HEAD + GOOD + GOOD, [
            "b.yaml:13:9: L’identifiant « cg-001 » sert déjà à la ligne 4."
            " Choisissez-en un autre : un identifiant ne désigne qu’une question."]),
    ],
)  # fmt: skip
def test_bank_refuses_a_file_at_its_line_and_column(text, told):
    assert refusals(text) == told


def test_bank_tells_all_problems_in_one_run():
    text = (
        "bank: Culture\nauthor: moi\nquestions:\n"
        + GOOD.replace("difficulty: 1", "difficulty: dur")
        + GOOD.replace("answer:", "anwser:")
        + GOOD.replace("cg-001", "cg-002").replace("Archives", "&a Archives")
        + GOOD.replace("cg-001", "cg-003").replace("    text:", "    topic: Arts\n    text:")
    )

    told = [line.partition(".yaml:")[2].partition(".")[0] for line in refusals(text)]

    assert told == [
        "1:1: Il manque la clé « title »",
        "1:7: « Culture » n’est pas un identifiant",
        "2:1: La clé « author » n’existe pas",
        "6:17: « dur » n’est pas un nombre entier",
        "13:5: Cette question ne dit pas sa réponse",
        "13:9: L’identifiant « cg-001 » sert déjà à la ligne 4",
        "30:13: L’ancre « &a » n’est pas permise",
        "34:5: La clé « topic » apparaît deux fois (lignes 32 et 34)",
    ]


def test_bank_of_another_file_names_that_file():
    with pytest.raises(RefusedError) as refused:
        bank.parse("", "culture.yaml")
    assert str(refused.value) == "culture.yaml:1:1: Ce fichier est vide."


KEYS = st.sampled_from(
    ["bank", "title", "questions", "id", "type", "topic", "difficulty", "text", "answer",
     "answers", "wrong", "last", "estimate", "unit", "explanation", "source", "true_until", "x"]
)  # fmt: skip
SCALARS = st.sampled_from(
    ["", "a", "single", "1", "-1", "12,5", "9" * 5000, "0001-01-01"]
) | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=9),
    max_leaves=20,
)


def is_bank_or_refused(text):
    try:
        read = bank.parse(text)
    except RefusedError as error:
        told = [problem.what for problem in error.problems]
    else:
        told = [read.title, *read.by_id]
    assert told
    assert all(told)


@given(st.text())
@settings(deadline=None, max_examples=100)
def test_any_text_is_a_bank_or_refused(text):
    is_bank_or_refused(text)


@given(st.dictionaries(KEYS, VALUES | st.lists(st.dictionaries(KEYS, VALUES), max_size=3)))
@settings(deadline=None, max_examples=100)
def test_any_values_are_a_bank_or_refused(values):
    is_bank_or_refused(json.dumps(values, ensure_ascii=False))


@given(st.integers(0, len(HEAD + GOOD)), st.integers(0, 12), st.text(max_size=4))
@settings(deadline=None, max_examples=100)
def test_any_slip_of_the_pen_is_a_bank_or_refused(place, cut, typed):
    text = HEAD + GOOD

    is_bank_or_refused(text[:place] + typed + text[place + cut :])
