"""The pieces of a QTI item: declarations, texts as XHTML, response processing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from lxml import etree

from quizapp.exam.formats import markdown
from quizapp.exam.formats.entries import decimal_text
from quizapp.exam.formats.xml import Element
from quizapp.exam.questions.base import Question

RESPONSE = "RESPONSE"
_HOLE = re.compile(r"\{(\d{1,2})\}")


def element(tag: str, *children: Element | str, **keys: str) -> Element:
    """An element with its children; a text stands where it is given."""
    made = etree.Element(tag, {name.rstrip("_"): value for name, value in keys.items()})
    extend(made, children)
    return made


def extend(parent: Element, children: Iterable[Element | str]) -> None:
    """Put elements and texts at the end of an element."""
    for child in children:
        if not isinstance(child, str):
            parent.append(child)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child


def block(text: str, name: str) -> Element:
    """Markdown as a division."""
    made = markdown.to_element(text)
    made.set("class", name)
    return made


def line(text: str, tag: str, **keys: str) -> Element:
    """A line of Markdown as the content of an element."""
    made = markdown.to_element(text, line=True)
    made.tag = tag
    for key, value in keys.items():
        made.set(key, value)
    return made


def response(
    cardinality: str, base: str, right: Sequence[str], mapping: Element | None = None,
    identifier: str = RESPONSE,
) -> Element:  # fmt: skip
    """The declaration of a response, with its right values."""
    made = element(
        "responseDeclaration", identifier=identifier, cardinality=cardinality, baseType=base
    )
    if right:
        made.append(element("correctResponse", *(element("value", value) for value in right)))
    if mapping is not None:
        made.append(mapping)
    return made


def mapping(
    parts: Mapping[str, Fraction], *, default: Fraction = Fraction(0), floor: bool = False,
    sensitive: bool | None = None,
) -> Element:  # fmt: skip
    """What each value earns; with a floor the sum goes from 0 to 1."""
    made = element("mapping", defaultValue=decimal_text(default))
    if floor:
        made.set("lowerBound", "0")
        made.set("upperBound", "1")
    for key, value in parts.items():
        entry = element("mapEntry", mapKey=key, mappedValue=decimal_text(value))
        if sensitive is not None:
            entry.set("caseSensitive", "true" if sensitive else "false")
        made.append(entry)
    return made


def template(name: str) -> Element:
    """Response processing by one of the standard templates."""
    return element("responseProcessing", template=name)


def if_(condition: Element) -> Element:
    """Response processing that gives all points where the condition holds."""
    score = element("setOutcomeValue", number("1"), identifier="SCORE")
    return element(
        "responseProcessing", element("responseCondition", element("responseIf", condition, score))
    )


def number(value: str) -> Element:
    """A constant."""
    return element("baseValue", value, baseType="float")


def filled(text: str, hole: Callable[[int], Element]) -> Element:
    """A passage with an interaction in the place of each ``{1}``, ``{2}``."""
    made = block(text, "passage")
    for piece in list(made.iter()):
        first, holes = _cut(piece.text, hole)
        piece.text = first
        for at, one in enumerate(holes):
            piece.insert(at, one)
    for piece in [one for one in made.iter() if one.getparent() is not None]:
        first, holes = _cut(piece.tail, hole)
        piece.tail = first
        for one in reversed(holes):
            piece.addnext(one)
    return made


def _cut(text: str | None, hole: Callable[[int], Element]) -> tuple[str | None, list[Element]]:
    """The text before the first gap, and the gaps, each followed by the text after it."""
    if not text or not _HOLE.search(text):
        return text, []
    first, *rest = _HOLE.split(text)
    holes = []
    for digits, after in zip(rest[::2], rest[1::2], strict=True):
        holes.append(hole(int(digits)))
        holes[-1].tail = after
    return first, holes


def item(question: Question, body: Sequence[Element], responses: Sequence[Element],
         processing: Element | None) -> Element:  # fmt: skip
    """An item: what is declared, what is shown, how it is marked, what is said afterwards."""
    made = element(
        "assessmentItem", identifier=name_of_item(question), title=question.id,
        adaptive="false", timeDependent="false",
    )  # fmt: skip
    made.extend(responses)
    made.append(element(
        "outcomeDeclaration", element("defaultValue", element("value", "0")),
        identifier="SCORE", cardinality="single", baseType="float",
    ))  # fmt: skip
    told = _told(question)
    if told is not None:
        made.append(element(
            "outcomeDeclaration", element("defaultValue", element("value", "explanation")),
            identifier="FEEDBACK", cardinality="single", baseType="identifier",
        ))  # fmt: skip
    whole = element("itemBody")
    if question.stimulus:
        whole.append(block(question.stimulus.text, "stimulus"))
    whole.append(block(question.text, "stem"))
    whole.extend(body)
    made.append(whole)
    if processing is not None:
        made.append(processing)
    if told is not None:
        made.append(told)
    return made


def name_of_item(question: Question) -> str:
    """An identifier that begins as XML wants it."""
    return f"_{question.id}" if question.id[0].isdigit() else question.id


def _told(question: Question) -> Element | None:
    """The explanation and the source, shown after the answer."""
    if not question.explanation:
        return None
    made = element(
        "modalFeedback", outcomeIdentifier="FEEDBACK", identifier="explanation", showHide="show"
    )
    made.append(block(question.explanation, "explanation"))
    if question.source:
        made.append(element("p", f"Source : {question.source}", class_="source"))
    return made
