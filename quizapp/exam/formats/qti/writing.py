"""Questions as QTI items, one function a type."""

from __future__ import annotations

import re
from fractions import Fraction

from quizapp.exam.formats import choices
from quizapp.exam.formats.base import NotCarriedError, Outlet, Tell
from quizapp.exam.formats.entries import COMMON, decimal_text
from quizapp.exam.formats.qti import building as qti
from quizapp.exam.formats.qti.choosing import in_order, parts_of, tell_rule
from quizapp.exam.formats.xml import Element
from quizapp.exam.questions.choice import ChoosingQuestion
from quizapp.exam.questions.free import Free
from quizapp.exam.questions.gaps import Gap, Gaps
from quizapp.exam.questions.groups import Groups
from quizapp.exam.questions.kprim import Kprim
from quizapp.exam.questions.matching import Matching
from quizapp.exam.questions.number import Number
from quizapp.exam.questions.ordering import Ordering
from quizapp.exam.questions.short import Short
from quizapp.exam.questions.situation import Situation
from quizapp.exam.questions.survey import Survey
from quizapp.exam.questions.true_false import TrueFalse
from quizapp.exam.questions.word import PickedWord

OUTLET = Outlet("QTI", COMMON)
_ALL = Fraction(1)


@OUTLET.writes("single", "multiple", "situation",
               carries="answer answers wrong last fractions scoring reactions ask")  # fmt: skip
def _choice(question: ChoosingQuestion, tell: Tell) -> Element:
    if isinstance(question, Situation) and question.ask != "one":
        raise NotCarriedError("QTI ne demande pas à la fois la meilleure et la pire réaction")
    numbers = {choice: f"C{number}" for number, choice in enumerate(question.choices, start=1)}
    right = [numbers[question.choices[number]] for number in map(int, question.key.split(","))]
    parts = parts_of(question, numbers, tell)
    shown = in_order(question, tell)
    interaction = qti.element(
        "choiceInteraction", responseIdentifier=qti.RESPONSE,
        shuffle="false" if choices.fixed(question) else "true",
        maxChoices="0" if question.several else "1",
    )  # fmt: skip
    for choice in shown:
        fixed = {"fixed": "true"} if choice in question.last else {}
        interaction.append(qti.line(choice, "simpleChoice", identifier=numbers[choice], **fixed))
    mapping = qti.mapping(parts, floor=question.several) if parts else None
    cardinality = "multiple" if question.several else "single"
    declared = qti.response(cardinality, "identifier", right, mapping)
    processing = qti.template("map_response" if parts else "match_correct")
    return qti.item(question, [interaction], [declared], processing)


@OUTLET.writes("true-false", carries="true scoring")
def _true_false(question: TrueFalse, tell: Tell) -> Element:
    tell_rule(question, tell, question.rule)
    interaction = qti.element(
        "choiceInteraction", responseIdentifier=qti.RESPONSE, shuffle="false", maxChoices="1"
    )
    for name, text in zip(("true", "false"), question.choices, strict=True):
        interaction.append(qti.line(text, "simpleChoice", identifier=name))
    right = "true" if question.true else "false"
    declared = qti.response("single", "identifier", [right])
    return qti.item(question, [interaction], [declared], qti.template("match_correct"))


@OUTLET.writes("survey", carries="survey many")
def _survey(question: Survey, tell: Tell) -> Element:  # noqa: ARG001
    interaction = qti.element(
        "choiceInteraction", responseIdentifier=qti.RESPONSE, shuffle="false",
        maxChoices="0" if question.many else "1",
    )  # fmt: skip
    for number, text in enumerate(question.survey, start=1):
        interaction.append(qti.line(text, "simpleChoice", identifier=f"C{number}"))
    declared = qti.response("multiple" if question.many else "single", "identifier", [])
    return qti.item(question, [interaction], [declared], None)


