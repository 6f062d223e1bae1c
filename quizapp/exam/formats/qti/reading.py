"""QTI items as questions: one interaction each, or a text with gaps."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from fractions import Fraction

from lxml import etree

from quizapp.exam.formats import choices, prose
from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry, from_explained, share_text
from quizapp.exam.formats.intake import Intake, Item
from quizapp.exam.formats.numerals import decimal, part, tolerant
from quizapp.exam.formats.qti.declared import Response, Scored, scored_by
from quizapp.exam.formats.xml import Element

Reader = Callable[["ItemBody", Item], Entry]

_GAPS = {"textEntryInteraction", "inlineChoiceInteraction", "gap"}
_HOLE = re.compile("\ue000(\\d+)\ue001")
_TRUTHS = (["vrai", "faux"], ["true", "false"])
_GIVEN = "Complétez le texte."
_DYNAMIC = ("printedVariable", "templateInline", "templateBlock", "customInteraction",
            "portableCustomInteraction", "include")  # fmt: skip


class ItemBody:
    """An item with its interactions apart from what is read around them."""

    def __init__(self, root: Element, item: Item) -> None:
        if root.get("adaptive") == "true" or root.find("templateDeclaration") is not None:
            raise NotCarriedError("une question adaptative ou à variables n’est pas prise en charge")
        body = root.find("itemBody")
        if body is None:
            raise NotCarriedError("elle n’a pas d’énoncé")
        self.root, self.item = root, item
        self.body = copy.deepcopy(body)
        self.responses = {
            one.get("identifier", ""): Response.of(one) for one in root.iterfind("responseDeclaration")
        }
        for name in _DYNAMIC:
            if body.find(f".//{name}") is not None:
                raise NotCarriedError(f"« {name} » n’est pas pris en charge")
        self.interactions = [
            one for one in self.body.iter(etree.Element) if str(one.tag).endswith("Interaction")
        ]
        self.rubric = self._rubric()
        self.stimulus = self._apart("div", "stimulus")
        for tag in ("feedbackBlock", "feedbackInline", "rubricBlock", "stylesheet"):
            for one in list(self.body.iter(tag)):
                if tag.startswith("feedback"):
                    item.tell("les commentaires selon la réponse ne sont pas gardés")
                _replaced(one, "")

    def _rubric(self) -> str:
        texts = []
        for one in self.body.iter("rubricBlock"):
            if "scorer" in one.get("view", ""):
                texts.append(prose.from_element(one, self.item.tell))
            elif "candidate" in one.get("view", ""):
                self.item.tell("une consigne à part (« rubricBlock ») n’est pas gardée")
        return "\n\n".join(texts)

    def _apart(self, tag: str, name: str) -> str:
        found = next((one for one in self.body.iter(tag) if one.get("class") == name), None)
        if found is None:
            return ""
        text = prose.from_element(found, self.item.tell)
        _replaced(found, "")
        return text

    def response(self, interaction: Element) -> Response:
        name = interaction.get("responseIdentifier", "RESPONSE")
        if name not in self.responses:
            raise NotCarriedError(f"sa réponse « {name[:40]} » n’est pas déclarée")
        return self.responses[name]

    def scored(self) -> Scored:
        return scored_by(self.root.find("responseProcessing"))

    def stem(self, interaction: Element) -> str:
        """All that is read before and after an interaction, and what it asks."""
        prompt = interaction.find("prompt")
        asked = prose.from_element(prompt, self.item.tell) if prompt is not None else ""
        _replaced(interaction, "")
        text = prose.from_element(self.body, self.item.tell)
        return "\n\n".join(one for one in (text, asked) if one)


def read_item(root: Element, intake: Intake, item: Item, known: Entry) -> None:
    """Keep the question of an item, with what its package knows of it."""
    made = ItemBody(root, item)
    kinds = {str(one.tag) for one in made.interactions}
    if not kinds:
        raise NotCarriedError("elle ne demande aucune réponse")
    if len(made.interactions) == 1 and not _in_a_passage(made):
        kind = kinds.pop()
        if kind not in READERS:
            raise NotCarriedError(f"« {kind[:60]} » n’est pas pris en charge")
        entry = READERS[kind](made, item)
    elif kinds <= _GAPS:
        entry = _gaps(made)
    else:
        raise NotCarriedError("plusieurs interactions dans une question ne sont pas prises en charge")
    if made.stimulus and re.fullmatch(r".+\.\d{1,2}", str(known.get("id", ""))):
        intake.stimuli[known["id"].rpartition(".")[0]] = made.stimulus
    elif made.stimulus:
        entry["text"] = f"{made.stimulus}\n\n{entry['text']}"
    intake.add({**_explained(root, item), **known, **entry}, item)


def _explained(root: Element, item: Item) -> Entry:
    feedbacks = root.findall("modalFeedback")
    ours = [one for one in feedbacks if one.get("identifier") == "explanation"]
    if not ours and len(feedbacks) == 1:
        ours = feedbacks
    if len(feedbacks) > len(ours):
        item.tell("les commentaires selon la réponse ne sont pas gardés")
    if not ours:
        return {}
    feedback = copy.deepcopy(ours[0])
    source = next((one for one in feedback.iter("p") if one.get("class") == "source"), None)
    if source is None:
        return from_explained(prose.from_element(feedback, item.tell))
    text = "".join(source.itertext()).strip().removeprefix("Source : ")
    _replaced(source, "")
    return {"explanation": prose.from_element(feedback, item.tell), "source": text}


def _replaced(one: Element, text: str) -> None:
    """Put a text in the place of an element."""
    parent, before = one.getparent(), one.getprevious()
    text += one.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(one)


def _in_a_passage(made: ItemBody) -> bool:
    """Whether the one interaction stands in a text that it completes."""
    one = made.interactions[0]
    if one.tag == "inlineChoiceInteraction" or _inside(one, "passage"):
        return True
    parent = one.getparent()
    return (
        one.tag == "textEntryInteraction"
        and made.response(one).base == "string"
        and parent.tag != "itemBody"
        and bool(_text_around(parent))
    )


def _inside(one: Element, name: str) -> bool:
    return any(above.get("class") == name for above in one.iterancestors("div"))


def _text_around(parent: Element) -> str:
    return " ".join("".join(parent.itertext()).split())


def _choice_lines(interaction: Element, item: Item, tag: str = "simpleChoice") -> dict[str, str]:
    """The text of each choice by its identifier; comments on a choice are told."""
    found: dict[str, str] = {}
    for choice in interaction.iter(tag):
        for feedback in list(choice.iter("feedbackInline")):
            item.tell("les commentaires selon la réponse ne sont pas gardés")
            _replaced(feedback, "")
        found[choice.get("identifier", "")] = prose.from_element(choice, item.tell, line=True)
    return found


def _choice(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    response, texts = made.response(interaction), _choice_lines(interaction, item)
    several = interaction.get("maxChoices", "1") != "1" or response.cardinality == "multiple"
    fixed = [
        texts[choice.get("identifier", "")]
        for choice in interaction.iter("simpleChoice")
        if interaction.get("shuffle", "false") != "true" or choice.get("fixed") == "true"
    ]
    entry: Entry = {"text": made.stem(interaction)}
    if not response.right and not response.parts:
        survey = {"survey": list(texts.values()), "many": "yes" if several else "no"}
        return {**entry, **survey}
    if not several and [text.lower() for text in texts.values()] in _TRUTHS:
        right = texts.get(response.right[0], "") if response.right else ""
        return {**entry, "true": "yes" if right.lower() in ("vrai", "true") else "no"}
    entry |= _chosen(response, texts, made.scored(), several=several)
    return {**entry, "last": fixed} if fixed else entry


def _chosen(response: Response, texts: dict[str, str], scored: Scored, *, several: bool) -> Entry:
    by_parts = bool(response.parts) and (scored.mapped or not response.right)
    if not by_parts:
        right = [text for name, text in texts.items() if name in response.right]
        wrong = [text for name, text in texts.items() if name not in response.right]
        if several:
            return {"answers": right, "wrong": wrong}
        if len(right) != 1:
            raise NotCarriedError(f"un choix unique a {len(right)} bonnes réponses")
        return {"answer": right[0], "wrong": wrong}
    parts = {name: response.parts.get(name, response.default) for name in texts}
    best = sum((one for one in parts.values() if one > 0), Fraction(0)) if several else max(parts.values())
    if best <= 0:
        raise NotCarriedError("aucune réponse ne rapporte de points")
    weight = {"weight": str(best)} if best.denominator == 1 and 1 < best <= 100 else {}
    if not several and len(texts) > 2 and sum(one > 0 for one in parts.values()) > 1 and weight:
        if all(one.denominator == 1 for one in parts.values()):
            return {"reactions": {texts[name]: str(one) for name, one in parts.items()}}
    pairs = [(texts[name], one / best) for name, one in parts.items()]
    return {**weight, **(choices.multiple(pairs) if several else choices.single(pairs))}


def _match(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    response = made.response(interaction)
    sets = [
        _choice_lines(one, item, "simpleAssociableChoice")
        for one in interaction.iterfind("simpleMatchSet")
    ]
    if len(sets) != 2:
        raise NotCarriedError("deux colonnes à associer sont attendues")
    entry = {"text": made.stem(interaction)}
    pairs = [(value.split() + ["", ""])[:2] for value in response.right]
    if {left for left, _ in pairs} & sets[1].keys():
        pairs = [[right, left] for left, right in pairs]
    rows, options = sets
    if len({left for left, _ in pairs}) < len(pairs):
        rows, options, pairs = options, rows, [[right, left] for left, right in pairs]
    by_row = dict(pairs)
    if by_row.keys() != rows.keys() or not set(by_row.values()) <= options.keys():
        raise NotCarriedError("chaque ligne n’a pas exactement une bonne association")
    scoring = response.rule(made.scored())
    heads = [text.lower() for text in options.values()]
    if heads in _TRUTHS and len(rows) == 4:
        true = next(iter(options))
        statements = {text: "yes" if by_row[name] == true else "no" for name, text in rows.items()}
        return {**entry, "statements": statements, "scoring": scoring or "all-or-nothing"}
    joined = [(rows[name], options[by_row[name]]) for name in rows]
    extra = [text for name, text in options.items() if name not in by_row.values()]
    return {**entry, **choices.paired(joined, extra), "scoring": scoring}


def _associate(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    texts = _choice_lines(interaction, item, "simpleAssociableChoice")
    response = made.response(interaction)
    pairs = [(value.split() + ["", ""])[:2] for value in response.right]
    named = [name for pair in pairs for name in pair]
    if len(set(named)) < len(named) or not set(named) <= texts.keys():
        raise NotCarriedError("un élément va avec plusieurs autres")
    extra = [text for name, text in texts.items() if name not in named]
    joined = [(texts[left], texts[right]) for left, right in pairs]
    scoring = response.rule(made.scored())
    return {"text": made.stem(interaction), **choices.paired(joined, extra), "scoring": scoring}


def _order(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    texts, response = _choice_lines(interaction, item), made.response(interaction)
    if sorted(response.right) != sorted(texts):
        raise NotCarriedError("l’ordre juste ne nomme pas chaque étape une fois")
    steps = [texts[name] for name in response.right]
    return {"text": made.stem(interaction), "steps": steps}


def _entry(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    response = made.response(interaction)
    if response.base in ("float", "integer"):
        return _number(made, item)
    entry = {"text": made.stem(interaction)}
    best = max(response.parts.values(), default=Fraction(0))
    if best <= 0:
        return {**entry, "accept": list(response.right), "ignore": []}
    accept = [text for text, one in response.parts.items() if one == best]
    refuse = [text for text, one in response.parts.items() if one == 0]
    if any(0 < one < best or one < 0 for one in response.parts.values()):
        item.tell("une réponse qui rapportait une partie des points est laissée de côté")
    ignore = [] if response.sensitive else ["case"]
    return {**entry, "accept": accept, "refuse": refuse, "ignore": ignore}


def _number(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    parent, response = interaction.getparent(), made.response(interaction)
    unit = ""
    if interaction.tag == "textEntryInteraction" and parent.tag == "p":
        unit = " ".join((interaction.tail or "").split())
        before = (parent.text or "").strip()
        if len(unit) <= 40 and not before and len(parent) == 1:
            interaction.tail = None
        else:
            unit = ""
    right = response.right or [text for text, one in response.parts.items() if one > 0]
    if not right:
        raise NotCarriedError("aucun nombre n’est donné comme juste")
    tolerance = made.scored().tolerance(decimal(right[0]))
    entry = {"number": tolerant([(decimal(right[0]), decimal("0"))])["number"], **tolerance}
    if len(right) > 1:
        item.tell("un seul des nombres justes est gardé")
    return {"text": made.stem(interaction), **entry, **({"unit": unit} if unit else {})}


def _hottext(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    right = made.response(interaction).right
    for one in list(interaction.iter("hottext")):
        text = " ".join("".join(one.itertext()).split())
        if one.get("identifier") in right and (" " in text or re.search(r"[\[\]]", text)):
            raise NotCarriedError("le passage à trouver compte plusieurs mots")
        _replaced(one, f"[{text}]" if one.get("identifier") in right else text)
    prompt = interaction.find("prompt")
    asked = prose.from_element(prompt, item.tell) if prompt is not None else ""
    if prompt is not None:
        _replaced(prompt, "")
    find = " ".join("".join(interaction.itertext()).split())
    _replaced(interaction, "")
    text = prose.from_element(made.body, item.tell)
    response, scored = made.response(interaction), made.scored()
    scoring = "right-minus-wrong" if response.parts and scored.mapped else ""
    stem = "\n\n".join(one for one in (text, asked) if one)
    return {"text": stem or "Quel est le mot à trouver ?", "find": find, "scoring": scoring}


def _extended(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    length = interaction.get("expectedLength", "")
    entry: Entry = {"rubric": made.rubric or "Le fichier importé ne donne pas de barème."}
    if length.isascii() and length.isdigit() and len(length) < 5 and 50 <= int(length) <= 3_500:
        entry["limit"] = str(int(length))
    elif length:
        item.tell("la longueur prévue n’est pas gardée")
    return {"text": made.stem(interaction), **entry}


def _gap_match(made: ItemBody, item: Item) -> Entry:
    interaction = made.interactions[0]
    response = made.response(interaction)
    words = {
        one.get("identifier", ""): " ".join("".join(one.itertext()).split())
        for one in interaction.iterfind("gapText")
    }
    if interaction.find("gapImg") is not None:
        raise NotCarriedError("elle contient une image")
    right = {gap: word for word, gap in ((value.split() + ["", ""])[:2] for value in response.right)}
    gaps = []
    for one in list(interaction.iter("gap")):
        answer = words.get(right.get(one.get("identifier", ""), ""))
        if answer is None:
            raise NotCarriedError("un de ses trous n’a pas de bonne réponse")
        wrong = [word for word in dict.fromkeys(words.values()) if word != answer]
        gaps.append({"answer": answer, "wrong": wrong})
        _replaced(one, f"\ue000{len(gaps)}\ue001")
    prompt = interaction.find("prompt")
    asked = prose.from_element(prompt, item.tell) if prompt is not None else ""
    for tag in ("gapText", "prompt"):
        for one in interaction.findall(tag):
            _replaced(one, "")
    passage = _with_holes(prose.from_element(interaction, item.tell))
    _replaced(interaction, "")
    text = prose.from_element(made.body, item.tell)
    stem = "\n\n".join(one for one in (text, asked) if one) or _GIVEN
    scoring = response.rule(made.scored())
    return {"text": stem, "passage": passage, "gaps": gaps, "scoring": scoring}


def _gaps(made: ItemBody) -> Entry:
    item, gaps, sensitive = made.item, [], set()
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
        _replaced(interaction, f"\ue000{len(gaps)}\ue001")
    entry: Entry = {"gaps": gaps, "scoring": "per-option" if made.scored().mapped else ""}
    if sensitive:
        entry["ignore"] = ["case"] if False in sensitive else []
    if passage is not None:
        entry["passage"] = _with_holes(prose.from_element(passage, item.tell))
        _replaced(passage, "")
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


READERS: dict[str, Reader] = {
    "choiceInteraction": _choice,
    "matchInteraction": _match,
    "associateInteraction": _associate,
    "orderInteraction": _order,
    "textEntryInteraction": _entry,
    "sliderInteraction": _number,
    "hottextInteraction": _hottext,
    "extendedTextInteraction": _extended,
    "gapMatchInteraction": _gap_match,
}
