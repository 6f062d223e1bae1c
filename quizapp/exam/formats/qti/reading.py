"""QTI items as questions: one interaction each, or a text with gaps."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from quizapp.exam.formats import choices, prose
from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry
from quizapp.exam.formats.intake import Intake, Item
from quizapp.exam.formats.numerals import decimal, tolerant
from quizapp.exam.formats.qti import gapped
from quizapp.exam.formats.qti.bodies import ItemBody, explained, pair, replaced
from quizapp.exam.formats.qti.declared import Response, Scored
from quizapp.exam.formats.xml import Element

Reader = Callable[["ItemBody", Item], Entry]

_GAPS = {"textEntryInteraction", "inlineChoiceInteraction", "gap"}
_TRUTHS = (["vrai", "faux"], ["true", "false"])


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
        entry = gapped.gaps_of(made)
    else:
        raise NotCarriedError(
            "plusieurs interactions dans une question ne sont pas prises en charge"
        )
    if made.stimulus and re.fullmatch(r".+\.\d{1,2}", str(known.get("id", ""))):
        intake.stimuli[known["id"].rpartition(".")[0]] = made.stimulus
    elif made.stimulus:
        entry["text"] = f"{made.stimulus}\n\n{entry['text']}"
    intake.add({**explained(root, item), **known, **entry}, item)


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
            replaced(feedback, "")
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
    best = (
        sum((one for one in parts.values() if one > 0), Fraction(0))
        if several
        else max(parts.values())
    )
    if best <= 0:
        raise NotCarriedError("aucune réponse ne rapporte de points")
    weight = {"weight": str(best)} if best.denominator == 1 and 1 < best <= 100 else {}
    whole = all(one.denominator == 1 for one in parts.values())
    judged = len(texts) > 2 and sum(one > 0 for one in parts.values()) > 1
    if not several and whole and judged and weight:
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
    pairs = [pair(value) for value in response.right]
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
    pairs = [pair(value) for value in response.right]
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
        replaced(one, f"[{text}]" if one.get("identifier") in right else text)
    prompt = interaction.find("prompt")
    asked = prose.from_element(prompt, item.tell) if prompt is not None else ""
    if prompt is not None:
        replaced(prompt, "")
    find = " ".join("".join(interaction.itertext()).split())
    replaced(interaction, "")
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


READERS: dict[str, Reader] = {
    "choiceInteraction": _choice,
    "matchInteraction": _match,
    "associateInteraction": _associate,
    "orderInteraction": _order,
    "textEntryInteraction": _entry,
    "sliderInteraction": _number,
    "hottextInteraction": _hottext,
    "extendedTextInteraction": _extended,
    "gapMatchInteraction": gapped.gap_match,
}
