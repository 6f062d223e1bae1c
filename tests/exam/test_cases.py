"""Composite cases and exclusions: read from a bank, drawn whole, never two near-identical ones."""

import re
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizapp.exam import bank
from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.lots import Stream
from quizapp.exam.paper import draw
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.shown import Stimulus
from tests.exam.samples import single

CASE = """\
bank: culture
title: Cas
questions:
  - id: cas-1
    topic: Arts
    difficulty: 2
    text: Une cliente **rappelle**.
    source: Atlas
    tags: appel
    exclude: rappel
    parts:
      - {text: Un ?, answer: a, wrong: b, explanation: e}
      - {text: Deux ?, answers: [a], wrong: b, explanation: e, source: Livre, weight: 2}
"""


def section(questions, **keys):
    return Section(bank="culture", title="Culture", questions=questions, **keys)


def case(name, size, **keys):
    """The questions of a case of this size."""
    stimulus = Stimulus(name, "Le cas.")
    return [single(id=name, **keys).part_of(stimulus, n + 1) for n in range(size)]


def stocked(*groups):
    return Bank("culture", "Culture", tuple(question for group in groups for question in group))


def test_case_gives_its_questions_what_they_share():
    one, two = bank.parse(CASE).questions

    assert [(q.id, q.topic, q.difficulty, q.tags, q.exclude) for q in (one, two)] == [
        ("cas-1.1", "Arts", 2, ("appel",), ("rappel",)),
        ("cas-1.2", "Arts", 2, ("appel",), ("rappel",)),
    ]
    assert (one.source, two.source, two.weight) == ("Atlas", "Livre", 2)
    assert one.show((0, 1), None).stimulus == "<p>Une cliente <strong>rappelle</strong>.</p>\n"


def test_digest_counts_the_text_of_the_case():
    assert bank.parse(CASE).digest != bank.parse(CASE.replace("cliente", "dame")).digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("text: Un ?", "topic: Arts, text: Un ?", "b.yaml:12:10: « topic » se dit pour tout le cas"),
        ("text: Un ?", "id: un, text: Un ?", "b.yaml:12:10: « id » se dit pour tout le cas"),
        ("text: Un ?, ", "", "b.yaml:12:9: Il manque la clé « text »."),
        ("answer: a, wrong: b, ", "", "b.yaml:12:9: Cette question ne dit pas sa réponse."),
        ("    difficulty: 2\n", "", "b.yaml:4:5: Il manque la clé « difficulty »."),
        ("    tags: appel", "    tag: appel", "b.yaml:9:5: La clé « tag » n’existe pas."),
        ("      - {text: Un", "      - un\n      - {text: Un", "b.yaml:12:9: Une question est attendue"),
    ],
)  # fmt: skip
def test_case_is_refused_at_its_line(old, new, told):
    with pytest.raises(RefusedError, match=re.escape(told)):
        bank.parse(CASE.replace(old, new), "b.yaml")


def test_identifier_of_a_part_is_nobodys_else():
    with pytest.raises(RefusedError, match="n’est pas un identifiant"):
        bank.parse(CASE.replace("id: cas-1", "id: cas-1.1"))


def test_case_is_drawn_whole_and_in_order():
    stock = stocked(case("cas", 3), [single(id=f"q-{n}") for n in range(4)])
    plan = Blueprint(sections=(section(4),))
    papers = [
        [item.question for item in draw(plan, {"culture": stock}, str(seed)).items]
        for seed in range(60)
    ]

    with_case = [names for names in papers if "cas.1" in names]
    assert 0 < len(with_case) < 60
    for names in with_case:
        at = names.index("cas.1")
        assert names[at : at + 3] == ["cas.1", "cas.2", "cas.3"]
    assert all(len(names) == 4 for names in papers)


def test_cases_alone_can_fill_a_section():
    stock = stocked(*(case(f"cas-{n}", 4) for n in range(5)))

    assert section(8).shortage(stock) is None
    assert section(6).shortage(stock) is not None
    assert section(24).shortage(stock) is not None
    drawn = section(8).draw(stock, Stream("graine"))
    assert Counter(question.stimulus.case for question in drawn).most_common() == [
        (drawn[0].stimulus.case, 4), (drawn[4].stimulus.case, 4),
    ]  # fmt: skip


