"""Questions of Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable

from quizapp.exam.formats import choices, xml
from quizapp.exam.formats.base import Imported, Loss, NotCarriedError, refuse
from quizapp.exam.formats.entries import Entry, from_explained, from_labels
from quizapp.exam.formats.intake import Intake, Item, slug
from quizapp.exam.formats.moodle import gapped
from quizapp.exam.formats.moodle_text import category_path, said_in
from quizapp.exam.formats.numerals import decimal, part, tolerant
from quizapp.exam.formats.xml import Element

Reader = Callable[[Element, Item], Entry]


def read(raw: bytes, file: str) -> Imported:
    """The bank of an export; categories are topics, and the one above them the title."""
    root = xml.without_namespaces(xml.parse(raw, file))
    if root.tag != "quiz":
        refuse(file, f"Ce XML n’est pas un export de Moodle (« {root.tag[:40]} »).")
    intake = Intake(file)
    reading = _Reading(intake)
    for question in root.iterfind("question"):
        kind = question.get("type", "")
        if kind == "category":
            reading.category(question)
        else:
            reading.question(question, kind)
    return reading.done()


class _Reading:
    """Where in the categories we are, and the texts that questions may follow."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.path: list[str] = []
        self.numbers: dict[tuple[str, ...], str] = {}
        self.texts: dict[str, Loss] = {}
        self.named = False

    def category(self, question: Element) -> None:
        self.path = category_path(question.findtext("category/text") or "")
        self.numbers[tuple(self.path)] = (question.findtext("idnumber") or "").strip()

    def question(self, question: Element, kind: str) -> None:
        if self.path and not self.named and len(self.path) > 1:
            above = tuple(self.path[:-1])
            self.intake.title = above[-1][:300]
            self.intake.slug = slug(self.numbers.get(above) or above[-1]) or self.intake.slug
            self.named = True
        name = (question.findtext("name/text") or "").strip()
        with self.intake.item(name, line=question.sourceline) as item:
            if kind == "description":
                self._description(question, name, item)
                return
            entry = _common(question, name, item)
            entry["topic"] = self.path[-1][:300] if self.path else ""
            if kind not in READERS:
                raise NotCarriedError(f"type « {kind[:40]} » non pris en charge")
            self._once(question)
            entry |= READERS[kind](question, item)
            if str(entry.get("id", "")).rpartition(".")[0] in self.texts:
                self.texts.pop(str(entry["id"]).rpartition(".")[0])
            self.intake.add(entry, item)

    def _description(self, question: Element, name: str, item: Item) -> None:
        number = (question.findtext("idnumber") or "").strip()
        case = number if number == slug(number) and number else slug(name)
        text = prose_of(question.find("questiontext"), item)
        self.intake.stimuli[case] = text
        what = "un texte sans question (« description ») n’a pas de place"
        self.texts[case] = Loss(item.label, what, line=item.line)

    def _once(self, question: Element) -> None:
        """What an edition or a stage decides here, told once for the whole file."""
        told = (
            ("penalty", "les pénalités par essai ne sont pas gardées"),
            ("hint", "les indices entre deux essais ne sont pas gardés"),
            ("correctfeedback", "les commentaires selon la réussite ne sont pas gardés"),
        )
        for tag, what in told:
            found = question.find(tag)
            value = "" if found is None else "".join(found.itertext()).strip()
            loss = Loss("fichier", what, whole=False)
            if value.strip("0.") and loss not in self.intake.losses:
                self.intake.losses.append(loss)

    def done(self) -> Imported:
        self.intake.losses += self.texts.values()
        return self.intake.imported()


def _common(question: Element, name: str, item: Item) -> Entry:
    number = (question.findtext("idnumber") or "").strip()
    labels = [(tag.findtext("text") or "").strip() for tag in question.iterfind("tags/tag")]
    entry = from_labels(label for label in labels if label)
    feedback = prose_of(question.find("generalfeedback"), item)
    entry |= from_explained(feedback)
    grade = (question.findtext("defaultgrade") or "1").strip()
    weight = decimal(grade)
    if weight == int(weight) and 1 <= weight <= 100:
        entry["weight"] = "" if weight == 1 else str(int(weight))
    else:
        item.tell(f"sa note par défaut, {weight}, n’est pas un nombre entier de points", "weight")
    return {**entry, "id": number or name, "text": prose_of(question.find("questiontext"), item)}


