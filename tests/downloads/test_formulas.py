"""Lists as files: what a person wrote into a form is never run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest

from quizapp.downloads.sheets import Column, Table
from quizapp.downloads.writers import Writer, csv_file, json_file, xlsx_file

FORMULAS = [
    '=HYPERLINK("https://exemple.fr";"Cliquez")', "=1+1", "+33 6 12", "-2+3", "@SUM(A1)",
    "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＠SUM(A1)",
]  # fmt: skip


def written(writer: Writer, table: Table) -> bytes:
    """The file that a writer makes."""
    out = io.BytesIO()
    writer(table, out)
    return out.getvalue()


@pytest.mark.parametrize("text", [*FORMULAS, "https://exemple.fr", "12", "Ô’Brien"])
def test_no_cell_is_a_formula(text: str) -> None:
    columns = (Column("name", "Nom"), Column("points", "Points", "exact"))
    table = Table("Liste", columns, [(text, "25/2")])

    [_, [cell, points]] = csv.reader(
        io.StringIO(written(csv_file, table).decode("utf-8-sig"), newline=""), delimiter=";"
    )
    sheet = openpyxl.load_workbook(io.BytesIO(written(xlsx_file, table))).active

    assert cell == ("'" + text if text in FORMULAS else text)
    assert points == "12,5"
    assert (sheet["A2"].data_type, sheet["A2"].hyperlink) == ("s", None)
    assert sheet["B2"].value == 12.5
    assert json.loads(written(json_file, table))["rows"] == [{"name": text, "points": "25/2"}]
