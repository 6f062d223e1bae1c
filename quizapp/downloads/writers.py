"""The formats of a list. CSV, XLSX and JSON are written row after row, in constant memory.

To add a format, add a function here to ``WRITERS``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain, groupby, islice
from typing import IO, Any

import xlsxwriter

from quizapp import prints
from quizapp.downloads.sheets import Cell, Column, Kind, Table
from quizapp.exam.problems import ToldError

# A spreadsheet runs what begins with these (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_LINES = 1_048_576  # of a sheet, by the format
_PRINTED = 3_000  # lines of a printed list: some eighty pages
_WIDEST = 50  # characters of a column


@lru_cache(maxsize=100_000)
def plain(exact: str) -> Decimal:
    """A fraction as a decimal of at most four places."""
    value = Fraction(exact)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"))


@lru_cache(maxsize=100_000)
def _comma(exact: str | None) -> str:
    """A fraction as a French spreadsheet reads it."""
    return "" if exact is None else f"{plain(exact):f}".rstrip("0").rstrip(".").replace(".", ",")


def _harmless(text: str | None) -> str:
    """Text that no spreadsheet runs."""
    return "" if text is None else f"'{text}" if text.startswith(_FORMULA) else text


_CSV: dict[Kind, Callable[[Any], Cell]] = {
    "text": _harmless,
    "exact": _comma,
    "whole": lambda number: number,
}


def csv_file(table: Table, out: IO[bytes]) -> None:
    """For a French spreadsheet: UTF-8 with a byte order mark, semicolons, decimal commas."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])
    tellers = [_CSV[column.kind] for column in table.columns]
    for chunk in table.chunks():
        columns = zip(*chunk, strict=True)
        told = [map(teller, column) for teller, column in zip(tellers, columns, strict=True)]
        writer.writerows(zip(*told, strict=True))
    text.detach()  # flushed, and the file stays open


def xlsx_file(table: Table, out: IO[bytes]) -> None:
    """Typed cells, a frozen heading, a filter; text is never read as a formula or a link.

    What is beyond the lines that a sheet may have goes on in another.
    """
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    rows = chain.from_iterable(table.chunks())
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        number, left = 1, True
        while left:
            page = book.add_worksheet("Liste" if number == 1 else f"Liste {number}")
            left = _sheet(page, table.columns, islice(rows, _LINES - 1), bold) == _LINES
            number += 1


def _sheet(page: Any, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], bold: Any) -> int:
    """One sheet of a workbook; how many lines it has."""
    widths = [len(column.heading) for column in columns]
    for at, column in enumerate(columns):
        page.write_string(0, at, column.heading, bold)
    line = 0
    for line, row in enumerate(rows, start=1):
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            if value is None:
                continue
            if column.kind == "text":
                page.write_string(line, at, value)
                widths[at] = max(widths[at], len(str(value)))
            else:
                page.write_number(line, at, float(plain(str(value))))
    for at, width in enumerate(widths):
        page.set_column(at, at, min(width, _WIDEST) + 2)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(line, 1), len(columns) - 1)
    return line + 1


def json_file(table: Table, out: IO[bytes]) -> None:
    """For programs: exact points as ``numerator/denominator`` text where they are not whole."""
    head = json.dumps({"title": table.title}, ensure_ascii=False)
    out.write(f'{head[:-1]}, "rows": ['.encode())
    comma = ""
    for row in chain.from_iterable(table.chunks()):
        told = {
            column.key: _number(value) if column.kind == "exact" else value
            for column, value in zip(table.columns, row, strict=True)
        }
        out.write(f"{comma}\n {json.dumps(told, ensure_ascii=False)}".encode())
        comma = ","
    out.write(b"\n]}\n")


@lru_cache(maxsize=100_000)
def _number(exact: str | None) -> str | int | None:
    return int(exact) if exact is not None and "/" not in exact else exact


def pdf_file(table: Table, out: IO[bytes]) -> None:
    """For a wall or a stage: tagged, paginated, its fonts inside.

    Raises ToldError for a list of more lines than anyone would print.
    """
    rows = list(islice(chain.from_iterable(table.chunks()), _PRINTED + 1))
    if len(rows) > _PRINTED:
        raise ToldError(
            "En PDF, une liste a %(most)s lignes au plus. Prenez-la en CSV ou en Excel.",
            most=_PRINTED,
        )
    keys = [column.key for column in table.columns]
    # The rank comes first on paper, whatever its place among the columns.
    shown = [at for at, column in enumerate(table.columns) if column.printed]
    shown.sort(key=lambda at: table.columns[at].printed != "Rang")
    by = keys.index(table.group) if table.group else None
    groups = [
        {
            "name": "" if by is None else str(name),
            "rows": [[_printed(table.columns[at], row[at]) for at in shown] for row in members],
        }
        for name, members in groupby(rows, key=lambda row: None if by is None else row[by])
    ]
    columns = [
        {"heading": table.columns[at].printed, "number": table.columns[at].kind != "text"}
        for at in shown
    ]
    out.write(prints.pdf("list", {"title": table.title, "columns": columns, "groups": groups}))


def _printed(column: Column, value: Cell) -> str:
    return _comma(str(value)) if column.kind == "exact" and value is not None else str(value or "")


Writer = Callable[[Table, IO[bytes]], None]
WRITERS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file),
    "json": ("application/json", json_file),
    "pdf": ("application/pdf", pdf_file),
}
