"""HTML of other programs as the author's Markdown; what cannot be said in it is told or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from lxml import etree
from lxml import html as lxml_html

from quizapp.exam.formats.base import NotCarriedError, Tell
from quizapp.exam.formats.markdown import MAX_TEXT, SIGNS, guarded, least, shown_text
from quizapp.exam.formats.xml import Element, name_of

# How a run of text is written: without marks, with marks, with marks and every sign of Markdown
# inside the text disarmed.
_Style = Literal["bare", "marked", "escaped"]
Special = Callable[[Element], str | None]

_MAX_DEPTH = 40
_MAX_HTML = 200_000  # characters, of one text
_ACTIVE = {"script", "iframe", "object", "embed", "applet", "link", "meta", "base", "form"}
_MISSING = {
    "img": "une image", "audio": "un son", "video": "une vidéo", "svg": "un dessin",
    "math": "une formule en MathML", "canvas": "un dessin", "picture": "une image",
    "input": "un champ", "select": "un champ", "textarea": "un champ", "source": "un média",
    "map": "une image",
}  # fmt: skip
_MARKS = {
    "strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~",
    "cite": "*", "dfn": "*", "var": "*",
}  # fmt: skip
_TOLD = {
    "u": "le souligné", "sub": "l’indice", "sup": "l’exposant", "font": "la couleur ou la taille",
    "mark": "le surlignage", "ruby": "les annotations",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "center", "figure", "figcaption", "dl",
    "dt", "dd", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "h1", "h2", "h3", "h4", "h5",
    "h6", "main", "aside", "address", "fieldset", "details", "summary", "nav",
}  # fmt: skip
_SUB = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUP = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"\$\$|\\\(|\\\[")


def from_html(html: str, tell: Tell, *, line: bool = False) -> str:
    """A piece of HTML as Markdown, or as one line of it; raises NotCarriedError."""
    if not html.strip():
        return ""
    if len(html) > _MAX_HTML:
        raise NotCarriedError("son texte est trop long")
    if _CONTROL.search(html):
        raise NotCarriedError("son texte contient un caractère de contrôle")
    if _FORMULA.search(html):
        tell("une formule est gardée comme texte")
    if "<" not in html and "&" not in html:
        return _Prose(tell, line=line).read(_paragraph(html))
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.fragment_fromstring(html, create_parent="div", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise NotCarriedError("son texte n’est pas du HTML lisible") from None
    return _Prose(tell, line=line).read(root)


def from_element(
    element: Element, tell: Tell, *, line: bool = False, special: Special = lambda _: None
) -> str:
    """As ``from_html``, for an element whose interactions ``special`` puts into words."""
    return _Prose(tell, special, line=line).read(element)


def _paragraph(text: str) -> Element:
    element = etree.Element("div")
    element.text = text
    return element


class _Prose:
    def __init__(self, tell: Tell, special: Special = lambda _: None, *, line: bool) -> None:
        self.tell = tell
        self.special = special
        self.line = line

    def read(self, root: Element) -> str:
        for element in root.iter(etree.Element):
            self._look(element)
        if self.line:
            joined = " ".join(self._flat(block) for block in self._blocks(root, 0))
            return _SPACE.sub(" ", joined.replace("\\\n", " ")).strip()
        return "\n\n".join(self._blocks(root, 0)).strip()

    def _flat(self, block: str) -> str:
        if re.match(r"([-*>#|]|\d+\.) ", block) and "\n" in block:
            self.tell("la mise en page d’un choix (liste, tableau) est mise sur une ligne")
        return block

    def _look(self, element: Element) -> None:
        """Refuse what acts, and what is shown and would be missing."""
        name = name_of(element)
        for attribute, value in element.attrib.items():
            scheme = re.sub(r"[\x00-\x20]+", "", str(value)).lower()
            if str(attribute).lower().startswith("on") or scheme.startswith(
                ("javascript:", "vbscript:", "data:text/html")
            ):
                raise NotCarriedError("son texte contient un script")
        if name in _ACTIVE:
            raise NotCarriedError(f"son texte contient un élément actif (« {name} »)")
        if name in _MISSING and self.special(element) is None:
            raise NotCarriedError(f"elle contient {_MISSING[name]}")

    def _blocks(self, element: Element, depth: int) -> list[str]:
        if depth > _MAX_DEPTH:
            raise NotCarriedError("son texte est imbriqué trop profondément")
        found: list[str] = []
        run: list[Any] = [element.text or ""]
        for child in element:
            if _is_block(child) and self.special(child) is None:
                found += self._run(run, depth)
                found += self._block(child, depth + 1)
                run = [child.tail or ""]
            else:
                run += [child, child.tail or ""]
        return found + self._run(run, depth)

    def _block(self, element: Element, depth: int) -> list[str]:
        name = name_of(element)
        if name in ("ul", "ol"):
            return ["\n".join(self._items(element, depth))]
        if name == "blockquote":
            inner = "\n\n".join(self._blocks(element, depth))
            return [re.sub(r"(?m)^", "> ", inner).replace("> \n", ">\n")] if inner else []
        if name == "pre":
            code = "".join(element.itertext()).strip("\n")
            fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", code)), default=0))
            return [f"{fence}\n{code}\n{fence}"]
        if name == "hr":
            return ["***"]
        if name == "table":
            return self._table(element, depth)
        if re.fullmatch(r"h[1-6]", name):
            level = min(max(int(name[1]), 2), 4)
            title = " ".join(
                " ".join(self._blocks(element, depth)).replace("\\\n", " ").split("\n")
            )
            return [f"{'#' * level} {title}"] if title else []
        return self._blocks(element, depth)

    def _items(self, element: Element, depth: int) -> Iterator[str]:
        ordered = name_of(element) == "ol"
        for number, item in enumerate(element.iterchildren(etree.Element), start=1):
            mark = f"{number}. " if ordered else "- "
            blocks = self._blocks(item, depth + 1)
            lines = "\n\n".join(blocks).split("\n") if blocks else [""]
            if len(blocks) == 2 and re.match(r"(- |\d+\. )", blocks[1]):
                lines = "\n".join(blocks).split("\n")
            yield mark + lines[0]
            for line in lines[1:]:
                yield " " * len(mark) + line if line else ""

    def _table(self, element: Element, depth: int) -> list[str]:
        rows = [
            [self._cell(cell, depth) for cell in row if name_of(cell) in ("td", "th")]
            for row in element.iter(etree.Element)
            if name_of(row) == "tr"
        ]
        rows = [row for row in rows if row]
        if not rows:
            return []
        if any(cell.get("colspan") or cell.get("rowspan") for cell in element.iter(etree.Element)):
            self.tell("les cellules fusionnées d’un tableau sont séparées")
        width = max(map(len, rows))
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        return ["\n".join([lines[0], "|" + "---|" * width, *lines[1:]])]

    def _cell(self, cell: Element, depth: int) -> str:
        text = " ".join(self._blocks(cell, depth + 1)).replace("\\\n", " ").replace("\n", " ")
        return re.sub(r"(?<!\\)\|", r"\\|", text)

    def _run(self, run: list[Any], depth: int) -> list[str]:
        """The paragraphs of a run of text and of what stands within a line."""
        written = {style: self._text(run, style, depth) for style in ("bare", "marked", "escaped")}
        if len(written["bare"]) > MAX_TEXT:
            raise NotCarriedError("son texte est trop long")
        paragraphs = zip(
            *(re.split(r"(?:\\\n *){2,}", text) for text in written.values()), strict=False
        )
        found = []
        for bare, marked, escaped in paragraphs:
            bare, marked, escaped = (
                re.sub(r"^(\\\n)+|(\\\n)+$", "", text.strip()).strip()
                for text in (bare, marked, escaped)
            )
            if not self.line:
                escaped = guarded(escaped)
            if shown_text(escaped) != " ".join(bare.replace("\\\n", " ").split()):
                self.tell("une mise en forme est laissée de côté")
                escaped = marked = guarded(SIGNS.sub(r"\\\1", bare))
            if escaped:
                found.append(least(escaped, marked, line=self.line))
        return found

    def _text(self, run: list[Any], style: str, depth: int) -> str:
        return re.sub(r" *\\\n *", "\\\\\n", "".join(self._piece(one, style, depth) for one in run))

    def _piece(self, piece: Any, style: str, depth: int) -> str:
        if isinstance(piece, str):
            text = _SPACE.sub(" ", piece)
            return SIGNS.sub(r"\\\1", text) if style == "escaped" else text
        if depth > _MAX_DEPTH:
            raise NotCarriedError("son texte est imbriqué trop profondément")
        if (said := self.special(piece)) is not None:
            return said
        name = name_of(piece)
        if name == "br":
            return "\\\n"
        if name in ("style", "title"):
            return ""
        if name in ("code", "tt", "kbd", "samp"):
            return self._code(piece, style)
        children = [piece.text or ""]
        for child in piece:
            children += [child, child.tail or ""]
        inner = "".join(self._piece(one, style, depth + 1) for one in children)
        return self._inline(piece, name, inner, style)

    def _inline(self, piece: Element, name: str, inner: str, style: str) -> str:
        if name in ("sub", "sup") and inner.strip():
            table = _SUB if name == "sub" else _SUP
            if all(ord(letter) in table for letter in inner.strip()):
                return inner.strip().translate(table)
        if name in _TOLD and inner.strip():
            self.tell(f"{_TOLD[name]} n’est pas gardé")
        if re.search(r"color|font-|background", piece.get("style", "")):
            self.tell("la couleur ou la taille n’est pas gardé")
        before, core, after = _trimmed(inner)
        if not core or style == "bare":
            return f"{before}{core}{after}"
        if name in _MARKS:
            mark = _MARKS[name]
            return f"{before}{mark}{core}{mark}{after}"
        if name == "a" and (address := piece.get("href", "")):
            if re.fullmatch(r"(https://|mailto:)[^\s<>()]+", address):
                return f"{before}[{core}]({address}){after}"
            self.tell("un lien qui n’est pas en https n’est pas gardé")
        if name == "q":
            return f"{before}« {core} »{after}"
        return inner

    def _code(self, piece: Element, style: str) -> str:
        code = _SPACE.sub(" ", "".join(piece.itertext()))
        if style == "bare" or not code.strip():
            return code
        ticks = "`" * (1 + max(map(len, re.findall(r"`+", code)), default=0))
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        return f"{ticks}{pad}{code}{pad}{ticks}"


def _is_block(element: Element) -> bool:
    return name_of(element) in _BLOCKS or any(
        name_of(inner) in _BLOCKS for inner in element.iterchildren(etree.Element)
    )


def _trimmed(inner: str) -> tuple[str, str, str]:
    """The spaces before a text, the text, and the spaces after it: marks stand close."""
    core = inner.strip(" ")
    if not core:
        return inner, "", ""
    start = inner.index(core)
    return inner[:start], core, inner[start + len(core) :]
