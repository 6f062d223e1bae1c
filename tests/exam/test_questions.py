"""Question types: what a candidate sees, what is posted, what is stored, what it earns."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.exam.lots import Stream
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import TYPES, register, type_of
from quizapp.exam.questions.choice import Multiple, Single
from quizapp.exam.questions.estimate import Estimate
from quizapp.exam.questions.shown import Choice, Shown
from tests.exam.samples import estimate, multiple, single


def test_types_are_registered_by_name():
    assert {name: kind.kind for name, kind in TYPES.items()} == {name: name for name in TYPES}
    assert sorted(TYPES) == [
        "estimate", "free", "gaps", "groups", "kprim", "matching", "multiple", "number", "ordering",
        "short", "single", "situation", "survey", "true-false", "word",
    ]  # fmt: skip


def test_register_refuses_a_second_type_of_the_same_name():
    with pytest.raises(ValueError, match="two question types are named 'single'"):
        register("single", keys=set())(Single)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({"answer": "", "wrong": ""}, Single),
        ({"answers": "", "wrong": ""}, Multiple),
        ({"estimate": ""}, Estimate),
        ({"type": "multiple", "answer": "", "wrong": ""}, Multiple),
    ],
)
def test_type_of_is_named_or_told_by_the_keys(entry, kind):
    assert type_of(entry) is kind


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"type": "essay"}, "Le type « essay » n’existe pas."),
        ({"type": ["single"]}, "Le type « ['single'] » n’existe pas."),
        ({"text": "Pourquoi ?"}, "Cette question ne dit pas sa réponse."),
        ({"answer": "", "answers": "", "wrong": ""}, "plusieurs types : single, multiple."),
    ],
)
def test_type_of_refuses_what_it_cannot_tell(entry, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        type_of(entry)


def test_true_until_is_a_date():
    assert single(true_until="2027-12-31").true_until == date(2027, 12, 31)


@pytest.mark.parametrize("text", ["0", "86400", "31/12/2027", "2027", "bientôt"])
def test_true_until_refuses_what_is_not_a_written_date(text):
    with pytest.raises(ValidationError):
        single(true_until=text)


@pytest.mark.parametrize("text", ["２", "1_0", "٢", "0", "4", "deux", "1.5", ""])
def test_difficulty_refuses_what_is_not_one_two_or_three(text):
    with pytest.raises(ValidationError):
        single(difficulty=text)


def test_stem_is_html_without_any_tag_of_the_author():
    stem = single(
        text='Où ? <script>alert(1)</script> [x](javascript:alert(1)) <b onclick="a">'
    ).stem

    assert "<script" not in stem
    assert "<b " not in stem
    assert "href" not in stem


# Choices


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"wrong": ["oslo", "Bergen"]}, "Le choix « oslo » apparaît deux fois."),
        ({"wrong": ["Saint  Malo", "saint malo"]}, "Le choix « saint malo » apparaît deux fois."),
        ({"last": "Rome"}, "« last » nomme « Rome », qui n’est pas un des choix."),
        ({"last": ["Oslo", "Oslo"]}, "« last » nomme « Oslo » deux fois."),
    ],
)
def test_choices_refuse_doubles_and_unknown_pins(keys, told):
    with pytest.raises(ValidationError) as refused:
        single(**keys)
    assert told in str(refused.value)


def test_one_wrong_choice_may_be_written_without_a_list():
    assert single(wrong="Bergen").choices == ("Oslo", "Bergen")


@given(st.text(), st.sets(st.integers(0, 5)), st.randoms())
@settings(deadline=None, max_examples=100)
def test_order_is_a_permutation_that_ends_with_the_pins(seed, pins, random):
    choices = [f"choix {place}" for place in range(6)]
    pinned = sorted(pins)
    random.shuffle(pinned)
    question = single(
        answer=choices[0], wrong=choices[1:], last=[choices[place] for place in pinned]
    )

    order = question.order(Stream(seed))

    assert sorted(order) == list(range(6))
    assert list(order[6 - len(pinned) :]) == pinned
    assert order == question.order(Stream(seed))


def test_order_puts_every_choice_everywhere():
    orders = {single(last="Aucune des trois").order(Stream(str(seed))) for seed in range(60)}

    assert len(orders) == 6
    assert {order[-1] for order in orders} == {3}


def test_show_gives_places_and_marks_the_chosen():
    shown = single().show((2, 0, 3, 1), "0")

    assert shown == Shown(
        "single",
        "<p>Quelle est la capitale de la <strong>Norvège</strong>\u00a0?</p>\n",
        (
            Choice("0", "Bodø", False),
            Choice("1", "Oslo", True),
            Choice("2", "Aucune des trois", False),
            Choice("3", "Bergen", False),
        ),
    )


@given(st.permutations(range(4)))
@settings(deadline=None, max_examples=50)
def test_show_is_the_same_whichever_choice_is_right(order):
    texts = ["a", "b", "c", "d"]
    shown = []
    for right in range(4):
        numbered = [texts[right], *(text for text in texts if text != texts[right])]
        question = single(answer=numbered[0], wrong=numbered[1:])
        own = tuple(numbered.index(texts[place]) for place in order)
        shown.append(question.show(own, None))

    assert shown == [shown[0]] * 4


@pytest.mark.parametrize("question", [single(), multiple(), estimate()])
def test_show_tells_neither_key_nor_explanation_nor_source(question):
    shown = question.show(question.order(Stream("graine")), None)

    assert question.explanation not in repr(shown)
    assert question.source not in repr(shown)
    assert set(Shown.__slots__) == {
        "type", "stem", "choices", "value", "unit", "body", "stimulus", "unsure",
    }  # fmt: skip
    assert (shown.value, shown.body, shown.stimulus, shown.unsure) == ("", None, "", None)
    assert not any(choice.chosen for choice in shown.choices)


@given(st.permutations(range(4)), st.integers(0, 3))
@settings(deadline=None, max_examples=50)
def test_read_turns_a_posted_place_into_the_stored_number(order, place):
    answer = single().read([str(place)], order)

    assert answer == str(order[place])
    assert single().mark(answer) == Fraction(order[place] == 0)
    assert [choice.chosen for choice in single().show(order, answer).choices] == [
        other == place for other in range(4)
    ]


@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
@settings(deadline=None, max_examples=100)
def test_read_of_several_places_is_marked_all_or_nothing(order, places):
    answer = multiple().read([str(place) for place in places], order)
    numbers = sorted(order[place] for place in places)

    assert answer == (",".join(map(str, numbers)) or None)
    assert multiple().mark(answer) == Fraction(numbers == [0, 1])


def test_read_sorts_numbers_above_nine_as_numbers():
    question = multiple(answers=[f"bon {n}" for n in range(11)], wrong=["faux"])

    answer = question.read([str(place) for place in range(11)], tuple(range(12)))

    assert answer == question.key == "0,1,2,3,4,5,6,7,8,9,10"
    assert question.mark(answer) == 1


@pytest.mark.parametrize("posted", [[], [""], ["", ""]])
@pytest.mark.parametrize("question", [single(), multiple()])
def test_read_of_nothing_is_no_answer(question, posted):
    assert question.read(posted, (0, 1, 2, 3)) is None
    assert question.mark(None) == 0


@pytest.mark.parametrize("posted", ["4", "-1", "Oslo", "0,1", " 0", "٠", "00"])
@pytest.mark.parametrize("question", [single(), multiple()])
def test_read_refuses_a_place_that_is_not_shown(question, posted):
    with pytest.raises(NotAnAnswerError, match="Ce choix n’existe pas"):
        question.read([posted], (3, 2, 1, 0))


def test_read_of_a_single_refuses_two_places():
    assert single().read(["1", "1", ""], (3, 2, 1, 0)) == "2"
    with pytest.raises(NotAnAnswerError, match="Un seul choix est possible"):
        single().read(["0", "1"], (3, 2, 1, 0))


def test_told_names_the_chosen_texts():
    assert multiple().told("0,3") == "2 | 6"
    assert multiple().told(None) == ""
    assert single().key == "0"
    assert single().distance("0") is None