@OUTLET.writes("kprim", "matching", "groups", carries="statements pairs extra groups scoring")
def _rows(question: Kprim | Matching | Groups, tell: Tell) -> Element:
    tell_rule(question, tell, "all-or-nothing", "per-option", "right-minus-wrong")
    if isinstance(question, Groups) and len(question.rows) == len(question.options):
        tell("reviendra comme une association : chaque groupe a une seule ligne", "type")
    once = "1" if isinstance(question, Matching) else "0"
    rows = qti.element("simpleMatchSet")
    for number, row in enumerate(question.rows, start=1):
        rows.append(qti.line(row, "simpleAssociableChoice", identifier=f"R{number}", matchMax="1"))
    options = qti.element("simpleMatchSet")
    for number, option in enumerate(question.options, start=1):
        options.append(
            qti.line(option, "simpleAssociableChoice", identifier=f"O{number}", matchMax=once)
        )
    interaction = qti.element(
        "matchInteraction", rows, options, responseIdentifier=qti.RESPONSE, shuffle="true",
        maxAssociations=str(len(question.rows)),
    )  # fmt: skip
    right = [f"R{row} O{option + 1}" for row, option in enumerate(question.right, start=1)]
    share = Fraction(1, len(right))
    mapping = None
    if question.rule in ("per-option", "right-minus-wrong"):
        default = -share if question.rule == "right-minus-wrong" else Fraction(0)
        mapping = qti.mapping(dict.fromkeys(right, share), default=default, floor=True)
    declared = qti.response("multiple", "directedPair", right, mapping)
    name = "match_correct" if mapping is None else "map_response"
    return qti.item(question, [interaction], [declared], qti.template(name))


@OUTLET.writes("ordering", carries="steps scoring")
def _ordering(question: Ordering, tell: Tell) -> Element:
    tell_rule(question, tell, "all-or-nothing")
    interaction = qti.element("orderInteraction", responseIdentifier=qti.RESPONSE, shuffle="true")
    names = [f"S{number}" for number in range(1, len(question.steps) + 1)]
    for name, step in zip(names, question.steps, strict=True):
        interaction.append(qti.line(step, "simpleChoice", identifier=name))
    declared = qti.response("ordered", "identifier", names)
    return qti.item(question, [interaction], [declared], qti.template("match_correct"))


@OUTLET.writes("short", carries="accept refuse ignore typos scoring")
def _short(question: Short, tell: Tell) -> Element:
    tell_rule(question, tell, "all-or-nothing")
    _folds(question, tell)
    parts = {**dict.fromkeys(question.accept, _ALL), **dict.fromkeys(question.refuse, _ALL - 1)}
    mapping = qti.mapping(parts, sensitive="case" not in question.ignore)
    declared = qti.response("single", "string", [question.accept[0]], mapping)
    entry = qti.element("textEntryInteraction", responseIdentifier=qti.RESPONSE)
    return qti.item(question, [qti.element("p", entry)], [declared], qti.template("map_response"))


def _folds(question: Short | Gaps, tell: Tell) -> None:
    if set(question.ignore) - {"case"}:
        tell("QTI ne pardonne que les majuscules, ni les accents ni le reste", "ignore")
    if question.typos:
        tell("QTI ne pardonne pas les fautes de frappe", "typos")


@OUTLET.writes("number", carries="number within between unit scoring")
def _number(question: Number, tell: Tell) -> Element:
    tell_rule(question, tell, "all-or-nothing")
    entry = qti.element("textEntryInteraction", responseIdentifier=qti.RESPONSE)
    body = qti.element("p", entry, f" {question.unit}" if question.unit else "")
    given = qti.element("variable", identifier=qti.RESPONSE)
    right = qti.element("correct", identifier=qti.RESPONSE)
    low, high = (decimal_text(bound) for bound in question.bounds)
    if question.between:
        above = qti.element("gte", given, qti.number(low))
        again = qti.element("variable", identifier=qti.RESPONSE)
        condition = qti.element("and", above, qti.element("lte", again, qti.number(high)))
    elif question.within:
        size, relative = question.within
        tolerance = decimal_text(size * 100 if relative else size)
        mode = "relative" if relative else "absolute"
        condition = qti.element(
            "equal", given, right, toleranceMode=mode, tolerance=f"{tolerance} {tolerance}"
        )
    else:
        condition = qti.element("equal", given, right, toleranceMode="exact")
    declared = qti.response("single", "float", [decimal_text(question.number)])
    return qti.item(question, [body], [declared], qti.if_(condition))


