"""CSV, as a French spreadsheet writes and reads it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from quizapp.exam.bank import Bank
from quizapp.exam.formats import table
from quizapp.exam.formats.base import Exported, Format, Imported, Loss, refuse, register
from quizapp.exam.formats.texts import decoded

# A spreadsheet runs what begins with these (OWASP, "CSV Injection"); an apostrophe keeps it a text.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-\d+(,\d+)?", re.ASCII)
_SEPARATORS = ";,\t"
csv.field_size_limit(100_000)


def _is_it(raw: bytes) -> bool:
    return b"\0" not in raw[3:] or raw.startswith((b"\xff\xfe", b"\xfe\xff"))


def read(raw: bytes, file: str) -> Imported:
    """The bank of a table whose separator its first line tells."""
    losses: list[Loss] = []
    text = decoded(raw, file, losses)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    return table.imported(_rows(text, separator, file), file, losses)


def _rows(text: str, separator: str, file: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            refuse(
                file,
                "Des guillemets ne sont pas fermés, ou une cellule est trop longue.",
                "Enregistrez de nouveau le tableau en CSV depuis le tableur.",
                line=reader.line_num,
            )
        yield [cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell for cell in row]


def write(bank: Bank) -> Exported:
    """UTF-8 with a byte order mark, semicolons, decimal commas."""
    losses: list[Loss] = []
    rows = table.rows_of(bank, losses)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return Exported(b"\xef\xbb\xbf" + text.getvalue().encode(), len(rows) - 1, tuple(losses))


def _cell(cell: str) -> str:
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


register(Format("csv", "CSV", (".csv", ".tsv"), _is_it, read, write))
