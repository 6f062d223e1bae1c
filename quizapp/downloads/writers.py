"""The formats of a list: CSV, XLSX, JSON.

To add a format, add a function here to ``WRITERS``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import xlsxwriter

from quizapp.downloads.sheets import Cell, Table

# A spreadsheet runs what begins with these (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(value: Fraction) -> Decimal:
    """A fraction as a decimal of at most four places."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"))


def _csv_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        text = f"{plain(value):f}"
        return text.rstrip("0").rstrip(".").replace(".", ",")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return str(value)


def csv_file(table: Table) -> bytes:
    """For a French spreadsheet: UTF-8 with a byte order mark, semicolons, decimal commas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([heading for _key, heading in table.columns])
    writer.writerows([_csv_cell(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_file(table: Table) -> bytes:
    """Typed cells, a frozen heading, a filter; text is never read as a formula or a link."""
    stream = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(stream, options) as book:
        page = book.add_worksheet("Liste")
        bold = book.add_format({"bold": True, "bottom": 1})
        page.write_row(0, 0, [heading for _key, heading in table.columns], bold)
        for line, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, Fraction):
                    page.write_number(line, column, float(plain(value)))
                elif isinstance(value, int):
                    page.write_number(line, column, value)
                elif value is not None:
                    page.write_string(line, column, value)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
        page.autofit()
    return stream.getvalue()


def json_file(table: Table) -> bytes:
    """For programs: exact points as ``numerator/denominator`` text where they are not whole."""
    keys = [key for key, _heading in table.columns]
    rows = [dict(zip(keys, map(_json_cell, row), strict=True)) for row in table.rows]
    text = json.dumps({"title": table.title, "rows": rows}, ensure_ascii=False, indent=1)
    return text.encode()


def _json_cell(value: Cell) -> str | int | None:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return value


WRITERS: dict[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file),
    "json": ("application/json", json_file),
}
