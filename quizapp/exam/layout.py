"""One layout for all bank files: same meaning, same comments, same order of keys everywhere.

A list of short texts stands on one line, a longer one on a line each; a text of several lines is a
``|`` block; quotation marks stand only where YAML needs them. One blank line before a question or a
comment is kept, more are not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from quizapp.exam.comments import Comment, comments, dash
from quizapp.exam.problems import Place
from quizapp.exam.source import Path, Source, Value

WIDTH = 120  # characters, of a list on one line

_FIRST = ("id", "type", "topic", "difficulty", "tags", "text")
_LAST = ("explanation", "source", "true_until", "parts")
_QUESTION = 2  # steps of the path to a question: « questions », then its place

_INDICATOR = "-?:,[]{}#&*!|>'\"%@`= \t"
_NOT_PLAIN = re.compile(r":(?:\s|$)|\s#|[\t\n\r]|\s$")
_NOT_IN_FLOW = re.compile(r"[,?:#\[\]{}]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

Slot = tuple[int, int, int, Path]
Change = Callable[[Path, str], str]


def laid_out(text: str, source: Source, change: Change | None = None) -> str:
    """The bank in ``text``, read as ``source``, in the one layout; ``change`` may mend its texts."""
    return "\n".join(_Writer(text, source, change or (lambda _, value: value)).document()) + "\n"


class _Writer:
    """Writes the values of a source, with each comment beside what it stood beside."""

    def __init__(self, text: str, source: Source, change: Change) -> None:
        self.source = source
        self.change = change
        self.above: defaultdict[Path, list[Comment]] = defaultdict(list)
        self.beside: defaultdict[Path, list[Comment]] = defaultdict(list)
        self.below: defaultdict[Path, list[Comment]] = defaultdict(list)
        self.foot: list[Comment] = []
        self.lines = text.removeprefix("\ufeff").splitlines()
        self.blank = {number + 2 for number, line in enumerate(self.lines) if not line.strip()}
        self._attach(comments(text))
        self.commented: set[Path] = set()
        for path in (*self.above, *self.beside, *self.below):
            self.commented.update(path[:length] for length in range(len(path) + 1))

    def _attach(self, found: Sequence[Comment]) -> None:
        """A comment alone goes with what follows, unless it is set in deeper; another with its line."""
        slots = sorted(
            [(place.line, place.column, len(path), path) for path, place in self._slots()],
            key=lambda slot: slot[:3],
        )
        lines = [slot[0] for slot in slots]
        for comment in found:
            before, after = (
                bisect_left(lines, comment.line),
                bisect_left(lines, comment.line + 1),
            )
            if not comment.alone:
                owner = self._on_line(slots[before:after], comment) or next(
                    (
                        slot[3]
                        for slot in (slots[at] for at in range(before - 1, -1, -1))
                        if slot[3] in self.source.keys
                    ),
                    (),
                )
                self.beside[owner].append(comment)
                continue
            follows = slots[after] if after < len(slots) else None
            if follows and comment.column <= follows[1]:
                self.above[follows[3]].append(comment)
                continue
            around = range(before - 1, -1, -1) if follows or comment.column > 1 else ()
            outer = next((slots[at] for at in around if slots[at][1] <= comment.column), None)
            if outer:
                self.below[outer[3]].append(comment)
            elif follows:
                self.above[follows[3]].append(comment)
            else:
                self.foot.append(comment)

    def _slots(self) -> Iterator[tuple[Path, Place]]:
        """What a comment can stand beside: keys, and the entries of lists, which begin at a dash."""
        yield from self.source.keys.items()
        for path, place in self.source.values.items():
            if path and isinstance(path[-1], int):
                line = self.lines[place.line - 1]
                yield path, Place(place.file, place.line, dash(line, place.column))

    def _on_line(self, slots: Sequence[Slot], comment: Comment) -> Path | None:
        """The outermost key that begins on the comment's line, or the last entry of a list there."""
        here = [slot[3] for slot in slots if slot[1] < comment.column]
        keys = [path for path in here if path in self.source.keys]
        return next(iter(keys or here[-1:]), None)

    def document(self) -> Iterator[str]:
        """The lines of the whole file."""
        lines = [
            *self._comments(self.beside[()], "", False),
            *self._mapping((), self.source.value, ""),
            *self._comments(self.foot, "", True),
        ]
        yield from lines[1:] if lines and not lines[0] else lines

    def _mapping(self, path: Path, value: dict[str, Value], indent: str) -> Iterator[str]:
        named = not path or _is_question(path)
        for key in self._keys(path, value):
            here = (*path, key)
            yield from self._comments(self.above[here], indent, len(here) == 1)
            if len(here) == 1 and self.source.keys[here].line in self.blank:
                yield ""
            name = scalar(key if named else self.change(here, key), key=True)
            yield from self._value(here, value[key], f"{indent}{name}:", indent)
            yield from self._comments(self.below[here], indent, False)

    def _keys(self, path: Path, value: dict[str, Value]) -> list[str]:
        if not _is_question(path):
            return list(value)
        middle = [key for key in value if key not in _FIRST and key not in _LAST]
        return [key for key in (*_FIRST, *middle, *_LAST) if key in value]

    def _sequence(self, path: Path, value: list[Value], indent: str) -> Iterator[str]:
        for place, entry in enumerate(value):
            here = (*path, place)
            question = len(here) == _QUESTION
            yield from self._comments(self.above[here], indent, question)
            if question and self.source.values[here].line in self.blank:
                yield ""
            if isinstance(entry, dict) and entry:
                yield from self._entry(here, entry, indent)
            else:
                yield from self._value(here, entry, f"{indent}-", indent)
            yield from self._comments(self.below[here], indent, False)

    def _entry(self, path: Path, value: dict[str, Value], indent: str) -> Iterator[str]:
        """A mapping in a list: its first key stands on the line of the dash, comments above both."""
        first = (*path, self._keys(path, value)[0])
        yield from self._comments(self.above.pop(first, []), indent, False)
        yield from self._comments(self.beside[path], indent, False)
        lines = self._mapping(path, value, f"{indent}  ")
        yield f"{indent}- {next(lines).lstrip(' ')}"
        yield from lines

    def _value(self, path: Path, value: Value, start: str, indent: str) -> Iterator[str]:
        """A value after ``start``, which is a key with its colon, or a dash."""
        beside = self.beside[path]
        yield from self._comments(beside[1:], indent, False)
        end = f" {beside[0].text}" if beside else ""
        if isinstance(value, str):
            head, *block = self._text(path, value)
            yield f"{start} {head}{end}"
            yield from (f"{indent}  {line}" if line else "" for line in block)
        elif not value:
            yield f"{start} {'[]' if isinstance(value, list) else '{}'}{end}"
        elif (flow := self._flow(path, value)) and len(start) + 1 + len(flow) <= WIDTH:
            yield f"{start} {flow}{end}"
        else:
            yield start + end
            write: Any = self._sequence if isinstance(value, list) else self._mapping
            yield from write(path, value, f"{indent}  ")

    def _text(self, path: Path, value: str) -> list[str]:
        value = self.change(path, value)
        body = value.removesuffix("\n")
        lines = body.split("\n")
        if (
            len(lines) > 1
            and not re.search(r"[\r\t]|^\s|\n$|(?m:^[ \t\u00a0]+$)", body)
            and lines[0]
        ):
            return ["|" if value.endswith("\n") else "|-", *lines]
        return [scalar(value)]

    def _flow(self, path: Path, value: list[Value] | dict[str, Value]) -> str:
        """A list of texts on one line; nothing where it has comments or something else in it."""
        if isinstance(value, dict) or any(
            (*path, at) in self.commented for at in range(len(value))
        ):
            return ""
        texts = [
            self.change((*path, place), entry) if isinstance(entry, str) else None
            for place, entry in enumerate(value)
        ]
        if any(text is None or "\n" in text for text in texts):
            return ""
        return f"[{', '.join(scalar(text or '', flow=True) for text in texts)}]"

    def _comments(self, found: Sequence[Comment], indent: str, spaced: bool) -> Iterator[str]:
        for comment in found:
            if spaced and comment.line in self.blank:
                yield ""
            yield f"{indent}{comment.text}"


def _is_question(path: Path) -> bool:
    """Whether a question stands there, or a part of a case: its keys are names, and not texts."""
    return len(path) == _QUESTION or path[_QUESTION:-1] == ("parts",)


def scalar(value: str, *, flow: bool = False, key: bool = False) -> str:
    """A text as YAML on one line: as it is, or between quotation marks where YAML needs them."""
    plain = (
        value
        and (value[0] not in _INDICATOR or re.match(r"-\d", value))
        and not _NOT_PLAIN.search(value)
        and not (flow and _NOT_IN_FLOW.search(value))
        and not (key and re.search(r"[:#?,\[\]{}]", value))
    )
    if plain and not value.startswith(("...", "---")):
        return value
    return '"' + "".join(_ESCAPES.get(one, one) for one in value) + '"'
