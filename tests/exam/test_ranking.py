"""Rankings and qualification: 1, 2, 2, 4; every key; nobody moved by the order of a list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.lots import lot
from quizapp.exam.ranking.entries import Entry, Row
from quizapp.exam.ranking.ranking import rank, rank_within
from quizapp.exam.ranking.tiebreaks import tie_keys
from quizapp.exam.stages import Decision, Reason, Status, qualify
from tests.exam import reference

NAMES = (
    "section:metier",
    "estimate",
    "fewest-wrong",
    "earliest-application",
    "time-used",
    "lot",
)
SEPTEMBER = datetime(2026, 9, 1, tzinfo=UTC)
LATER = SEPTEMBER + timedelta(microseconds=1)

# Few different values, so that ties are common.
ENTRIES = st.lists(
    st.builds(
        Entry,
        number=st.integers(1, 10_000).map(lambda number: f"C-{number:05}"),
        points=st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(7)]),
        sections=st.sampled_from([{}, {"metier": Fraction(1)}, {"metier": Fraction(1, 2)}]),
        wrong=st.integers(0, 1),
        distance=st.sampled_from([None, Fraction(0), Fraction(1, 3)]),
        applied_at=st.sampled_from([None, SEPTEMBER, LATER]),
        time_used=st.sampled_from([None, timedelta(0), timedelta(minutes=3)]),
        groups=st.sampled_from([{"city": "69123"}, {"city": "13055"}, {"city": "75056"}]),
    ),
    unique_by=lambda entry: entry.number,
    max_size=25,
)
SOME_KEYS = st.lists(st.sampled_from(NAMES), unique=True).map(tuple)


def entry(number, points=0, **more):
    return Entry(number, Fraction(points), **more)


def places(rows):
    return [(row.rank, row.tied, row.entry.number) for row in rows]


def merits_of(entry, names):
    """The reference's merits, the greater the better, from the words of the rules."""
    worst = -(10**12)
    ways = {
        "section:metier": entry.sections.get("metier", 0),
        "estimate": worst if entry.distance is None else -entry.distance,
        "fewest-wrong": -entry.wrong,
        "earliest-application": worst * 10**6
        if entry.applied_at is None
        else -((entry.applied_at - SEPTEMBER) / timedelta(microseconds=1)),
        "time-used": worst if entry.time_used is None else -entry.time_used.total_seconds(),
    }
    return [entry.points, *(ways[name] for name in names if name != "lot")]


def as_reference(entries, names, seed):
    return [
        (
            one.number,
            merits_of(one, names),
            reference.lot(seed, one.number) if "lot" in names else one.number,
        )
        for one in entries
    ]


# Ranks


def test_rank_of_nobody_is_empty():
    assert rank([], tie_keys(("lot",), seed="graine")) == []
    assert rank_within([], [], "city") == {}


def test_rank_gives_equals_the_same_rank_and_skips_the_next():
    best, one, other, last = entry("D", 9), entry("B", 7), entry("C", 7), entry("A", 1)

    assert rank([last, other, one, best], []) == [
        Row(1, False, best),
        Row(2, True, one),
        Row(2, True, other),
        Row(4, False, last),
    ]


def test_rank_compares_exact_fractions():
    tenth = entry("A", Fraction(1, 10) + Fraction(2, 10))
    third = entry("B", Fraction(3, 10))

    assert places(rank([tenth, third], [])) == [(1, True, "A"), (1, True, "B")]


@given(ENTRIES, SOME_KEYS, st.randoms())
@settings(deadline=None, max_examples=100)
def test_rank_does_not_depend_on_the_order_of_the_list(entries, names, random):
    keys = tie_keys(names, seed="graine")
    shuffled = list(entries)
    random.shuffle(shuffled)

    assert rank(shuffled, keys) == rank(entries, keys)


