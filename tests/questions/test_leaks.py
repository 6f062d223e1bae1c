"""Two questions that differ by their key alone are one page, to the letter."""

import pytest

from quizapp.exam.questions.base import type_of
from tests.exam.samples import COMMON
from tests.questions.forms import html

pytestmark = pytest.mark.usefixtures("templates")


def made(entry):
    """The question with these keys."""
    return type_of(entry)(**{**COMMON, **entry})


STATEMENTS = ["Un", "Deux", "Trois", "Quatre"]
REACTIONS = {"Un": 3, "Deux": 1, "Trois": 0}


@pytest.mark.parametrize(
    ("one", "order", "other", "moved"),
    [
        ({"answer": "a", "wrong": ["b", "c"]}, (2, 0, 1), {"answer": "c", "wrong": ["a", "b"]}, (0, 1, 2)),
        ({"answers": ["a"], "wrong": ["b", "c"]}, (2, 0, 1), {"answers": ["c", "a"], "wrong": "b"}, (0, 1, 2)),
        ({"true": "yes"}, (0, 1), {"true": "no"}, (0, 1)),
        ({"statements": dict.fromkeys(STATEMENTS, "yes")}, (2, 1, 0, 3),
         {"statements": dict.fromkeys(STATEMENTS, "no")}, (2, 1, 0, 3)),
        ({"steps": ["a", "b", "c"]}, (2, 0, 1), {"steps": ["c", "a", "b"]}, (0, 1, 2)),
        ({"pairs": {"a": "x", "b": "y"}, "extra": "z"}, (1, 0),
         {"pairs": {"a": "z", "b": "x"}, "extra": "y"}, (1, 0)),
        ({"groups": {"A": ["x", "y"], "B": ["z"]}}, (2, 1, 0),
         {"groups": {"A": ["z"], "B": ["x", "y"]}}, (0, 2, 1)),
        ({"passage": "Le {1}.", "gaps": ["chat"]}, (), {"passage": "Le {1}.", "gaps": ["chien"]}, ()),
        ({"passage": "Le {1}.", "gaps": [{"answer": "chat", "wrong": ["chien", "loup"]}]}, (),
         {"passage": "Le {1}.", "gaps": [{"answer": "loup", "wrong": ["chat", "chien"]}]}, ()),
        ({"accept": ["Oslo"], "typos": "1"}, (), {"accept": ["Bergen", "Bodø"], "refuse": "Oslo"}, ()),
        ({"number": "3", "unit": "m"}, (), {"number": "-12,5", "within": "5 %", "unit": "m"}, ()),
        ({"estimate": "3", "unit": "m"}, (), {"estimate": "3000", "unit": "m"}, ()),
        ({"reactions": REACTIONS}, (0, 1, 2), {"reactions": {"Un": 0, "Deux": 1, "Trois": 2}}, (0, 1, 2)),
        ({"reactions": REACTIONS, "ask": "best-and-worst"}, (0, 1, 2),
         {"reactions": {"Un": 0, "Deux": 1, "Trois": 2}, "ask": "best-and-worst"}, (0, 1, 2)),
        ({"find": "Il [mange] du pain"}, (), {"find": "Il mange du [pain]"}, ()),
        ({"find": "Il [mange] du [pain]"}, (), {"find": "[Il] mange [du] pain"}, ()),
        ({"rubric": "Du tact."}, (), {"rubric": "De la rigueur."}, ()),
    ],
)  # fmt: skip
def test_page_is_the_same_whatever_the_key(one, order, other, moved):
    asked, instead = made(one), made(other)

    assert html(asked.show(order, None)) == html(instead.show(moved, None))
    assert (asked.key, asked.told_key, getattr(asked, "rubric", "")) != (
        instead.key, instead.told_key, getattr(instead, "rubric", ""),
    )  # fmt: skip
