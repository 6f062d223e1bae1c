"""The author’s Markdown as other programs take it: plain, as a paragraph, as XHTML; and back."""

from __future__ import annotations

import html as entities
import re

from lxml import html as lxml_html

from quizapp.exam import markup
from quizapp.exam.formats.base import NotCarriedError, Tell
from quizapp.exam.formats.xml import Element

MAX_TEXT = 20_000  # characters, of one paragraph: no question of ours has so many
SIGNS = re.compile(r"([\\`*_\[\]<~|]|&(?=[#\w]+;))")
_START = re.compile(r"(?m)^( {0,3})([#>+\-=]|\d+(?=[.)]))")
_BOUND = "\ue010"  # a no-break space of the author's, while others are added and taken away


def from_plain(text: str) -> str:
    """A line without any mark as Markdown that shows just that."""
    if len(text) > MAX_TEXT:
        raise NotCarriedError("son texte est trop long")
    return least(SIGNS.sub(r"\\\1", text), text, line=True)


def to_plain(text: str, tell: Tell, key: str) -> str:
    """Markdown as one line of plain text; tells where that shows it otherwise."""
    if "\n" not in text and from_plain(text) == text:
        return text
    tell("la mise en forme n’est pas gardée", key)
    return shown_text(text)


def as_block(line: str) -> str:
    """A line as a paragraph of Markdown, for programs that would take « - 3 » for a list."""
    if markup.block(line).strip() == f"<p>{markup.inline(line)}</p>":
        return line
    return guarded(line)


def from_block(paragraph: str) -> str:
    """A line that ``as_block`` gave, as it was."""
    line = re.sub(r"^(\d*)\\([#>+\-=*_.)])", r"\1\2", paragraph, count=1)
    return line if as_block(line) == paragraph else paragraph


def to_element(text: str, *, line: bool = False) -> Element:
    """Markdown as XHTML, in an element named ``div``; spaces stay as their author typed them."""
    typed = text.replace("\u00a0", _BOUND).replace("&nbsp;", _BOUND)
    rendered = markup.inline(typed) if line else markup.block(typed)
    kept = rendered.replace("\u00a0", " ").replace(_BOUND, "\u00a0")
    return lxml_html.fragment_fromstring(kept, create_parent="div")


def least(escaped: str, marked: str, *, line: bool) -> str:
    """The text without its backslashes where they change nothing of what is shown."""
    render = markup.inline if line else markup.block
    return marked if render(marked) == render(escaped) else escaped


def guarded(text: str) -> str:
    """A text no line of which begins a list, a heading or a quotation."""
    return re.sub(r"(?m)^( {0,3})\\(\d+)", r"\1\2\\", _START.sub(r"\1\\\2", text))


def shown_text(text: str) -> str:
    """What a candidate reads of a paragraph."""
    bare = re.sub(r"<br ?/?>", " ", markup.block(text))
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", "", bare)).split())