@OUTLET.writes("gaps", carries="passage gaps ignore typos scoring")
def _gaps(question: Gaps, tell: Tell) -> Element:
    tell_rule(question, tell, "all-or-nothing", "per-option")
    if any(gap.accept for gap in question.gaps):
        _folds(question, tell)
    sensitive = "case" not in question.ignore
    passage = qti.filled(question.passage, lambda number: _hole(question.gaps[number - 1], number))
    responses = [_declared(gap, at, sensitive) for at, gap in enumerate(question.gaps, start=1)]
    total = qti.element("sum", *(
        qti.element("mapResponse", identifier=f"{qti.RESPONSE}_{number}")
        for number in range(1, len(responses) + 1)
    ))  # fmt: skip
    count = qti.number(str(len(responses)))
    if question.rule == "per-option":
        score = qti.element("divide", total, count)
        processing = qti.element(
            "responseProcessing", qti.element("setOutcomeValue", score, identifier="SCORE")
        )
    else:
        processing = qti.if_(qti.element("gte", total, count))
    return qti.item(question, [passage], responses, processing)


def _declared(gap: Gap, number: int, sensitive: bool) -> Element:
    name = f"{qti.RESPONSE}_{number}"
    if gap.accept:
        mapping = qti.mapping(dict.fromkeys(gap.accept, _ALL), sensitive=sensitive)
        return qti.response("single", "string", [gap.accept[0]], mapping, name)
    return qti.response("single", "identifier", ["C1"], qti.mapping({"C1": _ALL}), name)


def _hole(gap: Gap, number: int) -> Element:
    name = f"{qti.RESPONSE}_{number}"
    if gap.accept:
        return qti.element("textEntryInteraction", responseIdentifier=name)
    made = qti.element("inlineChoiceInteraction", responseIdentifier=name, shuffle="true")
    for at, text in enumerate(gap.options, start=1):
        made.append(qti.element("inlineChoice", text, identifier=f"C{at}"))
    return made


@OUTLET.writes("word", carries="find scoring")
def _word(question: PickedWord, tell: Tell) -> Element:
    tell_rule(question, tell, "all-or-nothing", "right-minus-wrong")
    if " ".join(question.find.split()) != question.find:
        tell("les retours à la ligne de son texte deviennent des espaces", "find")
    paragraph = qti.element("p")
    right: list[str] = []
    wrong: list[str] = []
    for number, token in enumerate(question.find.split(), start=1):
        before, word, after = _parted(token)
        if number > 1:
            before = f" {before}"
        hot = qti.element("hottext", word, identifier=f"W{number}")
        if not any(letter.isalnum() for letter in token):
            before, hot, after = f"{before}{word}{after}", None, ""
        pieces = [before, *([hot] if hot is not None else []), after]
        qti.extend(paragraph, pieces)
        if hot is not None:
            (right if word != token else wrong).append(f"W{number}")
    several = len(right) > 1
    interaction = qti.element(
        "hottextInteraction", paragraph, responseIdentifier=qti.RESPONSE,
        maxChoices="0" if several else "1",
    )  # fmt: skip
    mapping = None
    if question.rule == "right-minus-wrong":
        share = Fraction(1, len(right))
        parts = {**dict.fromkeys(right, share), **dict.fromkeys(wrong, -share)}
        mapping = qti.mapping(parts, floor=True)
    declared = qti.response("multiple" if several else "single", "identifier", right, mapping)
    name = "match_correct" if mapping is None else "map_response"
    return qti.item(question, [interaction], [declared], qti.template(name))


def _parted(token: str) -> tuple[str, str, str]:
    """What stands before the brackets of a token, in them and after; or the token alone."""
    if token.count("[") > 1:
        raise NotCarriedError("un de ses mots a deux fois des crochets")
    found = re.fullmatch(r"(.*?)\[([^\[\]]+)\](.*)", token)
    return (found[1], found[2], found[3]) if found else ("", token, "")


@OUTLET.writes("free", carries="rubric limit")
def _free(question: Free, tell: Tell) -> Element:  # noqa: ARG001
    rubric = qti.element("rubricBlock", qti.block(question.rubric, "rubric"), view="scorer")
    interaction = qti.element(
        "extendedTextInteraction", responseIdentifier=qti.RESPONSE,
        expectedLength=str(question.limit),
    )  # fmt: skip
    declared = qti.response("single", "string", [])
    return qti.item(question, [rubric, interaction], [declared], None)
