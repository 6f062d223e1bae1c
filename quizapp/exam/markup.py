"""Author's Markdown to safe HTML: emphasis, lists, tables and code; never raw HTML."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "a", "h2", "h3", "h4",
}  # fmt: skip
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class Html(str):
    """Cleaned HTML, which a template prints as it is; what is made of it by hand is plain text again."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


# A French sign never begins a line, and « never ends one: the space beside it does not break.
_BEFORE = re.compile(r" (?=[;:!?»%€])")


def _bound(text: str) -> str:
    return _BEFORE.sub("\u00a0", text).replace("« ", "«\u00a0")


def _clean(text: str) -> Html:
    clean = nh3.clean(text, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})
    return Html(_bound(clean))


@lru_cache(maxsize=20_000)
def block(text: str) -> Html:
    """A text of one or more paragraphs, as HTML."""
    return _clean(_parser.render(text))


@lru_cache(maxsize=80_000)
def inline(text: str) -> Html:
    """A text of one line, as HTML without a paragraph around it."""
    return _clean(_parser.renderInline(text))


@lru_cache(maxsize=80_000)
def plain(text: str) -> str:
    """A text of one line without its marks, for where HTML cannot stand, such as in a menu."""
    return _bound(html.unescape(nh3.clean(_parser.renderInline(text), tags=set())))


def images(text: str) -> tuple[str, ...]:
    """The addresses of the images in a text: none of them is shown."""
    if "![" not in text:
        return ()
    tokens = (child for token in _parser.parse(text) for child in token.children or ())
    return tuple(str(token.attrs["src"]) for token in tokens if token.type == "image")
