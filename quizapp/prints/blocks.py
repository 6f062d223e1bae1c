"""The HTML of authors' texts as the plain blocks that a printed page is given."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

_MARKS = {"strong", "em", "s", "code"}
_KINDS = {
    "p": "text",
    "li": "item",
    "blockquote": "quote",
    "pre": "text",
    "h2": "text",
    "h3": "text",
}


class _Reader(HTMLParser):
    """Gathers blocks; only the few tags that ``markup`` lets through are met."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self.kinds: list[str] = ["text"]
        self.marks: list[str] = []
        self.runs: list[dict[str, Any]] = []
        self.cells: list[list[dict[str, Any]]] = []
        self.table: dict[str, Any] | None = None

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in _MARKS:
            self.marks.append(tag)
        elif tag == "br":
            self.runs.append({"text": "\n", "marks": []})
        elif tag == "table":
            self._close()
            self.table = {"kind": "table", "head": [], "rows": []}
        elif tag in ("th", "td"):
            self.runs = []
        elif tag in _KINDS:
            self._close()
            self.kinds.append("quote" if "quote" in self.kinds else _KINDS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS and tag in self.marks:
            self.marks.remove(tag)
        elif tag in ("th", "td"):
            self.cells.append(self.runs)
            self.runs = []
        elif tag == "tr" and self.table is not None:
            if self.table["head"]:
                self.table["rows"].append(
                    ["".join(run["text"] for run in cell) for cell in self.cells]
                )
            else:
                self.table["head"] = self.cells
            self.cells = []
        elif tag == "table" and self.table is not None:
            self.blocks.append(self.table)
            self.table, self.runs = None, []
        elif tag in _KINDS:
            self._close()
            if len(self.kinds) > 1:
                self.kinds.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() or self.runs:
            self.runs.append({"text": data, "marks": [*self.marks]})

    def _close(self) -> None:
        if any(run["text"].strip() for run in self.runs):
            self.blocks.append({"kind": self.kinds[-1], "runs": self.runs})
        self.runs = []

    def done(self) -> list[dict[str, Any]]:
        """All blocks."""
        self.close()
        self._close()
        return self.blocks


def blocks(html: str) -> list[dict[str, Any]]:
    """Paragraphs, items, quotations and tables, each of runs of text with their marks."""
    reader = _Reader()
    reader.feed(html)
    return reader.done()


def runs(html: str) -> list[dict[str, Any]]:
    """A text of one line as runs."""
    return [run for block in blocks(html) for run in block.get("runs", [])]
