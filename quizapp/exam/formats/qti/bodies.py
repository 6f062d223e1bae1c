"""A QTI item taken apart: what it asks, what is read around it, what is said afterwards."""

from __future__ import annotations

import copy

from lxml import etree

from quizapp.exam.formats import prose
from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry, from_explained
from quizapp.exam.formats.intake import Item
from quizapp.exam.formats.qti.declared import Response, Scored, scored_by
from quizapp.exam.formats.xml import Element

MAX_ELEMENTS = 5_000  # of one item
_DYNAMIC = ("printedVariable", "templateInline", "templateBlock", "customInteraction",
            "portableCustomInteraction", "include")  # fmt: skip


class ItemBody:
    """An item with its interactions apart from what is read around them."""

    def __init__(self, root: Element, item: Item) -> None:
        if root.get("adaptive") == "true" or root.find("templateDeclaration") is not None:
            raise NotCarriedError(
                "une question adaptative ou à variables n’est pas prise en charge"
            )
        body = root.find("itemBody")
        if body is None:
            raise NotCarriedError("elle n’a pas d’énoncé")
        if sum(1 for _ in body.iter(etree.Element)) > MAX_ELEMENTS:
            raise NotCarriedError("son texte est trop long")
        self.root, self.item = root, item
        self.body = copy.deepcopy(body)
        self.responses = {
            one.get("identifier", ""): Response.of(one)
            for one in root.iterfind("responseDeclaration")
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
                replaced(one, "")

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
        replaced(found, "")
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
        replaced(interaction, "")
        text = prose.from_element(self.body, self.item.tell)
        return "\n\n".join(one for one in (text, asked) if one)


def explained(root: Element, item: Item) -> Entry:
    """The explanation and the source, in what is said after the answer."""
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
    replaced(source, "")
    return {"explanation": prose.from_element(feedback, item.tell), "source": text}


def replaced(one: Element, text: str) -> None:
    """Put a text in the place of an element."""
    parent, before = one.getparent(), one.getprevious()
    text += one.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(one)


def pair(value: str) -> list[str]:
    """The two identifiers of a pair."""
    return [*value.split(), "", ""][:2]
