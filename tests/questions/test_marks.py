"""What each type makes of an answer, worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.exam.questions.base import type_of
from tests.exam.samples import COMMON, multiple, single

HALF, THIRD, QUARTER = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)


def made(**keys):
    """The question with these keys."""
    return type_of(keys)(**{**COMMON, **keys})


KPRIM = {"statements": {"a": "yes", "b": "no", "c": "no", "d": "no"}}
STEPS = {"steps": ["a", "b", "c", "d"]}
PAIRS = {"pairs": {"a": "x", "b": "y"}, "extra": "z"}
GROUPS = {"groups": {"A": ["x", "y"], "B": ["z"]}}
GAPS = {"passage": "{1} et {2}", "gaps": [["l’été", "été"], {"answer": "oui", "wrong": "non"}]}
WORDS = {"find": "Il [mange] du [pain] sec"}
JUDGE = {"reactions": {"a": 4, "b": 3, "c": 0, "d": -2}}


@pytest.mark.parametrize(
    ("keys", "answer", "mark"),
    [
        ({"true": "no"}, "1", 1), ({"true": "no"}, "0", 0),
        (KPRIM, "0,1,1,1", 1), (KPRIM, "0,1,1,0", HALF), (KPRIM, "0,1,1,", HALF),
        (KPRIM, "0,1,0,0", 0), (KPRIM, "1,0,0,0", 0),
        ({**KPRIM, "scoring": "all-or-nothing"}, "0,1,1,0", 0),
        ({**KPRIM, "scoring": "per-option"}, "0,1,0,0", HALF),
        ({**KPRIM, "scoring": "right-minus-wrong"}, "0,1,1,0", HALF),
        ({**KPRIM, "scoring": "right-minus-wrong"}, "0,1,1,", 3 * QUARTER),
        ({**KPRIM, "scoring": "right-minus-wrong"}, "1,0,0,1", 0),
        (STEPS, "0,1,2,3", 1), (STEPS, "0,1,3,2", 0),
        ({**STEPS, "scoring": "per-option"}, "0,1,3,2", HALF),
        ({**STEPS, "scoring": {"inconsistent": "-1"}}, "0,0,1,2", -1),
        ({**STEPS, "scoring": {"inconsistent": "-1"}}, "0,2,1,", 0),
        (PAIRS, "0,1", 1), (PAIRS, "0,2", 0), ({**PAIRS, "scoring": "per-option"}, "0,", HALF),
        (GROUPS, "0,0,1", 1), ({**GROUPS, "scoring": "per-option"}, "0,1,1", 2 * THIRD),
        (GAPS, '["L\'ETE", "0"]', 1), (GAPS, '["été", "1"]', 0), (GAPS, '["", "0"]', 0),
        ({**GAPS, "scoring": "per-option"}, '["hiver", "0"]', HALF),
        ({**GAPS, "ignore": "case", "scoring": "per-option"}, '["ete", "0"]', HALF),
        ({"accept": "Cœur"}, "COEUR", 1), ({"accept": "Cœur", "ignore": []}, "coeur", 0),
        ({"accept": "Irak", "typos": 1}, "Iraq", 1),
        ({"accept": "Irak", "typos": 1, "refuse": "Iran"}, "iran", 0),
        ({"number": "12,5"}, "12.5", 1), ({"number": "12,5"}, "12.500001", 0),
        ({"number": "10", "within": "0,5"}, "9.5", 1), ({"number": "10", "within": "0,5"}, "9.4", 0),
        ({"number": "-200", "within": "5 %"}, "-210", 1),
        ({"number": "-200", "within": "5 %"}, "-210.1", 0),
        ({"number": "3", "between": ["1", "4"]}, "4", 1),
        ({"number": "3", "between": ["1", "4"]}, "0.9", 0),
        (JUDGE, "0", 1), (JUDGE, "1", 3 * QUARTER), (JUDGE, "2", 0), (JUDGE, "3", -HALF),
        ({**JUDGE, "scoring": "all-or-nothing"}, "1", 0),
        ({**JUDGE, "ask": "best-and-worst"}, "0,3", 1), ({**JUDGE, "ask": "best-and-worst"}, "0,2", HALF),
        ({**JUDGE, "ask": "best-and-worst"}, "3,0", 0), ({**JUDGE, "ask": "best-and-worst"}, ",3", HALF),
        ({**JUDGE, "ask": "best-and-worst", "scoring": {"inconsistent": "-1/4"}}, "0,0", -QUARTER),
        (WORDS, "1,3", 1), (WORDS, "1", 0), ({**WORDS, "scoring": "right-minus-wrong"}, "1", HALF),
        ({**WORDS, "scoring": "right-minus-wrong"}, "1,2", 0),
        ({"rubric": "Du tact."}, "Bonjour", None), ({"rubric": "Du tact."}, None, 0),
        ({"survey": ["a", "b"]}, "0", 0),
    ],
)  # fmt: skip
def test_mark(keys, answer, mark):
    assert made(**keys).mark(answer) == mark


@pytest.mark.parametrize(
    ("scoring", "answer", "mark"),
    [
        ("all-or-nothing", "0", 0),
        ("right-minus-wrong", "0", HALF),
        ("right-minus-wrong", "0,1,2", HALF),
        ("right-minus-wrong", "0,2,3", 0),
        ("per-option", "0", 3 * QUARTER),
        ("per-option", "2,3", 0),
        ({"rule": "per-option", "wrong": "-1/4"}, "2,3", -QUARTER),
        ({"wrong": "-25 %", "unanswered": "0,1"}, "0", -QUARTER),
        ({"wrong": "-25 %", "unanswered": "0,1"}, None, Fraction(1, 10)),
    ],
)
def test_mark_of_several_choices_follows_the_rule(scoring, answer, mark):
    assert multiple(scoring=scoring).mark(answer) == mark


def test_fractions_on_the_choices_are_those_of_moodle():
    one = single(fractions={"Oslo": "1", "Bergen": "1/3", "Bodø": "-1/4"})
    several = multiple(fractions={"2": "1/2", "3": "1/2", "4": "-1"})

    assert [one.mark(answer) for answer in ("0", "1", "2", "3")] == [1, THIRD, -QUARTER, 0]
    assert (one.floor, several.floor) == (-QUARTER, 0)
    assert [several.mark(answer) for answer in ("0,1", "0", "0,2", "0,1,3")] == [1, HALF, 0, 1]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({**KPRIM, "statements": {"a": "yes"}}, "at least 4"),
        ({**KPRIM, "statements": dict.fromkeys(["a", "b", "c", "A "], "yes")}, "apparaît deux fois"),
        ({**KPRIM, "scoring": "fractions"}, "La règle « fractions » ne convient pas"),
        ({"true": "vrai"}, "« yes » ou « no » est attendu"),
        ({"steps": ["a", "b"]}, "at least 3"),
        ({"pairs": {"a": "x", "b": "X"}}, "« X » apparaît deux fois"),
        ({**PAIRS, "extra": "y"}, "« y » apparaît deux fois"),
        ({"groups": {"A": ["x"], "B": ["x"]}}, "« x » apparaît deux fois"),
        ({**GAPS, "passage": "{2} et {1}"}, "contient les trous 2, 1"),
        ({**GAPS, "passage": "rien"}, "contient les trous (aucun), et « gaps » en décrit 2"),
        ({"passage": "{1}", "gaps": [{"answer": "a"}]}, "Un trou se remplit au clavier"),
        ({"passage": "{1}", "gaps": [{"answer": "a", "wrong": "A"}]}, "apparaît deux fois"),
        ({"accept": "a", "refuse": "A"}, "à la fois accepté et refusé"),
        ({"accept": "a", "ignore": "couleur"}, "Input should be 'case'"),
        ({"number": "12", "within": "-1"}, "n’est pas une tolérance"),
        ({"number": "12", "within": "1 %", "between": ["1", "20"]}, "disent deux fois la tolérance"),
        ({"number": "12", "between": ["13", "20"]}, "n’est pas entre les deux bornes"),
        ({"number": "１２"}, "n’est pas un nombre"),
        ({"reactions": {"a": 1, "b": 1, "c": 0}}, "n’est pas seule en tête"),
        ({"reactions": {"a": 1, "b": 0, "c": 0}, "ask": "best-and-worst"}, "n’est pas seule au score"),
        ({"reactions": {"a": 1, "b": 0, "c": -2}}, "coûte plus"),
        ({"find": "Il mange du pain"}, "n’est pas indiqué"),
        ({"find": "Il [mange du] pain"}, "n’est pas indiqué, ou pas seul"),
        ({"find": "[Il]"}, "De 3 à 150 mots"),
        ({"survey": ["a", "b"], "weight": "2"}, "ne rapporte pas de points"),
        ({"estimate": "3", "scoring": {"wrong": "-1"}}, "ne rapporte pas de points"),
        ({"rubric": "a", "scoring": "all-or-nothing"}, "est notée par une personne"),
        ({"true": "yes", "scoring": "moitié"}, "La règle « moitié » n’existe pas"),
        ({"true": "yes", "scoring": {"wrong": "-2"}}, "Une part va de -1 à 1"),
        ({"true": "yes", "scoring": {"wrong": "un quart"}}, "n’est pas une part"),
    ],
)  # fmt: skip
def test_what_an_author_cannot_mean_is_refused(keys, told):
    with pytest.raises(ValidationError) as refused:
        made(**keys)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"scoring": "fractions"}, "demande une part par choix"),
        ({"fractions": {"Oslo": "1"}, "scoring": "all-or-nothing"}, "se contredisent"),
        ({"fractions": {"Oslo": "1", "Rome": "0"}}, "« Rome », qui n’est pas un des choix"),
        ({"fractions": {"Oslo": "1/2"}}, "ne font pas 1"),
    ],
)
def test_fractions_that_do_not_fit_are_refused(keys, told):
    with pytest.raises(ValidationError) as refused:
        single(**keys)
    assert told in str(refused.value)


def test_key_of_a_number_tells_what_was_right_as_well():
    assert made(number="12,5", unit="kg").told_key == "12,5 kg"
    assert made(number="200", within="5 %").told_key == "200 (de 190 à 210)"
    assert made(number="3", between=["1", "4"]).told_key == "3 (de 1 à 4)"


@given(st.permutations(range(4)), st.lists(st.integers(0, 3), min_size=4, max_size=4))
@settings(deadline=None, max_examples=60)
def test_rows_are_marked_by_what_stands_in_them_not_by_their_place(order, ranks):
    question = made(**STEPS, scoring="per-option")

    answer = question.read([str(ranks[row]) for row in order], order)

    right = sum(rank == row for row, rank in enumerate(ranks))
    assert question.mark(answer) == Fraction(right, 4)


def test_order_of_a_mapping_is_part_of_the_meaning():
    one, other = made(**PAIRS), made(**{**PAIRS, "pairs": {"b": "y", "a": "x"}})

    assert one.meaning() != other.meaning()
