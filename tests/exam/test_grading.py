"""Grades: exact, one point a question, void and unscored ones left out."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.grading import Grade, Mark, SectionScore, Verdict, grade
from quizapp.exam.paper import Item, Paper
from quizapp.exam.questions.choice import Single
from quizapp.exam.questions.free import Free
from quizapp.exam.questions.survey import Survey
from tests.exam.samples import COMMON, estimate, multiple, single

BANKS = {
    "culture": Bank("culture", "C", (single(id="c-1"), single(id="c-2"), multiple(id="c-3"))),
    "metier": Bank("metier", "M", (single(id="m-1"),)),
    "tour": Bank("tour", "T", (estimate(id="e-1"), estimate(id="e-2", estimate="0,1"))),
}
PLAN = Blueprint(
    sections=(
        Section(bank="culture", title="Culture", questions=3),
        Section(bank="metier", title="Métier", questions=1),
        Section(bank="tour", title="Subsidiaire", questions=2, scored="no"),
    )
)
PAPER = Paper(
    tuple(
        Item(number, bank, question, ())
        for number, (bank, question) in enumerate(
            [("culture", "c-1"), ("culture", "c-2"), ("culture", "c-3"),
             ("metier", "m-1"), ("tour", "e-1"), ("tour", "e-2")], start=1,
        )
    )
)  # fmt: skip
ALL_RIGHT = {1: "0", 2: "0", 3: "0,1", 4: "0", 5: "324", 6: "0.1"}


def test_grade_of_a_whole_paper():
    answers = {1: "0", 2: "3", 3: "0", 5: "320.5", 6: "0.3"}

    assert grade(PAPER, PLAN, BANKS, answers) == Grade(
        points=Fraction(1),
        maximum=4,
        sections=(
            SectionScore("culture", "Culture", Fraction(1), 3),
            SectionScore("metier", "Métier", Fraction(0), 1),
        ),
        counts={
            Verdict.RIGHT: 1, Verdict.WRONG: 2, Verdict.UNANSWERED: 1, Verdict.UNSCORED: 2,
        },
        distance=Fraction(37, 10),
        marks=(
            Mark(1, "c-1", Verdict.RIGHT, Fraction(1)),
            Mark(2, "c-2", Verdict.WRONG, Fraction(0)),
            Mark(3, "c-3", Verdict.WRONG, Fraction(0)),
            Mark(4, "m-1", Verdict.UNANSWERED, Fraction(0)),
            Mark(5, "e-1", Verdict.UNSCORED, Fraction(0)),
            Mark(6, "e-2", Verdict.UNSCORED, Fraction(0)),
        ),
    )  # fmt: skip


def test_grade_of_nothing_is_zero_of_everything():
    graded = grade(PAPER, PLAN, BANKS, {})

    assert (graded.points, graded.maximum, graded.distance) == (0, 4, None)
    assert graded.counts == {Verdict.UNANSWERED: 4, Verdict.UNSCORED: 2}


def test_grade_leaves_void_questions_out_of_points_and_maximum():
    graded = grade(PAPER, PLAN, BANKS, ALL_RIGHT, void={("culture", "c-1"), ("metier", "m-1")})

    assert (graded.points, graded.maximum) == (2, 2)
    assert graded.sections == (
        SectionScore("culture", "Culture", Fraction(2), 2),
        SectionScore("metier", "Métier", Fraction(0), 0),
    )
    assert graded.marks[0] == Mark(1, "c-1", Verdict.VOID, Fraction(0))
    assert graded.counts == {Verdict.VOID: 2, Verdict.RIGHT: 2, Verdict.UNSCORED: 2}


def test_grade_voids_a_question_in_the_bank_named_and_in_no_other():
    banks = {slug: Bank(slug, slug, (single(id="q-1"),)) for slug in ("culture", "metier")}
    plan = Blueprint(
        sections=(*PLAN.sections[1:2], Section(bank="culture", title="C", questions=1))
    )
    paper = Paper((Item(1, "metier", "q-1", ()), Item(2, "culture", "q-1", ())))

    graded = grade(paper, plan, banks, {1: "0", 2: "0"}, void={("culture", "q-1")})

    assert [mark.verdict for mark in graded.marks] == [Verdict.RIGHT, Verdict.VOID]
    assert (graded.points, graded.maximum) == (1, 1)


def test_grade_leaves_an_estimate_in_a_scored_section_out_of_the_maximum():
    bank = Bank("tour", "T", (estimate(id="e-1"), single(id="s-1")))
    plan = Blueprint(sections=(Section(bank="tour", title="Tour", questions=2),))
    paper = Paper((Item(1, "tour", "e-1", ()), Item(2, "tour", "s-1", (0, 1, 2, 3))))

    graded = grade(paper, plan, {"tour": bank}, {1: "325", 2: "0"})

    assert (graded.points, graded.maximum, graded.distance) == (1, 1, Fraction(1))
    assert graded.sections == (SectionScore("tour", "Tour", Fraction(1), 1),)
    assert graded.counts == {Verdict.UNSCORED: 1, Verdict.RIGHT: 1}


@pytest.mark.parametrize(
    ("answers", "void", "distance"),
    [
        ({5: "324", 6: "0.1"}, (), Fraction(0)),
        ({5: "323", 6: "0.2"}, (), Fraction(11, 10)),
        ({5: "323"}, (), None),
        ({5: "323"}, (("tour", "e-2"),), Fraction(1)),
        ({}, (("tour", "e-1"), ("tour", "e-2")), None),
    ],
)
def test_distance_is_the_sum_of_all_estimates_or_none(answers, void, distance):
    assert grade(PAPER, PLAN, BANKS, answers, void=void).distance == distance


def test_distance_is_none_where_nothing_is_estimated():
    plan = Blueprint(sections=PLAN.sections[:2])

    assert grade(Paper(PAPER.items[:4]), plan, BANKS, ALL_RIGHT).distance is None


def test_distance_passes_over_a_choice_in_an_unscored_section():
    bank = Bank("tour", "T", (estimate(id="e-1"), single(id="s-1")))
    plan = Blueprint(
        sections=(Section(bank="tour", title="Subsidiaire", questions=2, scored="no"),)
    )
    paper = Paper((Item(1, "tour", "e-1", ()), Item(2, "tour", "s-1", (0, 1, 2, 3))))

    graded = grade(paper, plan, {"tour": bank}, {1: "325", 2: "0"})

    assert (graded.points, graded.maximum, graded.distance) == (0, 0, Fraction(1))


class Halved(Single):
    """A question that gives a third of its points for any answer."""

    def mark(self, answer):
        return Fraction(1, 3) if answer else Fraction(0)


def test_parts_of_points_add_up_exactly():
    questions = tuple(
        Halved(**{**COMMON, "id": f"h-{n}", "answer": "a", "wrong": "b"}) for n in range(30)
    )
    plan = Blueprint(sections=(Section(bank="h", title="H", questions=30),))
    paper = Paper(tuple(Item(n + 1, "h", f"h-{n}", (0, 1)) for n in range(30)))

    graded = grade(paper, plan, {"h": Bank("h", "H", questions)}, dict.fromkeys(range(1, 31), "1"))

    assert graded.points == graded.sections[0].points == Fraction(10)
    assert graded.counts == {Verdict.PARTLY: 30}


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        **{number: st.sampled_from(["0", "1", "0,1", "0,2"]) for number in (1, 2, 3, 4)},
        **{number: st.sampled_from(["0.1", "324", "-5"]) for number in (5, 6)},
        7: st.just("0"),
    },
)


@given(ANSWERS, st.sets(st.sampled_from([(item.bank, item.question) for item in PAPER.items])))
@settings(deadline=None, max_examples=100)
def test_grade_adds_up(answers, void):
    graded = grade(PAPER, PLAN, BANKS, answers, void=void)

    assert graded == grade(PAPER, PLAN, BANKS, dict(reversed(answers.items())), void=sorted(void))
    assert type(graded.points) is Fraction
    assert graded.points == sum(mark.points for mark in graded.marks)
    assert graded.points == sum(section.points for section in graded.sections)
    assert graded.maximum == 4 - sum(bank != "tour" for bank, _ in void)
    assert 0 <= graded.points <= graded.maximum
    assert sum(graded.counts.values()) == len(PAPER)


def graded(questions, answers, *, marked=None, **section):
    """The grade of a paper that asks these questions, in one section."""
    bank = Bank("b", "B", questions)
    plan = Blueprint(sections=(Section(bank="b", title="B", questions=len(questions), **section),))
    paper = Paper(tuple(Item(n, "b", one.id, ()) for n, one in enumerate(questions, start=1)))
    return grade(paper, plan, {"b": bank}, answers, marked=marked)


NEGATIVE = tuple(
    single(id=f"n-{n}", weight=n, scoring={"wrong": "-1/2", "dont_know": "0", "unanswered": "-1/4"})
    for n in (1, 2, 3)
)


def test_weights_count_in_points_and_maximum():
    result = graded(NEGATIVE, {1: "0", 2: "1", 3: "0"})

    assert (result.points, result.maximum) == (Fraction(3), 6)
    assert [mark.points for mark in result.marks] == [1, -1, 3]


def test_negative_marks_stop_at_the_floor_of_their_section():
    answers = {1: "1", 2: "1", 3: "1"}

    assert graded(NEGATIVE, answers).points == 0
    assert graded(NEGATIVE, answers, floor=-2).points == -2
    assert graded(NEGATIVE, answers, floor=-10).points == -3
    assert graded(NEGATIVE, answers, floor=-10).sections == (
        SectionScore("b", "B", Fraction(-3), 6),
    )


def test_cap_holds_points_and_maximum():
    result = graded(NEGATIVE, {1: "0", 2: "0", 3: "0"}, cap=4)

    assert (result.points, result.maximum) == (4, 4)
    assert graded(NEGATIVE, {1: "0"}, cap=40, floor=-10).maximum == 6


def test_not_knowing_and_not_answering_are_told_apart():
    result = graded(NEGATIVE, {1: "?", 2: "0"}, floor=-10)

    assert [(mark.verdict, mark.points) for mark in result.marks] == [
        (Verdict.DONT_KNOW, 0), (Verdict.RIGHT, 2), (Verdict.UNANSWERED, Fraction(-3, 4)),
    ]  # fmt: skip


def test_text_counts_in_the_maximum_before_a_person_has_marked_it():
    text = Free(**{**COMMON, "id": "t", "rubric": "Du tact.", "weight": "5"})

    waiting = graded((text, single()), {1: "Bonjour", 2: "0"})
    done = graded(
        (text, single()), {1: "Bonjour", 2: "0"}, marked={1: Fraction(3, 5), 2: Fraction(0)}
    )
    empty = graded((text, single()), {2: "0"}, marked={1: Fraction(1)})

    assert (waiting.points, waiting.maximum, waiting.marks[0].verdict) == (1, 6, Verdict.TO_MARK)
    assert (done.points, done.maximum, done.marks[0].verdict) == (4, 6, Verdict.PARTLY)
    assert (empty.points, empty.marks[0].verdict) == (1, Verdict.UNANSWERED)


def test_survey_is_left_out_of_a_scored_section():
    survey = Survey(**{**COMMON, "id": "s", "survey": ["Oui", "Non"]})

    result = graded((survey, single()), {1: "0", 2: "0"})

    assert (result.points, result.maximum) == (1, 1)
    assert result.counts == {Verdict.UNSCORED: 1, Verdict.RIGHT: 1}
