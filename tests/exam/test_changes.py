"""What changed between two versions of a bank, and how far it reaches."""

from __future__ import annotations

from quizapp.exam.bank import Bank
from quizapp.exam.changes import Change, Reach, changes
from tests.exam.samples import estimate, multiple, single


def of(*questions, slug="culture"):
    return Bank(slug, "Culture", questions)


def test_equal_banks_have_no_changes():
    assert changes(of(single(), estimate(id="e")), of(single(), estimate(id="e"))) == []


def test_changes_are_told_with_their_reach():
    old = of(single(id="a"), estimate(id="b"), single(id="c"))
    new = of(
        single(id="a", text="Autre", answer="Bergen", wrong=["Oslo", "Bodø", "Aucune des trois"]),
        estimate(id="b", estimate="325", unit="mètres", topic="Tours", explanation="Mieux"),
        single(id="d"),
    )

    told = [(one.question, one.key, one.reach, one.old, one.new) for one in changes(old, new)]

    assert list(dict.fromkeys(one[0] for one in told)) == ["a", "b", "d", "c"]
    assert sorted(told) == sorted([
        ("a", "text", Reach.READING, "Quelle est la capitale de la **Norvège** ?", "Autre"),
        ("a", "wrong", Reach.MARK, "Bergen | Bodø | Aucune des trois", "Oslo | Bodø | Aucune des trois"),
        ("a", "answer", Reach.MARK, "Oslo", "Bergen"),
        ("b", "topic", Reach.DRAW, "Géographie", "Tours"),
        ("b", "explanation", Reach.NOTHING, "EXPLICATION", "Mieux"),
        ("b", "estimate", Reach.MARK, "324", "325"),
        ("b", "unit", Reach.READING, "m", "mètres"),
        ("d", "added", Reach.DRAW, "", "Quelle est la capitale de la **Norvège** ?"),
        ("c", "removed", Reach.DRAW, "Quelle est la capitale de la **Norvège** ?", ""),
    ])  # fmt: skip


def test_change_of_type_moves_the_mark():
    told = changes(of(single(id="a")), of(multiple(id="a")))

    assert ("type", Reach.MARK, "single", "multiple") in [
        (one.key, one.reach, one.old, one.new) for one in told
    ]


def test_title_and_order_are_changes_too():
    one, two = single(id="a"), single(id="b")

    assert changes(of(one, two), Bank("culture", "Arts", (two, one))) == [
        Change("", "title", "titre de la banque", Reach.READING, "Culture", "Arts"),
        Change("", "order", "ordre des questions", Reach.DRAW, "", ""),
    ]


def test_key_of_a_type_unknown_here_may_move_the_mark():
    class Odd(type(single())):
        bonus: str = ""

    told = changes(
        of(Odd(**single(id="a").model_dump())), of(Odd(**single(id="a").model_dump(), bonus="2"))
    )

    assert told == [Change("a", "bonus", "bonus", Reach.MARK, "", "2")]


def test_spaces_alone_change_nothing_for_a_candidate():
    told = changes(of(single(id="a", text="Quoi ?")), of(single(id="a", text="Quoi\u00a0?")))

    assert told == [
        Change("a", "text", "énoncé, espaces seulement", Reach.NOTHING, "Quoi ?", "Quoi\u00a0?")
    ]
