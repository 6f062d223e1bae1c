"""Questions as GIFT: texts stay the author's Markdown, which Moodle reads as such."""

from __future__ import annotations

import re
from fractions import Fraction

from quizapp.exam.bank import Bank
from quizapp.exam.formats import choices, markdown
from quizapp.exam.formats.base import Exported, Loss, NotCarriedError, Outlet, Tell
from quizapp.exam.formats.entries import COMMON, decimal_text, explained, labels_of
from quizapp.exam.formats.numerals import percent
from quizapp.exam.questions.choice import ChoosingQuestion
from quizapp.exam.questions.free import Free
from quizapp.exam.questions.groups import Groups
from quizapp.exam.questions.matching import Matching
from quizapp.exam.questions.number import Number
from quizapp.exam.questions.short import Short
from quizapp.exam.questions.situation import Situation
from quizapp.exam.questions.true_false import TrueFalse

_OUTLET = Outlet("GIFT", COMMON - {"weight"})
_SLASH = "un nom de catégorie ne commence ni ne finit par « / »"


def write(bank: Bank) -> Exported:
    """A category for each topic, below the bank's; tags and identifiers as comments."""
    losses: list[Loss] = []
    paragraphs = [f"// banque : {bank.slug}"]
    topic, case, count = "", "", 0
    for question, answers in _OUTLET.made(bank, losses):
        if question.topic != topic:
            topic = question.topic
            paragraphs.append(f"$CATEGORY: $course$/top/{_step(bank.title)}/{_step(topic)}")
        if topic != topic.strip("/"):
            losses.append(Loss(question.id, _SLASH, whole=False, keys=frozenset({"topic"})))
        stimulus = question.stimulus
        if stimulus and stimulus.case != case:
            paragraphs.append(f"::{_escaped(stimulus.case)}::{_marked(stimulus.text.strip())}")
        case = stimulus.case if stimulus else ""
        tags = [f"[id:{question.id}]", *(f"[tag:{_tag(label)}]" for label in labels_of(question))]
        paragraphs.append(
            f"// {' '.join(tags)}\n::{_escaped(question.id)}::{_marked(question.text)} {{{answers}\n"
            f"\t####{_marked(explained(question))}\n}}"
        )
        count += 1
    return Exported(("\n\n".join(paragraphs) + "\n").encode(), count, tuple(losses))


def _step(name: str) -> str:
    return re.sub(r"[ \t\n]+", " ", name).strip("/ ").replace("/", "//") or "banque"


def _tag(label: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", label)


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _marked(text: str) -> str:
    return f"[markdown]{_escaped(text)}"


def _line(line: str) -> str:
    """A line in the format of its question; one that seems to name a format names it."""
    escaped = _escaped(markdown.as_block(line))
    return f"[markdown]{escaped}" if escaped.startswith("[") else escaped


def _typed(text: str) -> str:
    if "->" in text or text.startswith("["):
        raise NotCarriedError(f"GIFT prendrait « {text[:40]} » pour autre chose qu’un texte")
    return _escaped(text.replace("*", "\\*"))


@_OUTLET.writes("single", "multiple", "situation",
                carries="answer answers wrong fractions scoring reactions ask last")  # fmt: skip
def _choice(question: ChoosingQuestion, tell: Tell) -> str:
    if isinstance(question, Situation):
        if question.ask != "one":
            raise NotCarriedError("GIFT ne demande pas à la fois la meilleure et la pire réaction")
        tell("reviendra comme un choix unique dont chaque réponse a sa part des points", "type")
    found = choices.parts_of(question, tell, "GIFT")
    if choices.fixed(question):
        tell("GIFT ne garde pas l’ordre des choix : ils seront mélangés", "last")
    written = []
    for text, share in found:
        line = _line(text)
        if share == 1 and not question.several:
            written.append(f"\n\t={line}")
        elif share or question.several or line.startswith("%"):
            written.append(f"\n\t~%{percent(share)}%{line}")
        else:
            written.append(f"\n\t~{line}")
    return "".join(written)


@_OUTLET.writes("true-false", carries="true scoring")
def _true_false(question: TrueFalse, tell: Tell) -> str:
    choices.tell_rule("GIFT", question, tell, question.rule)
    return "TRUE" if question.true else "FALSE"


@_OUTLET.writes("matching", "groups", carries="pairs extra groups scoring")
def _matching(question: Matching | Groups, tell: Tell) -> str:
    choices.tell_rule("GIFT", question, tell, "per-option")
    if isinstance(question, Groups) and len(question.rows) == len(question.options):
        tell("reviendra comme une association : chaque groupe a une seule ligne", "type")
    pairs = [
        (row, question.options[right])
        for row, right in zip(question.rows, question.right, strict=True)
    ]
    pairs += [("", one) for one in getattr(question, "extra", ())]
    if any("->" in text for pair in pairs for text in pair):
        raise NotCarriedError("GIFT ne peut pas écrire « -> » dans une association")
    return "".join(
        f"\n\t={_line(left) if left else ''} -> {_escaped(right)}" for left, right in pairs
    )


@_OUTLET.writes("short", carries="accept refuse ignore typos scoring")
def _short(question: Short, tell: Tell) -> str:
    choices.tell_rule("GIFT", question, tell, "all-or-nothing")
    if tuple(question.ignore) != ("case",):
        tell("GIFT ne pardonne que les majuscules, ni les accents ni le reste", "ignore")
    if question.typos:
        tell("GIFT ne pardonne pas les fautes de frappe", "typos")
    right = "".join(f"\n\t=%100%{_typed(text)}" for text in question.accept)
    return right + "".join(f"\n\t=%0%{_typed(text)}" for text in question.refuse)


@_OUTLET.writes("number", carries="number within between scoring")
def _number(question: Number, tell: Tell) -> str:
    choices.tell_rule("GIFT", question, tell, "all-or-nothing")
    low, high = question.bounds
    number = Fraction(question.number)
    if question.within and question.within[1]:
        tell("la tolérance en pour cent est écrite comme une distance", "within")
    if question.between:
        return f"#\n\t=%100%{decimal_text(number)}:0\n\t=%100%{decimal_text(low)}..{decimal_text(high)}"
    return f"#{decimal_text(number)}:{decimal_text(high - number)}"


@_OUTLET.writes("free", carries="rubric limit")
def _free(question: Free, tell: Tell) -> str:
    tell("GIFT n’a pas de place pour le barème de correction", "rubric")
    if question.limit != Free.model_fields["limit"].default:
        tell("GIFT ne limite pas la longueur", "limit")
    return ""
