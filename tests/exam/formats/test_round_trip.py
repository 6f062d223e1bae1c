"""Written and read again, a bank is the same but for what was told."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings

from quizapp.exam import bank
from quizapp.exam.bank import Bank
from quizapp.exam.formats.base import FORMATS
from tests.exam.formats.banks import banks, differing

SHOWN = {"qti21", "qti22", "qti3"}  # XHTML: what a candidate sees is the same
LOSSLESS = {"csv", "xlsx"}


@pytest.mark.parametrize("name", FORMATS)
@given(made=banks())
@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip
def test_a_bank_comes_back_but_for_what_was_told(name: str, made: Bank) -> None:
    known = FORMATS[name]
    out = known.write(made)
    told: defaultdict[str, set[str]] = defaultdict(set)
    for loss in out.losses:
        told[loss.item] |= loss.keys
    whole = {loss.item for loss in out.losses if loss.whole}

    back = known.read(out.content, f"banque{known.suffixes[0]}")

    assert [loss.what for loss in back.losses if loss.whole] == [], back.losses
    found = bank.parse(back.text).questions if back.text else ()
    kept = [question for question in made.questions if question.id not in whole]
    assert out.count == len(kept) == len(found)
    for question, again in zip(kept, found, strict=True):
        if "type" in told[question.id]:
            assert differing(question, again, shown=True) & {"text"} <= told[question.id]
            continue
        differ = differing(question, again, shown=name in SHOWN)
        assert differ - told[question.id] == set(), (differ, question, again)
        if name in LOSSLESS:
            assert told[question.id] <= {"id", "text", "stimulus"}
