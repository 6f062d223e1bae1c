"""How a paper is composed: sums that agree, an exact word on what a bank lacks, fair draws."""

import re
from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.lots import Stream
from tests.exam.samples import estimate, stocked

TOPICS = ("Arts", "Géographie", "Histoire")


def section(questions, **keys):
    return Section(bank="culture", title="Culture", questions=questions, **keys)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"topics": {"Arts": 2, "Histoire": 2}}, "Les nombres de « topics » font 4, et la section"),
        ({"difficulty": {"1": "2"}}, "Les nombres de « difficulty » font 2, et la section"),
        ({"difficulty": {}}, "Les nombres de « difficulty » font 0, et la section demande 3"),
        ({"pick": ["q-1", "q-2", "q-3", "q-4"]}, "« pick » nomme 4 questions, et la section en demande 3."),
        ({"pick": ["q-1", "q-2", "q-3", "q-3"]}, "« pick » nomme « q-3 » deux fois."),
        ({"scored": "oui"}, "« yes » ou « no » est attendu ici."),
        ({"topics": "odd"}, "Input should be 'even'"),
        ({"difficulty": {"4": "3"}}, "less than or equal to 3"),
        ({"topics": {"Arts": "-1", "Histoire": "4"}}, "greater than or equal to 0"),
    ],
)  # fmt: skip
def test_section_refuses_what_does_not_agree(keys, told):
    with pytest.raises(ValidationError) as refused:
        section(3, **keys)
    assert told in str(refused.value)


def test_section_reads_what_an_author_writes():
    read = section("3", difficulty={"1": "2", "3": "1"}, topics="even", scored="no")

    assert (read.questions, read.difficulty, read.topics, read.scored) == (
        3, {1: 2, 3: 1}, "even", False,
    )  # fmt: skip


def test_blueprint_refuses_one_bank_in_two_sections():
    with pytest.raises(ValidationError, match="La banque « culture » sert à deux sections"):
        Blueprint(sections=(section(1), section(2)))


def test_blueprint_tells_what_every_bank_lacks():
    metier = Section(bank="metier", title="Métier", questions=2)
    absent = Section(bank="absente", title="Absente", questions=1)
    plan = Blueprint(sections=(section(9), metier, absent))
    banks = {"culture": stocked({("Arts", 1): 3}), "metier": stocked({("Appel", 1): 2}, "metier")}

    assert plan.shortages(banks) == [
        "La banque « culture » ne convient pas : ses 3 questions ne suffisent pas à en tirer 9 avec ces"
        " nombres par thème et par difficulté.",
        "La banque « absente » n’est pas chargée.",
    ]
    assert (plan.banks, plan.questions) == (("culture", "metier", "absente"), 12)


@pytest.mark.parametrize(
    ("asked", "lack"),
    [
        (section(2, pick=["q-0-0", "q-1-0"]), None),
        (section(2, pick=["q-0-0", "q-9-9"]), "elle n’a pas de question q-9-9"),
        (section(2, pick=["q-0-0"]), "« pick » y désigne 1 questions, et non 2"),
        (section(3, topics={"Arts": 3}), "elle n’a pas assez de questions sur : Arts"),
        (section(1, topics={"Sport": 1}), "elle n’a pas assez de questions sur : Sport"),
        (section(2, topics={"Arts": 2, "Sport": 0}), None),
        (section(5), None),
    ],
)
def test_shortage_names_what_is_missing(asked, lack):
    assert asked.shortage(stocked({("Arts", 1): 2, ("Histoire", 2): 3})) == lack


def test_shortage_sees_that_topics_and_difficulties_cannot_both_be_met():
    bank = stocked({("Arts", 1): 3, ("Histoire", 1): 1, ("Histoire", 2): 3})
    asked = {"topics": {"Arts": 2, "Histoire": 2}}

    assert section(4, **asked, difficulty={1: 2, 2: 2}).shortage(bank) is None
    assert section(4, **asked, difficulty={1: 1, 2: 3}).shortage(bank) is not None


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (section(1), ["e-1"]),
        (section(2, pick=["q-0-0", "e-1"]), ["e-1"]),
        (section(1, topics={"Tours": 1}), ["e-1"]),
        (section(1, difficulty={2: 1}), ["e-1"]),
        (section(2, topics="even"), ["e-1"]),
        (section(1, scored="no"), []),
        (section(1, pick="q-0-0"), []),
        (section(1, topics={"Arts": 1}), []),
        (section(2, topics={"Arts": 2, "Tours": 0}), []),
        (section(1, difficulty={1: 1, 2: 0}), []),
    ],
)
def test_shortage_refuses_an_estimate_where_points_are_earned(asked, told):
    choices = stocked({("Arts", 1): 2}).questions
    bank = Bank("culture", "Culture", (*choices, estimate(id="e-1", topic="Tours", difficulty="2")))

    lack = asked.shortage(bank)

    assert re.findall(r"e-\d", lack or "") == told
    assert (lack is None) == (told == [])


