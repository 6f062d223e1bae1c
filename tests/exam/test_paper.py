"""A paper: drawn from a seed, always the same, kept as a short text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.paper import Item, Paper, draw
from tests.exam.samples import estimate, single, stocked

TOPICS = ("Arts", "Histoire", "Sciences")
BANKS = {
    "culture": stocked({(topic, degree): 4 for topic in TOPICS for degree in (1, 2, 3)}),
    "metier": Bank("metier", "Métier", tuple(single(id=f"m-{n}", last="Oslo") for n in range(5))),
    "tour": Bank("tour", "Tour", (estimate(id="qs-001"),)),
}
PLAN = Blueprint(
    sections=(
        Section(
            bank="culture",
            title="Culture",
            questions=8,
            topics="even",
            difficulty={1: 3, 2: 3, 3: 2},
        ),
        Section(bank="metier", title="Métier", questions=3),
        Section(bank="tour", title="Subsidiaire", questions=1, pick="qs-001", scored="no"),
    )
)


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=50)
def test_paper_is_reproducible_and_complete(seed):
    paper = draw(PLAN, BANKS, seed)

    assert paper == draw(PLAN, dict(reversed(BANKS.items())), seed)
    assert len(paper) == PLAN.questions == 12
    assert [item.number for item in paper.items] == list(range(1, 13))
    assert [item.bank for item in paper.items] == ["culture"] * 8 + ["metier"] * 3 + ["tour"]
    assert len({(item.bank, item.question) for item in paper.items}) == 12
    assert Paper.load(paper.dump()) == paper


def test_paper_shuffles_choices_and_keeps_pins_last():
    items = [item for seed in range(50) for item in draw(PLAN, BANKS, str(seed)).items]

    assert len({item.order for item in items if item.bank == "culture"}) == 24
    assert {item.order[-1] for item in items if item.bank == "metier"} == {0}
    assert {item.order for item in items if item.bank == "tour"} == {()}


def test_paper_of_another_seed_is_another():
    assert len({draw(PLAN, BANKS, str(seed)) for seed in range(100)}) == 100


def test_paper_of_a_known_seed_never_changes():
    plan = Blueprint(sections=(Section(bank="metier", title="Métier", questions=3),))

    assert draw(plan, BANKS, "2026/C-00001").dump() == (
        '[["metier","m-0",[1,2,3,0]],["metier","m-1",[3,2,1,0]],["metier","m-3",[3,1,2,0]]]'
    )


def test_paper_draws_a_section_the_same_whatever_stands_before_it():
    alone = Blueprint(sections=PLAN.sections[1:2])

    assert [(item.question, item.order) for item in draw(alone, BANKS, "graine").items] == [
        (item.question, item.order)
        for item in draw(PLAN, BANKS, "graine").items
        if item.bank == "metier"
    ]


def test_item_is_found_by_its_number():
    paper = Paper((Item(1, "tour", "a", ()), Item(2, "tour", "b", (1, 0))))

    assert [paper.item(number) for number in (-1, 0, 1, 2, 3)] == [
        None, None, paper.items[0], paper.items[1], None,
    ]  # fmt: skip
    assert paper.dump() == '[["tour","a",[]],["tour","b",[1,0]]]'
