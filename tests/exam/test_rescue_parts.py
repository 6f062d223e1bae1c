"""The codes of a rescue file: put together in any order, and refused with the reason if they are not whole."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exam.rescue_parts import CodesError, join
from quizapp.exam.signing import to_base64


def split(file: str, length: int = 40) -> list[str]:
    """The codes that a page shows for this file."""
    whole = to_base64(file.encode())
    total = hashlib.sha256(whole.encode()).hexdigest()[:8]
    pieces = [whole[start : start + length] for start in range(0, len(whole), length)]
    return [
        f"QUIZAPP1.{total}.{number}.{len(pieces)}.{piece}"
        for number, piece in enumerate(pieces, start=1)
    ]


FILE = '{"format": "quizapp-rescue-1", "sealed": "' + "é" * 90 + '"}'
CODES = split(FILE)


@given(
    st.permutations(CODES),
    st.lists(st.sampled_from(CODES), max_size=4),
    st.sampled_from(["\n", " ; ", "\r\n\r\n"]),
)
def test_order_duplicates_and_what_stands_between_do_no_harm(
    codes: list[str], more: list[str], between: str
) -> None:
    assert join(between.join([*codes, *more])) == FILE


@given(st.sets(st.integers(1, len(CODES)), min_size=1, max_size=len(CODES) - 1))
def test_missing_codes_are_named(lacking: set[int]) -> None:
    codes = [code for number, code in enumerate(CODES, start=1) if number not in lacking]

    with pytest.raises(CodesError) as told:
        join("\n".join(codes))

    named = str(told.value).rpartition(" : ")[2].rstrip(".").split(", ")
    assert [int(number) for number in named] == sorted(lacking)


def test_codes_that_are_far_from_whole_are_told_in_short() -> None:
    with pytest.raises(CodesError) as told:
        join(f"QUIZAPP1.{'0' * 8}.1.9999.abcd")

    assert len(str(told.value)) < 200
    assert str(told.value).endswith("21, ….")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "« QUIZAPP1… »"),
        ("bonjour", "« QUIZAPP1… »"),
        ("\n".join([*CODES, *split("autre")]), "plusieurs fichiers"),
        ("\n".join([*CODES, CODES[0][:-1] + "_"]), "Le code 1 a été lu de deux façons."),
        ("\n".join([CODES[0][:-1] + "_", *CODES[1:]]), "mal lu"),
    ],
)
def test_what_is_not_one_file_is_refused_with_its_reason(text: str, told: str) -> None:
    with pytest.raises(CodesError, match=told.replace("…", "…")):
        join(text)
