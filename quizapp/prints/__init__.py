"""Pages for paper: tagged PDF with its fonts inside, from a template of this folder and plain data.

To add a printed page, add a template here and call ``pdf`` with its name. What is told is data: nothing
in it is read as markup.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the same data gives the same file


def pdf(template: str, told: dict[str, Any]) -> bytes:
    """The page ``template`` with what it is told, to PDF/UA-1 (ISO 14289-1: accessible)."""
    made = typst.compile(
        str(_FOLDER / f"{template}.typ"),
        root=str(_FOLDER),
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=_ANY_DAY,
    )
    assert isinstance(made, bytes)  # noqa: S101  # one file was asked for
    return made
