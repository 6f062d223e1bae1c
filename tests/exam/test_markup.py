"""An author's Markdown: what it may become, and what it never becomes."""

from __future__ import annotations

import pytest

from quizapp.exam import markup


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[site](https://exemple.fr)", '<a href="https://exemple.fr" rel="noopener noreferrer">site</a>'),
        ("[nous](mailto:a@exemple.fr)", '<a href="mailto:a@exemple.fr" rel="noopener noreferrer">nous</a>'),
        ("[site](http://exemple.fr)", '<a rel="noopener noreferrer">site</a>'),
        ("[ici](javascript:alert(1))", "[ici](javascript:alert(1))"),
        ("![image](https://exemple.fr/i.png)", ""),
    ],
)  # fmt: skip
def test_link_leads_to_https_or_a_mailbox(text: str, html: str) -> None:
    assert markup.inline(text) == html


@pytest.mark.parametrize(
    "text", ["<b>gras</b>", "<script>alert(1)</script>", '<img src=x onerror="alert(1)">']
)
def test_html_of_an_author_is_shown_as_it_was_typed(text: str) -> None:
    shown = markup.inline(text)

    assert "<" not in shown
    assert markup.plain(text).replace("&lt;", "<").replace("&gt;", ">") == text