@given(ENTRIES, SOME_KEYS, st.text(max_size=5), st.integers(1, 6), st.sampled_from(["lot", "all"]))
@settings(deadline=None, max_examples=200)
def test_rank_and_qualify_agree_with_the_slow_reference(entries, names, seed, quota, cut):
    rows = rank(entries, tie_keys(names, seed=seed))
    candidates = as_reference(entries, names, seed)

    assert {row.entry.number: (row.rank, row.tied) for row in rows} == reference.ranks(candidates)
    assert [row.entry.number for row in rows] == reference.queue(candidates)
    assert {
        told.number: (told.status.value, told.place, told.reason.value)
        for told in qualify({"fr": rows}, quota, cut=cut)
    } == reference.decisions(candidates, quota, cut)


@given(ENTRIES, st.text(max_size=5), st.text(max_size=5))
@settings(deadline=None, max_examples=50)
def test_lots_never_part_ranks(entries, seed, other):
    ranks = [
        {row.entry.number: (row.rank, row.tied) for row in rank(entries, tie_keys(names, seed=own))}
        for names, own in (
            (("estimate",), ""),
            (("estimate", "lot"), seed),
            (("lot", "estimate"), other),
        )
    ]

    assert ranks == [ranks[0]] * 3


def test_lots_order_those_of_equal_rank():
    keys = tie_keys(("lot",), seed="graine")
    numbers = [f"C-{number}" for number in range(20)]

    rows = rank([entry(number, 3) for number in numbers], keys)

    assert places(rows) == [
        (1, True, number) for number in sorted(numbers, key=lambda number: lot("graine", number))
    ]


@given(ENTRIES)
@settings(deadline=None, max_examples=50)
def test_rank_within_ranks_each_group_by_itself(entries):
    keys = tie_keys(("estimate",), seed="")

    found = rank_within(entries, keys, "city")

    assert list(found) == sorted({one.groups["city"] for one in entries})
    for city, rows in found.items():
        assert rows == rank([one for one in entries if one.groups["city"] == city], keys)


# Keys


@pytest.mark.parametrize(
    ("name", "better", "worse"),
    [
        ("section:metier", {"sections": {"metier": Fraction(2)}}, {"sections": {"autre": Fraction(9)}}),
        ("section:metier", {"sections": {"metier": Fraction(1, 2)}}, {"sections": {"metier": Fraction(1, 3)}}),
        ("estimate", {"distance": Fraction(1, 3)}, {"distance": Fraction(1, 2)}),
        ("estimate", {"distance": Fraction(0)}, {"distance": None}),
        ("estimate", {"distance": Fraction(10**15)}, {"distance": None}),
        ("fewest-wrong", {"wrong": 3}, {"wrong": 4}),
        ("earliest-application", {"applied_at": SEPTEMBER}, {"applied_at": LATER}),
        ("earliest-application", {"applied_at": SEPTEMBER}, {}),
        ("time-used", {"time_used": timedelta(0)}, {"time_used": timedelta(seconds=1)}),
        ("time-used", {"time_used": timedelta(days=9)}, {"time_used": None}),
    ],
)  # fmt: skip
def test_key_prefers_the_better(name, better, worse):
    keys = tie_keys((name,), seed="")
    first, second = entry("B", **better), entry("A", **worse)

    assert places(rank([second, first], keys)) == [(1, False, "B"), (2, False, "A")]
    assert places(rank([second, replace(first, number="C", points=Fraction(-1))], keys)) == [
        (1, False, "A"),
        (2, False, "C"),
    ]


def test_keys_are_compared_in_the_order_stated():
    nearest = entry("A", distance=Fraction(0), wrong=5)
    careful = entry("B", distance=Fraction(9), wrong=0)

    first = rank([nearest, careful], tie_keys(("estimate", "fewest-wrong"), seed=""))
    second = rank([nearest, careful], tie_keys(("fewest-wrong", "estimate"), seed=""))

    assert places(first) == [(1, False, "A"), (2, False, "B")]
    assert places(second) == [(1, False, "B"), (2, False, "A")]


