"""The comments of a YAML file, told from what only looks like one inside a text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import events


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, with its ``#``; ``alone`` if nothing else stands on its line. Counts from 1."""

    line: int
    column: int
    text: str
    alone: bool


def comments(text: str) -> list[Comment]:
    """The comments of ``text``, which is known to be plain YAML, in the order of the file.

    Outside its scalars such a file holds punctuation only: there, a ``#`` can but begin a comment.
    """
    text = text.removeprefix("\ufeff")
    if "#" not in text:
        return []
    spans = _scalars(text)
    starts = [start for start, _ in spans]
    found: list[Comment] = []
    for number, line in enumerate(text.splitlines()):
        column = line.find("#")
        while column >= 0:
            before = bisect_right(starts, (number, column)) - 1
            if before < 0 or spans[before][1] <= (number, column):
                alone = not line[:column].strip()
                found.append(Comment(number + 1, column + 1, line[column:].rstrip(), alone))
                break
            column = line.find("#", column + 1)
    return found


def dash(line: str, column: int) -> int:
    """The column of the dash before a list's entry that begins at ``column`` of ``line``."""
    before = line[: column - 1].rstrip()
    return len(before) if before.endswith("-") else max(column - 2, 1)


def _scalars(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where each scalar begins and ends; a block scalar begins below its ``|``."""
    spans = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, events.ScalarEvent):
            begins: Any = event.start_mark
            ends: Any = event.end_mark
            start = (begins.line, begins.column)
            if event.style in ("|", ">"):
                start = (begins.line + 1, 0)
            if start < (ends.line, ends.column):
                spans.append((start, (ends.line, ends.column)))
    return spans