def test_shortage_of_an_even_spread_thinks_of_every_seed():
    bank = stocked({("Arts", 1): 1, ("Géographie", 1): 5, ("Histoire", 1): 5})

    assert section(3, topics="even").shortage(bank) is None
    assert section(4, topics="even").shortage(bank) is not None


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(TOPICS), st.integers(1, 3)), st.integers(1, 3), min_size=1
)


@st.composite
def plans(draw):
    """A bank, and a section asking for about what it has."""
    cells = draw(CELLS)
    total = draw(st.integers(1, min(8, sum(cells.values()))))

    def split(names):
        cuts = sorted(draw(st.integers(0, total)) for _ in names[1:])
        return dict(zip(names, map(int.__sub__, [*cuts, total], [0, *cuts]), strict=True))

    topics = draw(st.sampled_from([None, "even", split(TOPICS)]))
    difficulty = draw(st.sampled_from([None, split((1, 2, 3))]))
    return stocked(cells), cells, section(total, topics=topics, difficulty=difficulty)


def row_sums(cells, asked):
    """Every way in which the topics may share the questions."""
    present = sorted({topic for topic, _ in cells})
    if isinstance(asked.topics, dict):
        return [asked.topics]
    each, extra = divmod(asked.questions, len(present))
    return [
        {topic: each + (topic in luckier) for topic in present}
        for luckier in combinations(present, extra)
    ]


def exists(cells, rows, columns):
    """Whether some choice of counts per cell has these sums; tries them one after the other."""
    reachable = {(0,) * (len(TOPICS) + 3)}
    for (topic, degree), cap in cells.items():
        place, column = TOPICS.index(topic), len(TOPICS) + degree - 1
        reachable = {
            tuple(
                sum_ + count * (at in (place, column)) for at, sum_ in enumerate(sums)
            )
            for sums, count in product(reachable, range(cap + 1))
            if sums[place] + count <= rows.get(topic, 0) if sums[column] + count <= columns[degree]
        }  # fmt: skip
    return (*(rows.get(topic, 0) for topic in TOPICS), *columns.values()) in reachable


@given(plans())
@settings(deadline=None, max_examples=100)
def test_shortage_is_exact(plan):
    bank, cells, asked = plan
    assume(asked.topics is not None and asked.difficulty is not None)
    columns = {degree: asked.difficulty.get(degree, 0) for degree in (1, 2, 3)}

    possible = all(exists(cells, rows, columns) for rows in row_sums(cells, asked))

    assert (asked.shortage(bank) is None) == possible


@given(plans())
@settings(deadline=None, max_examples=100)
def test_shortage_on_one_axis_is_a_matter_of_stock(plan):
    bank, cells, asked = plan
    by_topic, by_degree = Counter(), Counter()
    for (topic, degree), count in cells.items():
        by_topic[topic] += count
        by_degree[degree] += count
    assume(asked.topics is None or asked.difficulty is None)

    possible = all(by_degree[degree] >= count for degree, count in (asked.difficulty or {}).items())
    if asked.topics is not None:
        possible = all(
            by_topic[topic] >= count
            for rows in row_sums(cells, asked)
            for topic, count in rows.items()
        )

    assert (asked.shortage(bank) is None) == possible


@given(plans())
@settings(deadline=None, max_examples=40)
def test_draw_has_the_right_sums_with_every_seed(plan):
    bank, cells, asked = plan
    assume(asked.shortage(bank) is None)
    allowed = row_sums(cells, asked)
    for seed in range(50):
        drawn = asked.draw(bank, Stream(str(seed)))
        topics = Counter(question.topic for question in drawn)
        degrees = Counter(question.difficulty for question in drawn)

        assert len({question.id for question in drawn}) == len(drawn) == asked.questions
        assert asked.topics is None or topics in [Counter(rows) for rows in allowed]
        assert asked.difficulty is None or degrees == Counter(asked.difficulty)


def test_draw_of_picked_questions_keeps_their_order():
    bank = stocked({("Arts", 1): 3})

    drawn = section(2, pick=["q-0-2", "q-0-0"]).draw(bank, Stream("graine"))

    assert [question.id for question in drawn] == ["q-0-2", "q-0-0"]


def test_draw_reaches_every_question_and_every_lucky_topic():
    bank = stocked({("Arts", 1): 3, ("Histoire", 1): 3, ("Géographie", 2): 3})
    drawn = [section(4, topics="even").draw(bank, Stream(str(seed))) for seed in range(100)]

    assert {question.id for paper in drawn for question in paper} == set(bank.by_id)
    assert {Counter(question.topic for question in paper).most_common(1)[0] for paper in drawn} == {
        (topic, 2) for topic in TOPICS
    }
