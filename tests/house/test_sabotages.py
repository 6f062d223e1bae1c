"""The table of sabotages fits the code: each finds its text, and names a test that exists."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.sabotage import SABOTAGES
from tests.sabotages import Sabotage

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.name)
def test_sabotage_fits_the_code_and_names_a_test(sabotage: Sabotage) -> None:
    file, _, name = sabotage.tests.partition("::")

    assert sabotage.problem((ROOT / sabotage.file).read_text("utf-8")) == ""
    assert (ROOT / file).exists(), file
    if name:
        test = name.partition("[")[0]
        assert re.search(rf"\bdef {test}\(", (ROOT / file).read_text("utf-8")), name


def test_names_are_told_apart_and_the_day_is_covered() -> None:
    twice = [name for name, count in Counter(one.name for one in SABOTAGES).items() if count > 1]

    assert twice == []
    assert {one.number for one in SABOTAGES} >= set(range(1, 22))
