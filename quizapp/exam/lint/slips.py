"""Rules on what a file says and its author did not mean: YAML reads it without a word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from quizapp.exam.lint.entries import Entry
from quizapp.exam.lint.rules import Remark, Severity, of_question


@of_question(
    "QA207",
    "Une virgule a coupé un nombre en deux",
    why="Entre crochets, la virgule sépare les choix : [1,5 h, 2 h] en fait trois, « 1 », « 5 h » et « 2 h ».",
    severity=Severity.WARNING,
    bad="""\
- text: Combien de temps dure la formation ?
  answer: 3\u00a0h
  wrong: [1,5\u00a0h, 2\u00a0h]
""",
    good="""\
- text: Combien de temps dure la formation ?
  answer: 3\u00a0h
  wrong: ["1,5\u00a0h", 2\u00a0h]
""",
)
def comma_splits_a_number(entry: Entry) -> Iterator[Remark]:
    """Two elements of a list with a digit on either side of the comma, and no space after it.

    ``between`` holds two numbers, and may be written so.
    """
    places = entry.source.values
    for (path, text), (after, following) in pairwise(entry.prose):
        meets = path[:-1] == after[:-1] and isinstance(path[-1], int) and "between" not in path
        touches = (places[path].line, places[path].column + len(text) + 1) == (
            places[after].line,
            places[after].column,
        )
        if meets and touches and text[-1:].isdigit() and following[:1].isdigit():
            yield (
                places[path],
                f"« {text},{following} » se lit comme deux éléments, « {text} » et « {following} ».",
                "Mettez le tout entre guillemets droits ; si ce sont bien deux, une espace après la virgule.",
            )
            return