def prose_of(element: Element, item: Item, *, line: bool = False) -> str:
    """The text of an element in its format, as the author's Markdown."""
    if element is None:
        return ""
    text = element.findtext("text") or ""
    if element.find("text") is None:
        text = element.text or ""
    return said_in(text, element.get("format", "html"), item.tell, line=line)


def answers_of(question: Element, item: Item, *, line: bool = True) -> list[choices.Part]:
    """Answers with the part of the points of each; comments on one answer are told."""
    found = []
    for answer in question.iterfind("answer"):
        if (answer.findtext("feedback/text") or "").strip():
            item.tell("les commentaires propres à une réponse ne sont pas gardés")
        text = (
            prose_of(answer, item, line=True) if line else (answer.findtext("text") or "").strip()
        )
        found.append((text, part(answer.get("fraction") or "0")))
    return found


def _yes(question: Element, tag: str, default: str = "true") -> bool:
    return (question.findtext(tag) or default).strip() in ("true", "1")


def _multichoice(question: Element, item: Item) -> Entry:
    found = answers_of(question, item)
    entry = choices.single(found) if _yes(question, "single") else choices.multiple(found)
    if _yes(question, "shuffleanswers"):
        return entry
    return choices.in_order(entry, [text for text, _ in found])


def _multichoiceset(question: Element, item: Item) -> Entry:
    found = answers_of(question, item)
    right = [text for text, share in found if share > 0]
    return {"answers": right, "wrong": [text for text, _ in found if text not in right]}


def _truefalse(question: Element, item: Item) -> Entry:
    found = dict(answers_of(question, item, line=False))
    right = next((text.lower() for text, share in found.items() if share == 1), "")
    if right not in ("true", "false"):
        raise NotCarriedError("ni « vrai » ni « faux » ne vaut 100 %")
    return {"true": "yes" if right == "true" else "no"}


def _shortanswer(question: Element, item: Item) -> Entry:
    entry: Entry = {"accept": [], "refuse": []}
    for text, share in answers_of(question, item, line=False):
        if share not in (0, 1):
            item.tell(f"« {text[:40]} » ne rapportait qu’une partie des points : laissée de côté")
        elif re.search(r"(?<!\\)\*", text):
            if text != "*" or share:
                item.tell(
                    f"« {text[:40]} » admet n’importe quoi à la place de « * » : laissée de côté"
                )
        else:
            entry["accept" if share else "refuse"].append(text.replace("\\*", "*"))
    if not entry["accept"]:
        raise NotCarriedError("aucune réponse n’est acceptée telle quelle")
    entry["ignore"] = ["case"] if not _yes(question, "usecase", "0") else []
    return entry


def _numerical(question: Element, item: Item) -> Entry:
    right = []
    for answer in question.iterfind("answer"):
        share, text = part(answer.get("fraction") or "0"), (answer.findtext("text") or "").strip()
        if (answer.findtext("feedback/text") or "").strip():
            item.tell("les commentaires propres à une réponse ne sont pas gardés")
        if share == 1:
            right.append((decimal(text), decimal(answer.findtext("tolerance") or "0")))
        elif share:
            item.tell(f"« {text[:40]} » ne rapportait qu’une partie des points : laissée de côté")
    return {**tolerant(right), **_unit(question, item)}


def _unit(question: Element, item: Item) -> Entry:
    units = [
        (unit.findtext("unit_name") or "").strip()
        for unit in question.iterfind("units/unit")
        if part(unit.findtext("multiplier") or "1", of=1) == 1
    ]
    if len(question.findall("units/unit")) > 1:
        item.tell("une seule unité est gardée, sans conversion")
    if (question.findtext("unitgradingtype") or "0").strip() not in ("0", ""):
        item.tell("l’unité n’est pas notée")
    return {"unit": units[0]} if units and units[0] else {}


