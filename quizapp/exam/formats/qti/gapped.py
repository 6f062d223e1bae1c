"""QTI items with gaps in a text: typed, chosen from a menu, or filled with given words."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from quizapp.exam.formats import prose
from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry
from quizapp.exam.formats.intake import Item
from quizapp.exam.formats.qti.bodies import ItemBody, pair, replaced
from quizapp.exam.formats.qti.declared import Response
from quizapp.exam.formats.xml import Element

_HOLE = re.compile("\ue000(\\d+)\ue001")
_GIVEN = "Complétez le texte."


def gap_match(made: ItemBody, item: Item) -> Entry:
    """Words to put into the gaps of a text: each gap is chosen among all words."""
    interaction = made.interactions[0]
    response = made.response(interaction)
    words = {
        one.get("identifier", ""): " ".join("".join(one.itertext()).split())
        for one in interaction.iterfind("gapText")
    }
    if interaction.find("gapImg") is not None:
        raise NotCarriedError("elle contient une image")
    right = {gap: word for word, gap in (pair(value) for value in response.right)}
    gaps = []
    for one in list(interaction.iter("gap")):
        answer = words.get(right.get(one.get("identifier", ""), ""))
        if answer is None:
            raise NotCarriedError("un de ses trous n’a pas de bonne réponse")
        wrong = [word for word in dict.fromkeys(words.values()) if word != answer]
        gaps.append({"answer": answer, "wrong": wrong})
        replaced(one, f"\ue000{len(gaps)}\ue001")
    prompt = interaction.find("prompt")
    asked = prose.from_element(prompt, item.tell) if prompt is not None else ""
    for tag in ("gapText", "prompt"):
        for one in interaction.findall(tag):
            replaced(one, "")
    passage = _with_holes(prose.from_element(interaction, item.tell))
    replaced(interaction, "")
    text = prose.from_element(made.body, item.tell)
    stem = "\n\n".join(one for one in (text, asked) if one) or _GIVEN
    scoring = response.rule(made.scored())
    return {"text": stem, "passage": passage, "gaps": gaps, "scoring": scoring}


def gaps_of(made: ItemBody) -> Entry:
    """Gaps typed or chosen from a menu."""
    item = made.item
    gaps: list[Any] = []
    sensitive: set[bool] = set()
    passage = next((one for one in made.body.iter("div") if one.get("class") == "passage"), None)
    for interaction in made.interactions:
        response = made.response(interaction)
        if interaction.tag == "inlineChoiceInteraction":
            gaps.append(_inline(interaction, response))
        else:
            best = max(response.parts.values(), default=Fraction(0))
            kept = [text for text, one in response.parts.items() if one == best > 0]
            gaps.append(kept or list(response.right))
            sensitive.add(response.sensitive)
        replaced(interaction, f"\ue000{len(gaps)}\ue001")
    entry: Entry = {"gaps": gaps, "scoring": "per-option" if made.scored().mapped else ""}
    if sensitive:
        entry["ignore"] = ["case"] if False in sensitive else []
    if passage is not None:
        entry["passage"] = _with_holes(prose.from_element(passage, item.tell))
        replaced(passage, "")
        entry["text"] = prose.from_element(made.body, item.tell) or _GIVEN
        return entry
    whole = prose.from_element(made.body, item.tell)
    start = whole.rfind("\n\n", 0, max(whole.find("\ue000"), 0))
    asked, text = ("", whole) if start < 0 else (whole[:start], whole[start + 2 :])
    return {**entry, "text": asked or _GIVEN, "passage": _with_holes(text)}


def _inline(interaction: Element, response: Response) -> Entry:
    words = {
        one.get("identifier", ""): " ".join("".join(one.itertext()).split(" ")).strip()
        for one in interaction.iterfind("inlineChoice")
    }
    best = max(response.parts, key=lambda name: response.parts[name], default="")
    answer = words.get(response.right[0] if response.right else best)
    if answer is None:
        raise NotCarriedError("un de ses trous n’a pas de bonne réponse")
    return {"answer": answer, "wrong": [word for word in words.values() if word != answer]}


def _with_holes(text: str) -> str:
    if re.search(r"\{\d{1,2}\}", text):
        raise NotCarriedError("son texte contient des accolades qui se liraient comme un trou")
    return _HOLE.sub(r"{\1}", text)
