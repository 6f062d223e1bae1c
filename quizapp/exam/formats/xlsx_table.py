"""XLSX, the workbook of spreadsheets: its first sheet is the table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import xlsxwriter

from quizapp.exam.bank import Bank
from quizapp.exam.formats import table, xml
from quizapp.exam.formats.archives import Package, is_package
from quizapp.exam.formats.base import Exported, Format, Imported, Loss, refuse, register

_WIDE = {"énoncé": 60, "mauvaises réponses": 40, "bonne réponse": 30, "explication": 60}
_REFERENCE = re.compile(r"([A-Z]{1,3})\d{1,7}", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _is_it(raw: bytes) -> bool:
    return is_package(raw)


def read(raw: bytes, file: str) -> Imported:
    """The bank of the first sheet; formulas count for nothing, only what they last showed."""
    package = Package(raw, file)
    names = package.names()
    sheets = sorted(
        (name for name in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
        key=lambda name: (len(name), name),
    )
    if not sheets:
        refuse(file, "Ce fichier n’est pas un classeur XLSX.", "Enregistrez-le au format XLSX.")
    strings: list[str] = []
    if "xl/sharedStrings.xml" in names:
        root = xml.parse(package.read("xl/sharedStrings.xml"), file)
        strings = [_text(entry) for entry in xml.without_namespaces(root).iterfind("si")]
    sheet = xml.without_namespaces(xml.parse(package.read(sheets[0]), file))
    losses = []
    if len(sheets) > 1:
        losses.append(Loss("classeur", "seule la première feuille est lue", whole=False))
    return table.imported(_rows(sheet, strings, file), file, losses)


def _rows(sheet: xml.Element, strings: list[str], file: str) -> Iterator[list[str]]:
    for row in sheet.iterfind("sheetData/row"):
        cells: list[str] = []
        for cell in row.iterfind("c"):
            column = _column(cell.get("r", ""), len(cells))
            if column >= table.MAX_COLUMNS:
                refuse(file, "Ce tableau a plus de 500 colonnes.", "Retirez celles de droite.")
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(cell, strings)
        yield cells


def _column(reference: str, following: int) -> int:
    """The column that ``AB12`` names, from 0; a cell without a name follows the one before."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: xml.Element, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell.find("is")) if cell.find("is") is not None else ""
    value = (cell.findtext("v") or "").strip()
    if kind == "s":
        known = value.isascii() and value.isdigit() and len(value) < 8
        return strings[int(value)] if known and int(value) < len(strings) else ""
    if kind == "b":
        return "yes" if value == "1" else "no"
    if kind == "n" and re.fullmatch(r"-?\d{1,15}\.\d+", value):
        return f"{float(value):.12g}"  # a spreadsheet keeps 0,1 as 0.1000000000000000055
    return _unescaped(value)


def _text(entry: xml.Element) -> str:
    """The text of a string, without how Japanese ones are pronounced."""
    parts = (
        part.text or ""
        for part in entry.iter("t")
        if part.getparent() is None or part.getparent().tag != "rPh"
    )
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """Characters that a workbook writes as ``_x000A_``."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def write(bank: Bank) -> Exported:
    """One sheet of texts, which no spreadsheet takes for formulas; a frozen heading, a filter."""
    losses: list[Loss] = []
    rows = table.rows_of(bank, losses)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Questions")
        bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, heading in enumerate(rows[0]):
            page.set_column(number, number, _WIDE.get(heading, 16))
        for line, row in enumerate(rows):
            for number, cell in enumerate(row):
                if cell:
                    page.write_string(line, number, cell, wrapped if line else bold)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    return Exported(stream.getvalue(), len(rows) - 1, tuple(losses))


register(Format("xlsx", "XLSX", (".xlsx",), _is_it, read, write))
