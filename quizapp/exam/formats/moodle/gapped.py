"""Texts with gaps in Moodle: Cloze, and words to choose or to drag into a text."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Sequence
from typing import Any

from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry
from quizapp.exam.formats.intake import Item
from quizapp.exam.formats.moodle_text import said_in
from quizapp.exam.formats.numerals import decimal, part
from quizapp.exam.formats.xml import Element
from quizapp.exam.questions.gaps import Gap, Gaps

_RULE = "\n\n***\n\n"  # a line across the page, between what is asked and the passage
_CLOZE = re.compile(r"\{(\d*):([A-Z_]+):((?:[^\\{}]|\\.)*)\}", re.DOTALL)
_PLACE = re.compile(r"\[\[(\d{1,2})\]\]")
_TYPED = {
    "SHORTANSWER": "case",
    "SA": "case",
    "MW": "case",
    "SHORTANSWER_C": "",
    "SAC": "",
    "MWC": "",
}
_CHOSEN = re.compile(r"(MULTICHOICE|MC)(_?[VHS]{1,2})?")
_UNIT = r"(?s)(?:[^{}\\]|\\.)*"  # up to a sign that no backslash disarms
_HOLE = "\ue000{}\ue001"
_HOLES = re.compile("\ue000(\\d+)\ue001")
_GIVEN = "Complétez le texte."

Text = tuple[str, str]  # as it is written, and its format


def raw_of(question: Element) -> Text:
    """The text before it is read as Markdown, and its format."""
    text = question.find("questiontext")
    return (
        (text.findtext("text") or "", text.get("format", "html")) if text is not None else ("", "")
    )


def cloze(text: Text, item: Item) -> Entry:
    """A Cloze question: typed and chosen gaps, all of the same weight."""
    raw, form = text
    gaps: list[Any] = []
    ignored: set[str] = set()
    weights: set[str] = set()

    def hole(found: re.Match[str]) -> str:
        weights.add(found[1] or "1")
        gaps.append(_gap(found[2], found[3], ignored, item))
        return _HOLE.format(len(gaps))

    raw = _CLOZE.sub(hole, raw)
    if not gaps:
        raise NotCarriedError("aucun trou ne se lit dans son texte")
    if len(weights) > 1:
        item.tell("les trous comptent tous autant", "scoring")
    if len(ignored) > 1:
        item.tell("les majuscules ne comptent dans aucun trou", "ignore")
    entry = _with_passage((raw, form), gaps, item)
    if ignored:
        entry["ignore"] = ["case"] if "case" in ignored else []
    return entry


def _gap(kind: str, body: str, ignored: set[str], item: Item) -> Any:
    answers = [_answer(answer, item) for answer in re.findall(_UNIT.format("~"), body) if answer]
    right = [text for text, share in answers if share == 1]
    if _CHOSEN.fullmatch(kind):
        if len(right) != 1:
            raise NotCarriedError(f"un trou à choix a {len(right)} bonnes réponses")
        if any(share not in (0, 1) for _, share in answers):
            item.tell("un choix qui rapportait une partie des points n’en rapporte pas")
        return {"answer": right[0], "wrong": [text for text, share in answers if share != 1]}
    if kind in ("NUMERICAL", "NM"):
        item.tell("un nombre à taper dans un trou est comparé comme un texte")
        return [_number(text) for text in right]
    if kind not in _TYPED:
        raise NotCarriedError(f"un trou « {kind[:30]} » n’est pas pris en charge")
    ignored.add(_TYPED[kind])
    if any(share not in (0, 1) for _, share in answers):
        item.tell("une réponse qui rapportait une partie des points est laissée de côté")
    if re.search(r"(?s)(?:^|[^\\])(?:\\\\)*\*", body):
        raise NotCarriedError("un trou admet n’importe quoi à la place de « * »")
    return right


def _answer(answer: str, item: Item) -> tuple[str, Any]:
    text = (re.match(_UNIT.format("#"), answer) or answer)[0]
    if text != answer:
        item.tell("les commentaires propres à une réponse ne sont pas gardés")
    text = text.strip()
    share = part("0")
    if found := re.match(r"%(-?[\d.,]+)%", text):
        share, text = part(found[1]), text[found.end() :]
    elif text.startswith("="):
        share, text = part("100"), text[1:]
    plain = entities.unescape(re.sub(r"<[^>]+>", "", re.sub(r"\\(.)", r"\1", text)))
    return plain.strip(), share


def _number(text: str) -> str:
    number, _, tolerance = text.partition(":")
    if decimal(tolerance or "0"):
        raise NotCarriedError("un trou accepte un nombre à une tolérance près")
    return number.strip().replace(".", ",")


def placed(question: Element, text: Text, item: Item) -> Entry:
    """Words to choose or to drag: each gap is chosen among the words of its group."""
    raw, form = text
    boxes = [
        ((box.findtext("text") or "").strip(), (box.findtext("group") or "1").strip())
        for tag in ("selectoption", "dragbox")
        for box in question.iterfind(tag)
    ]
    order = [int(number) for number in _PLACE.findall(raw)]
    if not order or not all(1 <= number <= len(boxes) for number in order):
        raise NotCarriedError("ses trous ne correspondent pas à ses mots")
    gaps = [_chosen(boxes, number - 1) for number in order]
    numbers = iter(range(1, len(order) + 1))
    raw = _PLACE.sub(lambda _: _HOLE.format(next(numbers)), raw)
    return _with_passage((raw, form), gaps, item)


def _chosen(boxes: Sequence[tuple[str, str]], right: int) -> Entry:
    words = [_word(text) for text, group in boxes if group == boxes[right][1]]
    answer = _word(boxes[right][0])
    wrong = [word for word in dict.fromkeys(words) if word != answer]
    return {"answer": answer, "wrong": wrong}


def _word(text: str) -> str:
    return entities.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def _with_passage(text: Text, gaps: list[Any], item: Item) -> Entry:
    """What is asked, and the passage: from the first paragraph with a gap, or after a line across."""
    whole = said_in(*text, item.tell)
    first = whole.find(_HOLE[0])
    if (rule := whole.rfind(_RULE, 0, max(first, 0))) >= 0:
        asked, passage = whole[:rule], whole[rule + len(_RULE) :]
    else:
        start = whole.rfind("\n\n", 0, max(first, 0))
        asked, passage = ("", whole) if start < 0 else (whole[:start], whole[start + 2 :])
    if re.search(r"\{\d{1,2}\}", passage):
        raise NotCarriedError("son texte contient des accolades qui se liraient comme un trou")
    if len(_HOLES.findall(passage)) != len(gaps):
        raise NotCarriedError("un trou n’est pas dans le texte à compléter")
    return {
        "text": asked or _GIVEN,
        "passage": _HOLES.sub(r"{\1}", passage),
        "gaps": gaps,
        "scoring": "per-option",
    }


def passage_of(question: Gaps) -> str:
    """A passage with its gaps as Cloze writes them."""
    kind = "SHORTANSWER" if "case" in question.ignore else "SHORTANSWER_C"
    return re.sub(
        r"\{(\d{1,2})\}",
        lambda found: _hole(question.gaps[int(found[1]) - 1], kind),
        question.passage,
    )


def _hole(gap: Gap, kind: str) -> str:
    if gap.accept:
        return "{1:" + kind + ":" + "~".join(f"={_escaped(text)}" for text in gap.accept) + "}"
    texts = [f"={_escaped(gap.options[0])}", *map(_escaped, gap.options[1:])]
    return "{1:MULTICHOICE:" + "~".join(texts) + "}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\{}~#=%*])", r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
