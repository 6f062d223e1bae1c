"""The formats of a list: what a spreadsheet, a program and a printer get."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.downloads import writers
from quizapp.downloads.sheets import Cell, Column, Table
from quizapp.downloads.writers import WRITERS
from quizapp.exam.problems import ToldError

COLUMNS = (
    Column("name", "Nom", printed="Nom"),
    Column("city", "Ville"),
    Column("points", "Points", "exact", "Points"),
    Column("rank", "Rang", "whole", "Rang"),
)


def written(suffix: str, rows: Sequence[Sequence[Cell]], group: str = "") -> bytes:
    file = io.BytesIO()
    WRITERS[suffix][1](Table("Classement", COLUMNS, iter(rows), group), file)
    return file.getvalue()


ROWS: list[Sequence[Cell]] = [
    ("Éloïse D’Été", "Lyon", "25/2", 1),
    ("=1+1", "Lyon", "12", 2),
    (None, "Lille", None, None),
]


def test_french_spreadsheet_reads_commas_accents_and_no_formula() -> None:
    lines = written("csv", ROWS).decode("utf-8-sig").split("\r\n")

    assert lines == [
        "Nom;Ville;Points;Rang", "Éloïse D’Été;Lyon;12,5;1", "'=1+1;Lyon;12;2", ";Lille;;", "",
    ]  # fmt: skip


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_no_text_is_run_by_a_spreadsheet(texts: list[str]) -> None:
    body = written("csv", [(text, "", "1", 1) for text in texts]).decode("utf-8-sig")

    read = [row[0] for row in csv.reader(io.StringIO(body, newline=""), delimiter=";")][1:]
    assert not any(text.startswith(writers._FORMULA) for text in read)
    assert [text.removeprefix("'") for text in read] == [text.removeprefix("'") for text in texts]


def test_workbook_is_typed_and_goes_on_in_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_LINES", 3)

    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", ROWS)))

    assert book.sheetnames == ["Liste", "Liste 2"]
    assert [[cell.value for cell in row] for row in book["Liste"].rows] == [
        ["Nom", "Ville", "Points", "Rang"], ["Éloïse D’Été", "Lyon", 12.5, 1], ["=1+1", "Lyon", 12, 2],
    ]  # fmt: skip
    assert book["Liste"]["A3"].data_type == "s"
    assert [[cell.value for cell in row] for row in book["Liste 2"].rows][1][1] == "Lille"


def test_json_keeps_points_exact() -> None:
    told = json.loads(written("json", ROWS))

    assert told["title"] == "Classement"
    assert [row["points"] for row in told["rows"]] == ["25/2", 12, None]
    assert json.loads(written("json", []))["rows"] == []


def test_print_is_tagged_with_its_language_and_fonts_and_repeats_itself() -> None:
    body = written("pdf", ROWS, group="city")

    assert body.startswith(b"%PDF")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"pdfuaid", b"/FontFile"):
        assert mark in body, mark
    assert b"(fr)" in body or b"/Lang(fr" in body.replace(b" ", b"")
    assert body == written("pdf", ROWS, group="city")


def test_print_takes_nothing_for_markup() -> None:
    harmful = '#panic("x") *a* $x$ @b <c> \\ #include "/etc/passwd" = t'

    assert written("pdf", [(harmful, "", "1", 1)]).startswith(b"%PDF")


def test_print_gives_each_group_a_table_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(writers.prints, "pdf", lambda _name, what: told.append(what) or b"")

    written("pdf", ROWS, group="city")

    assert [column["heading"] for column in told[0]["columns"]] == ["Rang", "Nom", "Points"]
    assert [(one["name"], one["rows"]) for one in told[0]["groups"]] == [
        ("Lyon", [["1", "Éloïse D’Été", "12,5"], ["2", "=1+1", "12"]]), ("Lille", [["", "", ""]]),
    ]  # fmt: skip


def test_list_that_nobody_would_print_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_PRINTED", 2)

    with pytest.raises(ToldError, match="2 lignes au plus"):
        written("pdf", ROWS)
