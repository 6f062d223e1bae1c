"""Author's Markdown to safe HTML: emphasis, lists, tables and code; never raw HTML."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "a", "h2", "h3", "h4",
}  # fmt: skip
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _clean(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})


@lru_cache(maxsize=20_000)
def block(text: str) -> str:
    """A text of one or more paragraphs, as HTML."""
    return _clean(_parser.render(text))


@lru_cache(maxsize=80_000)
def inline(text: str) -> str:
    """A text of one line, as HTML without a paragraph around it."""
    return _clean(_parser.renderInline(text))
