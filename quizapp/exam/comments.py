"""The comments of a YAML file, told from what only looks like one inside a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import yaml
from yaml import events

from quizapp.exam.source import Path, Source

_BEHIND = re.compile(r"\S[ \t]+#")


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


def behind(source: Source) -> dict[Path, Comment]:
    """The comments right behind a text without quotation marks, by the path of that text."""
    if not _BEHIND.search(source.text):
        return {}
    values = sorted(
        source.values.items(), key=lambda found: (found[1].line, found[1].column, len(found[0]))
    )
    starts = [(place.line, place.column) for _, place in values]
    lines = source.text.splitlines()
    found: dict[Path, Comment] = {}
    for comment in comments(source.text):
        if comment.alone:
            continue
        path, place = values[bisect_right(starts, (comment.line, comment.column)) - 1]
        value: Any = source.value
        for step in path:
            value = value[step]
        if not isinstance(value, str) or not value.strip():
            continue
        quoted = lines[place.line - 1][place.column - 1] in "\"'|>"
        before = lines[comment.line - 1][: comment.column - 1].rstrip()
        if not quoted and before.endswith(value.split()[-1]):
            found[path] = comment
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
