"""Chance that anyone can replay."""

import hashlib
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.lots import Stream, lot


def test_lot_is_the_sha256_that_anyone_computes():
    assert lot("graine", "C-00001") == hashlib.sha256(b"graine:C-00001").hexdigest()


def test_stream_reads_sha256_blocks_four_bytes_at_a_time():
    blocks = b"".join(hashlib.sha256(f"graine:{place}".encode()).digest() for place in range(3))
    stream = Stream("graine")

    assert [stream.below(1 << 32) for _ in range(24)] == [
        int.from_bytes(blocks[start : start + 4]) for start in range(0, 96, 4)
    ]


@given(st.text(), st.integers(1, 1 << 32))
@settings(deadline=None, max_examples=100)
def test_below_stays_below(seed, limit):
    assert 0 <= Stream(seed).below(limit) < limit


def test_below_rejects_rather_than_prefer_small_numbers():
    limit = 3 << 30  # a plain remainder would give the lowest third twice as often
    stream = Stream("graine")

    thirds = Counter(stream.below(limit) // (1 << 30) for _ in range(6000))

    assert all(1800 < thirds[third] < 2200 for third in range(3))


@given(st.text(), st.lists(st.integers()))
@settings(deadline=None, max_examples=100)
def test_shuffle_is_a_reproducible_permutation(seed, items):
    one, other = list(items), list(items)
    Stream(seed).shuffle(one)
    Stream(seed).shuffle(other)

    assert one == other
    assert sorted(one) == sorted(items)


def test_shuffle_reaches_every_order_about_as_often():
    found = Counter()
    stream = Stream("graine")
    for _ in range(6000):
        items = ["a", "b", "c"]
        stream.shuffle(items)
        found["".join(items)] += 1

    assert len(found) == 6
    assert all(850 < count < 1150 for count in found.values())


def test_choice_of_a_known_seed_never_changes():
    stream = Stream("2026")

    assert "".join(stream.choice("abcdefgh") for _ in range(12)) == "dffabchhfcfh"
