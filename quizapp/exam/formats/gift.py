"""GIFT, Moodle’s plain text format: how it is recognised, and its escapes."""

from __future__ import annotations

import re

from quizapp.exam.formats.base import Format, register
from quizapp.exam.formats.gift_reading import read
from quizapp.exam.formats.gift_writing import write

_ANSWERS = re.compile(rb"(?<!\\)\{[^}]*\}|^\$CATEGORY:", re.MULTILINE)


register(
    Format("gift", "GIFT", (".gift", ".txt"), lambda raw: bool(_ANSWERS.search(raw)), read, write)
)
