"""Rules on what a file says and its author did not mean: YAML reads it without a word."""

from __future__ import annotations

import re
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
    for (path, text, place), (after, following, there) in pairwise(entry.prose):
        meets = path[:-1] == after[:-1] and isinstance(path[-1], int) and "between" not in path
        touches = (place.line, place.column + len(text) + 1) == (there.line, there.column)
        if meets and touches and text[-1:].isdigit() and following[:1].isdigit():
            yield (
                place,
                f"« {text},{following} » se lit comme deux éléments, « {text} » et « {following} ».",
                "Mettez le tout entre guillemets droits ; si ce sont bien deux, une espace après la virgule.",
            )
            return


_TOUCHING = re.compile(r"#[\w«“]")
_ENDED = re.compile(r"[.?!:…»”)]$")
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"))


@of_question(
    "QA208",
    "Un « # » a coupé le texte",
    why="Sans guillemets droits, tout ce qui suit une espace et « # » est un commentaire : les candidats ne le "
    "verront pas.",
    severity=Severity.WARNING,
    bad="""\
- text: Quel sujet suit-on avec le mot-dièse #RelationClient sur un réseau social\u00a0?
  answer: Le service client
  wrong: [La vente, La livraison]
""",
    good="""\
- text: "Quel sujet suit-on avec le mot-dièse #RelationClient sur un réseau social\u00a0?"
  answer: Le service client # une réponse à revoir
  wrong: [La vente, La livraison]
""",
)
def comment_cuts_a_text(entry: Entry) -> Iterator[Remark]:
    """A comment behind an unquoted text that looks like the rest of it.

    Its ``#`` touches a word; or it ends the sentence, or closes the quotation, that the text begins.
    """
    for path, text, place in entry.prose:
        comment = entry.shelf.behind.get(path)
        if comment is None or text == path[-1]:
            continue
        rest = comment.text
        ends = path[-1] in ("text", "passage", "explanation") and not _ENDED.search(text)
        if (
            (_TOUCHING.match(rest) and any(map(str.isalpha, text)))
            or (ends and _ENDED.search(rest))
            or any(text.count(one) > text.count(two) and two in rest for one, two in _PAIRS)
        ):
            yield (
                place,
                f"« {rest[:60]} » se lit comme un commentaire, et manque au texte.",
                "Mettez tout le texte entre guillemets droits ; un vrai commentaire va sur sa propre ligne.",
            )
            return
