"""Every type, by its shipped example: what a page posts is what is read, marked and shown again."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.exam.lots import Stream
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import DONT_KNOW, TYPES
from quizapp.exam.scoring import Scoring
from tests.questions.examples import EXAMPLES
from tests.questions.forms import fields, filled, html, posted

DOUBT = Scoring(wrong="-1/4", unanswered="1/20", dont_know="1/10", inconsistent="-1/2")
QUESTIONS = [
    *EXAMPLES.questions,
    *(one.scored_by_default(DOUBT) for one in EXAMPLES.questions if one.rules),
]
QUICK = settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ONE = pytest.mark.parametrize(
    "question", QUESTIONS, ids=lambda one: f"{one.id}-{one.scoring.wrong}"
)


pytestmark = pytest.mark.usefixtures("templates")


def test_every_type_has_an_example():
    assert {question.kind for question in EXAMPLES.questions} == set(TYPES)


@ONE
@given(st.data(), st.text(max_size=5))
@QUICK
def test_what_the_page_posts_is_read_shown_again_and_read_the_same(question, data, seed):
    order = question.order(Stream(seed))
    given = data.draw(filled(question.show(order, None)))
    try:
        answer = question.read(given, order)
    except NotAnAnswerError:
        return

    again = fields(question.show(order, answer))

    assert question.read(posted(again), order) == answer
    assert (answer is None) == (not any(value.strip() for value in given))


@ONE
@given(st.data(), st.text(max_size=5))
@QUICK
def test_mark_lies_between_the_floor_and_all(question, data, seed):
    order = question.order(Stream(seed))
    given = data.draw(filled(question.show(order, None)))
    try:
        mark = question.mark(question.read(given, order))
    except NotAnAnswerError:
        return

    if mark is None:
        assert question.kind == "free"
    else:
        assert type(mark) is Fraction
        assert min(question.floor, 0) <= mark <= 1


@ONE
@given(st.data())
@QUICK
def test_shuffling_never_changes_what_is_read_from_the_same_choices(question, data):
    """Somebody makes the same choices, by their text, on two differently shuffled pages."""
    one, other = (question.order(Stream(data.draw(st.text(max_size=5)))) for _ in "12")
    try:
        answer = question.read(data.draw(filled(question.show(one, None))), one)
    except NotAnAnswerError:
        return

    moved = question.read(posted(fields(question.show(other, answer))), other)

    assert moved == answer
    assert question.mark(moved) == question.mark(answer)
    assert question.told(moved) == question.told(answer)


GARBAGE = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["0", "1", "2", "-1", "００", "?", "", "\x00", "1e9", "NaN", "9" * 5000]),
        st.text(st.characters(categories=("Cc", "Cf", "Co")), min_size=1, max_size=4),
    ),
    max_size=50,
)


@ONE
@given(GARBAGE)
@settings(deadline=None, max_examples=40)
def test_whatever_is_posted_is_read_or_refused(question, given):
    order = question.order(Stream("graine"))
    try:
        answer = question.read(given, order)
    except NotAnAnswerError:
        return

    assert answer is None or "\x00" not in answer
    question.mark(answer)
    question.told(answer)
    question.review(order, answer)
    assert question.read(posted(fields(question.show(order, answer))), order) == answer


@ONE
@pytest.mark.parametrize("bad", ["a\x00", "\ud800", "a\u202eb", "a" * 10_000])
def test_no_field_takes_what_a_database_or_a_reader_cannot(question, bad):
    order = question.order(Stream("graine"))
    given = [bad if one.kind == "text" else "" for one in fields(question.show(order, None))]

    with pytest.raises(NotAnAnswerError):
        question.read(given if bad in given else [bad], order)


@ONE
def test_key_earns_all_and_is_told(question):
    order = question.order(Stream("graine"))
    if question.kind in ("free", "survey"):
        assert (question.key, question.told_key) == ("", "")
        assert question.review(order, None).key is None
        return

    assert question.mark(question.key) == (question.kind != "estimate")
    assert question.read(posted(fields(question.show(order, question.key))), order) == question.key
    assert question.told(question.key) != ""
    assert question.told(None) == ""


@ONE
def test_page_says_nothing_of_explanation_source_or_rubric(question):
    hidden = question.model_copy(update={"explanation": "MARQUEUR", "source": "MARQUEUR"})
    if question.kind == "free":
        hidden = hidden.model_copy(update={"rubric": "MARQUEUR"})
    if question.kind == "short":
        hidden = hidden.model_copy(update={"refuse": ("MARQUEUR",)})

    page = html(hidden.show(hidden.order(Stream("graine")), None))

    assert "MARQUEUR" not in page
    assert page == html(question.show(question.order(Stream("graine")), None))


@ONE
def test_doubt_is_offered_exactly_where_it_is_declared(question):
    order = question.order(Stream("graine"))
    offered = question.scoring.dont_know is not None
    values = [value for one in fields(question.show(order, None)) for value in one.values]

    assert (DONT_KNOW in values) == offered
    if not offered:
        return
    assert question.read([DONT_KNOW], order) == DONT_KNOW
    assert posted(fields(question.show(order, DONT_KNOW))).count(DONT_KNOW) == 1
    assert question.mark(DONT_KNOW) == question.scoring.dont_know
    assert question.mark(None) == question.scoring.unanswered
    assert question.told(DONT_KNOW) == "Je ne sais pas"
    with pytest.raises(NotAnAnswerError, match="retirez l’un des deux"):
        question.read([DONT_KNOW, "1"], order)


@ONE
def test_summary_counts_what_was_given(question):
    answers = [question.key, question.key, None, DONT_KNOW] if question.scoring.dont_know else []
    answers += [question.key or "0", None]

    counts = question.summarise(answers)

    assert sum(one.count for one in counts) >= len([one for one in answers if one is not None]) - 1
    assert all(left.label != right.label for left, right in pairwise(counts))
    if question.earns and question.kind != "free":
        assert any(one.right and one.count for one in counts)
