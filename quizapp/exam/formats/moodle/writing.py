"""Questions as Moodle XML: texts stay the author's Markdown, which Moodle reads as such."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lxml import etree

from quizapp.exam import markup
from quizapp.exam.bank import Bank
from quizapp.exam.formats import choices, markdown
from quizapp.exam.formats.base import Exported, Loss, NotCarriedError, Outlet, Tell
from quizapp.exam.formats.entries import COMMON, decimal_text, explained, labels_of
from quizapp.exam.formats.moodle import gapped
from quizapp.exam.formats.numerals import percent
from quizapp.exam.formats.xml import Element, written
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.choice import ChoosingQuestion
from quizapp.exam.questions.free import Free
from quizapp.exam.questions.gaps import Gaps
from quizapp.exam.questions.groups import Groups
from quizapp.exam.questions.kprim import Kprim
from quizapp.exam.questions.matching import Matching
from quizapp.exam.questions.number import Number
from quizapp.exam.questions.ordering import Ordering
from quizapp.exam.questions.short import Short
from quizapp.exam.questions.situation import Situation
from quizapp.exam.questions.true_false import TrueFalse

_OUTLET = Outlet("Moodle", COMMON)
_LONGEST_TAG = 50
_NO_SLASH = "un nom de catégorie ne commence ni ne finit par « / »"


def write(bank: Bank) -> Exported:
    """The bank as one file: a category for it, one below for each topic, and its questions."""
    losses: list[Loss] = []
    quiz = etree.Element("quiz")
    _category(quiz, [bank.title], bank.slug)
    topic, case, count = "", "", 0
    if bank.title != bank.title.strip("/"):
        losses.append(Loss("banque", _NO_SLASH, whole=False, keys=frozenset({"title"})))
    for question, made in _OUTLET.made(bank, losses):
        if question.topic != topic:
            topic = question.topic
            _category(quiz, [bank.title, topic])
        stimulus = question.stimulus
        if stimulus and stimulus.case != case:
            _named(quiz, "description", stimulus.case, stimulus.text)
        case = stimulus.case if stimulus else ""
        _finish(made, question, losses)
        quiz.append(made)
        count += 1
    return Exported(written(quiz), count, tuple(losses))


def _category(quiz: Element, path: Sequence[str], number: str = "") -> None:
    question = etree.SubElement(quiz, "question", type="category")
    steps = [step.strip("/ ").replace("/", "//") or "banque" for step in path]
    _text(question, "category", "/".join(["$course$", "top", *steps]), form="")
    if number:
        etree.SubElement(question, "idnumber").text = number


def _named(quiz: Element | None, kind: str, name: str, text: str) -> Element:
    question = etree.Element("question", type=kind)
    if quiz is not None:
        quiz.append(question)
    _text(question, "name", name, form="")
    _text(question, "questiontext", text)
    if quiz is not None:
        _text(question, "generalfeedback", "")
        etree.SubElement(question, "defaultgrade").text = "0"
        etree.SubElement(question, "idnumber").text = name
    return question


def _text(parent: Element, tag: str, text: str, *, form: str = "markdown", **keys: str) -> Element:
    element = etree.SubElement(parent, tag, **keys)
    if form:
        element.set("format", form)
    etree.SubElement(element, "text").text = text
    return element


def _line(parent: Element, tag: str, line: str, **keys: str) -> Element:
    return _text(parent, tag, markdown.as_block(line), **keys)


def _finish(made: Element, question: Question, losses: list[Loss]) -> None:
    """What all questions have, in the places where Moodle writes it: after the text, and at the end."""
    if question.topic != question.topic.strip("/"):
        losses.append(Loss(question.id, _NO_SLASH, whole=False, keys=frozenset({"topic"})))
    at = made.index(made.find("questiontext")) + 1
    head = etree.Element("head")
    _text(head, "generalfeedback", explained(question))
    etree.SubElement(head, "defaultgrade").text = str(question.weight)
    etree.SubElement(head, "hidden").text = "0"
    etree.SubElement(head, "idnumber").text = question.id
    for place, element in enumerate(head):
        made.insert(at + place, element)
    tags = etree.SubElement(made, "tags")
    for label in labels_of(question):
        _text(tags, "tag", label, form="")
        if len(label) > _LONGEST_TAG:
            what = f"Moodle coupe une étiquette après {_LONGEST_TAG} signes : « {label[:30]}… »"
            losses.append(Loss(question.id, what, whole=False, keys=frozenset({"tags", "exclude"})))


def _begun(question: Question, kind: str) -> Element:
    return _named(None, kind, question.id, question.text)


def _answer(parent: Element, text: str, share: Fraction, form: str = "markdown") -> Element:
    line = markdown.as_block(text) if form == "markdown" else text
    answer = _text(parent, "answer", line, form=form, fraction=percent(share))
    _text(answer, "feedback", "", form="html")
    return answer


@_OUTLET.writes("single", "multiple", "situation",
                carries="answer answers wrong last fractions scoring reactions ask")  # fmt: skip
def _choice(question: ChoosingQuestion, tell: Tell) -> Element:
    if isinstance(question, Situation):
        if question.ask != "one":
            raise NotCarriedError(
                "Moodle ne demande pas à la fois la meilleure et la pire réaction"
            )
        tell("reviendra comme un choix unique dont chaque réponse a sa part des points", "type")
    made = _begun(question, "multichoice")
    found = choices.parts_of(question, tell, "Moodle")
    etree.SubElement(made, "single").text = "false" if question.several else "true"
    etree.SubElement(made, "shuffleanswers").text = "false" if choices.fixed(question) else "true"
    etree.SubElement(made, "answernumbering").text = "abc"
    for text, share in found:
        if (share * 360).denominator != 1 and (share * 7).denominator != 1:
            tell(f"Moodle arrondit la part {share} à une des siennes")
        _answer(made, text, share)
    return made


@_OUTLET.writes("true-false", carries="true scoring last")
def _true_false(question: TrueFalse, tell: Tell) -> Element:
    choices.tell_rule("Moodle", question, tell, question.rule)
    if question.last:
        tell("Moodle montre toujours « Vrai » d’abord", "last")
    made = _begun(question, "truefalse")
    for text, share in (("true", question.true), ("false", not question.true)):
        _answer(made, text, Fraction(share), "moodle_auto_format")
    return made


@_OUTLET.writes("kprim", carries="statements scoring")
def _kprim(question: Kprim, tell: Tell) -> Element:
    methods = {"kprim": "kprime", "all-or-nothing": "kprimeonezero", "per-option": "subpoints"}
    choices.tell_rule("Moodle", question, tell, *methods)
    tell("demande à Moodle l’extension « kprime »")
    made = _begun(question, "kprime")
    _text(made, "scoringmethod", methods.get(question.rule, "kprime"), form="")
    for tag, value in (("shuffleanswers", "true"), ("numberofrows", "4"), ("numberofcolumns", "2")):
        etree.SubElement(made, tag).text = value
    for number, statement in enumerate(question.statements, start=1):
        row = etree.SubElement(made, "row", number=str(number))
        _line(row, "optiontext", statement)
        _text(row, "feedbacktext", "", form="html")
    for number, name in enumerate(question.options, start=1):
        column = etree.SubElement(made, "column", number=str(number))
        _text(column, "responsetext", name, form="moodle_auto_format")
    for row_number, right in enumerate(question.right, start=1):
        for column_number in (1, 2):
            weight = etree.SubElement(
                made, "weight", rownumber=str(row_number), columnnumber=str(column_number)
            )
            value = "1.000" if right + 1 == column_number else "0.000"
            etree.SubElement(weight, "value").text = value
    return made


@_OUTLET.writes("ordering", carries="steps scoring")
def _ordering(question: Ordering, tell: Tell) -> Element:
    choices.tell_rule("Moodle", question, tell, "all-or-nothing", "per-option")
    all_or_nothing = question.rule == "all-or-nothing"
    made = _begun(question, "ordering")
    for tag, value in (
        ("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0"),
        ("gradingtype", "ALL_OR_NOTHING" if all_or_nothing else "ABSOLUTE_POSITION"),
        ("showgrading", "SHOW"), ("numberingstyle", "none"),
    ):  # fmt: skip
        etree.SubElement(made, tag).text = value
    for number, step in enumerate(question.steps, start=1):
        _line(made, "answer", step, fraction=str(number))
    return made


@_OUTLET.writes("matching", "groups", carries="pairs extra groups scoring")
def _matching(question: Matching | Groups, tell: Tell) -> Element:
    choices.tell_rule("Moodle", question, tell, "per-option")
    if isinstance(question, Groups) and len(question.rows) == len(question.options):
        tell("reviendra comme une association : chaque groupe a une seule ligne", "type")
    made = _begun(question, "matching")
    etree.SubElement(made, "shuffleanswers").text = "true"
    pairs = [
        (row, question.options[right])
        for row, right in zip(question.rows, question.right, strict=True)
    ]
    for left, right in [*pairs, *(("", one) for one in getattr(question, "extra", ()))]:
        if markup.plain(right) != right.replace("« ", "«\u00a0"):
            tell("Moodle montre sans mise en forme ce qui est à droite")
        sub = _line(made, "subquestion", left) if left else _text(made, "subquestion", "")
        _text(sub, "answer", right, form="")
    return made


@_OUTLET.writes("short", carries="accept refuse ignore typos scoring")
def _short(question: Short, tell: Tell) -> Element:
    choices.tell_rule("Moodle", question, tell, "all-or-nothing")
    _folds(question, tell)
    made = _begun(question, "shortanswer")
    etree.SubElement(made, "usecase").text = "0" if "case" in question.ignore else "1"
    for share, texts in ((Fraction(1), question.accept), (Fraction(0), question.refuse)):
        for text in texts:
            _answer(made, text.replace("*", "\\*"), share, "moodle_auto_format")
    return made


def _folds(question: Short | Gaps, tell: Tell) -> None:
    if set(question.ignore) - {"case"}:
        tell("Moodle ne pardonne que les majuscules, ni les accents ni le reste", "ignore")
    if question.typos:
        tell("Moodle ne pardonne pas les fautes de frappe", "typos")


@_OUTLET.writes("number", carries="number within between unit scoring")
def _number(question: Number, tell: Tell) -> Element:
    choices.tell_rule("Moodle", question, tell, "all-or-nothing")
    made = _begun(question, "numerical")
    number = Fraction(question.number)
    low, high = question.bounds
    if question.within and question.within[1]:
        tell("la tolérance en pour cent est écrite comme une distance", "within")
    ranges = [(number, Fraction(0) if question.between else high - number)]
    if question.between:
        ranges.append(((low + high) / 2, (high - low) / 2))
    for value, tolerance in ranges:
        answer = _answer(made, decimal_text(value), Fraction(1), "moodle_auto_format")
        etree.SubElement(answer, "tolerance").text = decimal_text(tolerance)
    if question.unit:
        unit = etree.SubElement(etree.SubElement(made, "units"), "unit")
        etree.SubElement(unit, "multiplier").text = "1"
        etree.SubElement(unit, "unit_name").text = question.unit
    for tag, text in (
        ("unitgradingtype", "0"), ("unitpenalty", "0"), ("showunits", "3"), ("unitsleft", "0"),
    ):  # fmt: skip
        etree.SubElement(made, tag).text = text
    return made


@_OUTLET.writes("gaps", carries="passage gaps ignore typos scoring")
def _gaps(question: Gaps, tell: Tell) -> Element:
    choices.tell_rule("Moodle", question, tell, "per-option")
    if any(gap.accept for gap in question.gaps):
        _folds(question, tell)
    made = _begun(question, "cloze")
    made.find("questiontext/text").text = f"{question.text}\n\n***\n\n{gapped.passage_of(question)}"
    return made


@_OUTLET.writes("free", carries="rubric limit")
def _free(question: Free, tell: Tell) -> Element:
    if question.limit != Free.model_fields["limit"].default:
        tell("Moodle compte les mots et non les caractères : la limite est laissée", "limit")
    made = _begun(question, "essay")
    etree.SubElement(made, "responseformat").text = "plain"
    etree.SubElement(made, "responserequired").text = "0"
    etree.SubElement(made, "responsefieldlines").text = "15"
    etree.SubElement(made, "attachments").text = "0"
    _text(made, "graderinfo", question.rubric)
    _text(made, "responsetemplate", "")
    return made
