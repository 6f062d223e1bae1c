"""Which version counts: in time, or late and accepted; told from its meaning and by properties."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam.counting import Change, Version, changes, counted


def version(n: int, *, item: int = 1, seq: int, late: bool = False) -> Version:
    return Version(n, item, seq, f"réponse {n}", late)


@st.composite
def chains(draw: st.DrawFn) -> list[Version]:
    """A chain as the store keeps it: what is in time has a newer ``seq`` than all in time before it."""
    found: list[Version] = []
    for n in range(1, draw(st.integers(0, 12)) + 1):
        item, late = draw(st.integers(1, 3)), draw(st.booleans())
        newest = max((one.seq for one in found if one.item == item and not one.late), default=0)
        seq = draw(st.integers(1, 15)) if late else newest + draw(st.integers(1, 3))
        found.append(version(n, item=item, seq=seq, late=late))
    return found


def test_late_version_counts_only_when_accepted() -> None:
    chain = [version(1, seq=1), version(2, seq=2, late=True)]

    assert counted(chain) == {1: chain[0]}
    assert counted(chain, {2}) == {1: chain[1]}


def test_late_version_of_nothing_counts_when_accepted() -> None:
    late = version(1, seq=1, late=True)

    assert counted([late]) == {}
    assert counted([late], {1}) == {1: late}


def test_accepted_version_that_is_older_changes_nothing() -> None:
    chain = [version(1, seq=3), version(2, seq=2, late=True), version(3, seq=3, late=True)]

    assert counted(chain, {2, 3}) == {1: chain[0]}


def test_answer_acknowledged_in_time_after_a_late_one_still_counts() -> None:
    """A paper opened again: what the candidate was told is kept is not taken away by a decision."""
    chain = [version(1, seq=1), version(2, seq=9, late=True), version(3, seq=2)]

    assert counted(chain, {2}) == {1: chain[2]}


def test_changes_name_each_question_once_with_both_answers() -> None:
    chain = [
        version(1, seq=1), version(2, seq=2, late=True), version(3, seq=3, late=True),
        version(4, item=2, seq=1, late=True), version(5, item=3, seq=1),
    ]  # fmt: skip

    assert changes(chain, (), {2, 3, 4}) == [
        Change(1, chain[0], chain[2]),
        Change(2, None, chain[3]),
    ]
    assert changes(chain, {2, 3}, {2}) == [Change(1, chain[2], chain[1])]


@given(chains())
def test_without_acceptance_the_newest_in_time_counts(chain: list[Version]) -> None:
    in_time = [one for one in chain if not one.late]

    assert counted(chain) == {
        item: max((one for one in in_time if one.item == item), key=lambda one: one.seq)
        for item in {one.item for one in in_time}
    }


@given(chains(), st.randoms())
def test_order_of_rows_never_decides(chain: list[Version], random: object) -> None:
    accepted = {one.n for one in chain if one.late and one.n % 2}
    shuffled = sorted(chain, key=lambda _one: random.random())  # type: ignore[attr-defined]

    assert counted(shuffled, accepted) == counted(chain, accepted)


@given(chains())
def test_all_accepted_equals_all_received_in_time(chain: list[Version]) -> None:
    """Where nothing came in time after it, an accepted version counts as if it had come in time."""
    ordered = [one for one in chain if not one.late] + [one for one in chain if one.late]
    chain = [
        Version(n, one.item, one.seq, one.response, one.late) for n, one in enumerate(ordered, 1)
    ]
    kept: dict[int, Version] = {}
    for one in chain:  # what the store would have kept
        if one.item not in kept or kept[one.item].seq < one.seq:
            kept[one.item] = one

    assert counted(chain, {one.n for one in chain if one.late}) == kept


@given(chains())
def test_accepting_and_taking_back_leaves_everything_as_it_was(chain: list[Version]) -> None:
    late = {one.n for one in chain if one.late}

    there, back = changes(chain, (), late), changes(chain, late, ())

    assert [(one.item, one.before, one.after) for one in there] == [
        (one.item, one.after, one.before) for one in back
    ]