def test_cases_whose_sizes_leave_gaps_are_refused():
    assert section(5).shortage(stocked(case("deux", 2), case("trois", 3))) is not None


def test_picked_case_counts_as_its_questions():
    stock = stocked(case("cas", 3), [single(id="q")])

    assert section(4, pick=["q", "cas"]).shortage(stock) is None
    assert (
        section(3, pick=["q", "cas"]).shortage(stock) == "« pick » y désigne 4 questions, et non 3"
    )
    assert [one.id for one in section(4, pick=["q", "cas"]).draw(stock, Stream(""))] == [
        "q", "cas.1", "cas.2", "cas.3",
    ]  # fmt: skip


def test_pick_of_questions_that_exclude_one_another_is_refused():
    stock = stocked([single(id="a", exclude="x"), single(id="b", exclude=["y", "x"])])

    assert section(2, pick=["a", "b"]).shortage(stock) == (
        "« pick » réunit des questions qui s’excluent (x)"
    )


def test_exclusion_holds_within_a_bank_and_says_so():
    stock = stocked([single(id="a", exclude="x"), single(id="b")])
    plan = Blueprint(sections=(section(1), Section(bank="autre", title="Autre", questions=1)))

    assert plan.shortages({"culture": stock, "autre": stock}) == [
        "Deux banques excluent par le même mot « x », qui n’agit qu’au sein d’une banque : réunissez"
        " ces questions dans une seule."
    ]


def test_section_keeps_to_its_tags_and_types():
    stock = stocked(
        [single(id="a", tags="une"), single(id="b", tags=["deux", "trois"]), single(id="c")]
    )

    assert {section(1, tags=["une", "trois"]).draw(stock, Stream(str(n)))[0].id for n in range(30)} == {
        "a", "b",
    }  # fmt: skip
    assert section(3, tags=["une", "trois"]).shortage(stock) is not None
    assert section(1, types="kprim").shortage(stock) is not None
    with pytest.raises(ValueError, match="Le type « qcm » n’existe pas"):
        section(1, types="qcm")


@st.composite
def mixed(draw):
    """A bank of single questions and cases, some excluding one another, and a section."""
    groups = []
    for number in range(draw(st.integers(1, 9))):
        keys = {
            "topic": draw(st.sampled_from(["Arts", "Histoire"])),
            "difficulty": draw(st.integers(1, 2)),
            "exclude": draw(st.sets(st.sampled_from(["x", "y"]), max_size=1)),
        }
        size = draw(st.sampled_from([1, 1, 2, 3]))
        groups.append(
            case(f"c-{number}", size, **keys) if size > 1 else [single(id=f"q-{number}", **keys)]
        )
    stock = stocked(*groups)
    total = draw(st.integers(1, max(1, len(stock.questions) - 1)))
    arts, easy = draw(st.integers(0, total)), draw(st.integers(0, total))
    topics = draw(st.sampled_from([None, "even", {"Arts": arts, "Histoire": total - arts}]))
    difficulty = draw(st.sampled_from([None, {1: easy, 2: total - easy}]))
    return stock, section(total, topics=topics, difficulty=difficulty)


@given(mixed())
@settings(deadline=None, max_examples=300)
def test_what_passes_can_be_drawn_with_every_seed(plan):
    stock, asked = plan
    assume(asked.shortage(stock) is None)
    sizes = Counter(one.stimulus.case for one in stock.questions if one.stimulus)
    for seed in range(25):
        drawn = asked.draw(stock, Stream(str(seed)))
        units = {one.stimulus.case if one.stimulus else one.id: one for one in drawn}
        words = Counter(word for one in units.values() for word in one.exclude)
        cases = Counter(one.stimulus.case for one in drawn if one.stimulus)

        assert len({one.id for one in drawn}) == len(drawn) == asked.questions
        assert set(words.values()) <= {1}
        assert all(count == sizes[name] for name, count in cases.items())
        if isinstance(asked.topics, dict):
            assert Counter(one.topic for one in drawn) == Counter(asked.topics)
        if asked.difficulty is not None:
            assert Counter(one.difficulty for one in drawn) == Counter(asked.difficulty)
