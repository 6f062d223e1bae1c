"""Texts in Moodle’s four formats, which Moodle XML and GIFT share."""

from __future__ import annotations

import re

from quizapp.exam.formats import markdown, prose
from quizapp.exam.formats.base import NotCarriedError, Tell

_HTML_TAG = re.compile(r"<[a-zA-Z/!]")


def said_in(text: str, form: str, tell: Tell, *, line: bool = False) -> str:
    """A text in one of Moodle's formats, as the author's Markdown."""
    if form == "markdown":
        if _HTML_TAG.search(text):
            _refuse_active(text)
        if re.search(r"!\[[^\]]*\][(\[]", text):
            raise NotCarriedError("elle contient une image")
        return markdown.from_block(text.strip()) if line else text.strip()
    if form == "plain_text":
        return markdown.from_plain(text.strip())
    if form == "moodle_auto_format":
        text = text.strip().replace("\n", "<br>")
    return prose.from_html(text, tell, line=line)


def _refuse_active(text: str) -> None:
    """Tags in Markdown are shown as they are written; what acts is refused all the same."""
    try:
        prose.from_html(text, lambda *_: None)
    except NotCarriedError:
        if re.search(
            r"<(script|iframe|object|embed|img|svg|video|audio)\b|\bon\w+\s*=", text, re.I
        ):
            raise


def category_path(text: str) -> list[str]:
    """The names in ``$course$/top/Banque/Thème``, without where Moodle keeps it."""
    steps = [step.replace("//", "/").strip() for step in re.split(r"(?<!/)/(?!/)", text.strip())]
    if steps and re.fullmatch(r"\$\w+\$", steps[0]):
        del steps[0]
    if steps and steps[0] == "top":
        del steps[0]
    return [step for step in steps if step]