def _matching(question: Element, item: Item) -> Entry:
    pairs, extra = [], []
    for sub in question.iterfind("subquestion"):
        left = prose_of(sub, item, line=True)
        right = (sub.findtext("answer/text") or "").strip()
        if left:
            pairs.append((left, right))
        elif right:
            extra.append(right)
    return {**choices.paired(pairs, extra), "scoring": "per-option"}


_GRADINGS = {"ALL_OR_NOTHING": "", "ABSOLUTE_POSITION": "per-option"}


def _ordering(question: Element, item: Item) -> Entry:
    found = [
        (decimal(answer.get("fraction") or "0"), prose_of(answer, item, line=True))
        for answer in question.iterfind("answer")
    ]
    grading = (question.findtext("gradingtype") or "").strip()
    if grading not in _GRADINGS:
        item.tell(f"la notation « {grading[:40]} » devient « per-option »", "scoring")
    if (question.findtext("selecttype") or "ALL").strip() != "ALL":
        item.tell("toutes les étapes sont gardées, et non un tirage parmi elles")
    steps = [text for _, text in sorted(found, key=lambda step: step[0])]
    return {"steps": steps, "scoring": _GRADINGS.get(grading, "per-option")}


_KPRIM_RULES = {
    "kprime": "", "kprimeonezero": "all-or-nothing", "mtfonezero": "all-or-nothing",
    "subpoints": "per-option",
}  # fmt: skip


def _kprime(question: Element, item: Item) -> Entry:
    rows = [prose_of(row.find("optiontext"), item, line=True) for row in question.iterfind("row")]
    if len(question.findall("column")) != 2 or len(rows) != 4:
        raise NotCarriedError("quatre affirmations, vraies ou fausses, sont attendues")
    if any((row.findtext("feedbacktext/text") or "").strip() for row in question.iterfind("row")):
        item.tell("les commentaires propres à une réponse ne sont pas gardés")
    true = {
        weight.get("rownumber")
        for weight in question.iterfind("weight")
        if weight.get("columnnumber") == "1" and decimal(weight.findtext("value") or "0") > 0
    }
    heads = [
        (column.findtext("responsetext/text") or "").strip()
        for column in question.iterfind("column")
    ]
    if heads[0].lower() not in ("true", "vrai", "richtig", "ja", "oui", "yes"):
        item.tell(f"« {heads[0][:30]} » et « {heads[1][:30]} » deviennent « Vrai » et « Faux »")
    method = question.find("scoringmethod")
    name = "" if method is None else "".join(method.itertext()).strip()
    if name not in _KPRIM_RULES:
        item.tell(f"la notation « {name[:40]} » devient « kprim »", "scoring")
    statements = {
        text: "yes" if str(number) in true else "no" for number, text in enumerate(rows, start=1)
    }
    return {"statements": statements, "scoring": _KPRIM_RULES.get(name, "")}


def _essay(question: Element, item: Item) -> Entry:
    told = (
        ("attachments", "le dépôt de fichiers n’est pas gardé"),
        ("responsetemplate", "le modèle de réponse n’est pas gardé"),
        ("maxwordlimit", "la limite en mots n’est pas gardée : la nôtre compte les caractères"),
    )
    for tag, what in told:
        found = question.find(tag)
        if found is not None and "".join(found.itertext()).strip() not in ("", "0"):
            item.tell(what)
    rubric = prose_of(question.find("graderinfo"), item)
    return {"rubric": rubric or "Le fichier importé ne donne pas de barème."}


READERS: dict[str, Reader] = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoiceset,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "kprime": _kprime,
    "mtf": _kprime,
    "essay": _essay,
    "cloze": lambda question, item: gapped.cloze(gapped.raw_of(question), item),
    "gapselect": lambda question, item: gapped.placed(question, gapped.raw_of(question), item),
    "ddwtos": lambda question, item: gapped.placed(question, gapped.raw_of(question), item),
}