def test_keys_have_a_name_on_screen_and_lots_are_chance():
    keys = tie_keys(NAMES, seed="", titles={"metier": "Métier"})

    assert [(key.name, key.label, key.chance) for key in keys] == [
        ("section:metier", "Points de la section « Métier »", False),
        ("estimate", "Question subsidiaire : l’estimation la plus proche", False),
        ("fewest-wrong", "Le moins de réponses fausses", False),
        ("earliest-application", "La candidature la plus ancienne", False),
        ("time-used", "Le temps de composition le plus court", False),
        ("lot", "Tirage au sort vérifiable", True),
    ]


@pytest.mark.parametrize("name", ["age", "", "section", "section:", "lot:graine", "Estimate"])
def test_keys_refuse_an_unknown_name(name):
    with pytest.raises(ValueError, match=f"La clé de départage « {name} » n’existe pas"):
        tie_keys((name,), seed="")


# Stages


def decided(status, *rows):
    return [Decision(number, status, place, reason) for number, place, reason in rows]


def ranked(*points):
    """A ranking of candidates A, B, C… with these points."""
    return rank([entry("ABCDEFGH"[place], of) for place, of in enumerate(points)], [])


def test_qualify_takes_the_best_and_keeps_the_reserve_in_order():
    assert qualify({"fr": ranked(9, 8, 7, 6)}, 2, cut="lot") == [
        *decided(Status.QUALIFIED, ("A", 1, Reason.RANK), ("B", 2, Reason.RANK)),
        *decided(Status.RESERVE, ("C", 1, Reason.RANK), ("D", 2, Reason.RANK)),
    ]


@pytest.mark.parametrize("quota", [2, 3, 10])
def test_qualify_takes_everyone_where_no_more_than_the_quota_sat(quota):
    assert qualify({"fr": ranked(5, 5)}, quota, cut="lot") == decided(
        Status.QUALIFIED, ("A", 1, Reason.RANK), ("B", 2, Reason.RANK)
    )


def test_qualify_tells_by_lot_only_those_tied_across_the_cut():
    assert qualify({"fr": ranked(9, 7, 7, 7, 1)}, 3, cut="lot") == [
        *decided(Status.QUALIFIED, ("A", 1, Reason.RANK), ("B", 2, Reason.LOT), ("C", 3, Reason.LOT)),
        *decided(Status.RESERVE, ("D", 1, Reason.LOT), ("E", 2, Reason.RANK)),
    ]  # fmt: skip


def test_qualify_lets_every_tie_at_the_cut_go_on_where_no_lot_is_drawn():
    assert qualify({"fr": ranked(9, 7, 7, 7, 1)}, 3, cut="all") == [
        *decided(
            Status.QUALIFIED,
            ("A", 1, Reason.RANK), ("B", 2, Reason.TIE), ("C", 3, Reason.TIE), ("D", 4, Reason.TIE),
        ),
        *decided(Status.RESERVE, ("E", 1, Reason.RANK)),
    ]  # fmt: skip


def test_qualify_takes_no_more_than_the_quota_where_the_tie_lies_on_one_side_of_the_cut():
    assert qualify({"fr": ranked(9, 9, 7, 7)}, 2, cut="all") == [
        *decided(Status.QUALIFIED, ("A", 1, Reason.RANK), ("B", 2, Reason.RANK)),
        *decided(Status.RESERVE, ("C", 1, Reason.RANK), ("D", 2, Reason.RANK)),
    ]


def test_qualify_needs_no_lot_for_a_tie_on_one_side_of_the_cut():
    decisions = qualify({"fr": ranked(9, 9, 7, 7)}, 2, cut="lot")

    assert {decision.reason for decision in decisions} == {Reason.RANK}


def test_qualify_counts_each_group_by_itself():
    assert qualify({"13055": ranked(3, 1), "69123": [], "75056": ranked(0)}, 1, cut="lot") == [
        Decision("A", Status.QUALIFIED, 1, Reason.RANK),
        Decision("B", Status.RESERVE, 1, Reason.RANK),
        Decision("A", Status.QUALIFIED, 1, Reason.RANK),
    ]
