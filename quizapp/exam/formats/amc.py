"""AMC-TXT, the plain text of Auto Multiple Choice, for papers that are printed and scanned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from quizapp.exam.bank import Bank
from quizapp.exam.formats import choices, markdown
from quizapp.exam.formats.base import (
    Exported,
    Format,
    Imported,
    Loss,
    NotCarriedError,
    Outlet,
    Tell,
    register,
)
from quizapp.exam.formats.entries import Entry, decimal_text, share_text
from quizapp.exam.formats.intake import Intake, Item
from quizapp.exam.formats.numerals import part, simple
from quizapp.exam.formats.texts import decoded
from quizapp.exam.questions.choice import ChoiceQuestion, ChoosingQuestion
from quizapp.exam.questions.true_false import TrueFalse

_IS_IT = re.compile(rb"^\*{1,2}(?![*()])[^\n]*\n(?:[^*\n]*\n)*?[+-]", re.MULTILINE)
_BEGINS = re.compile(
    r"(\*\(|\*\)|\*{1,2}|[+-])(?:<([^>]*)>)?(?:\[([^\]]*)\])?(?:\{([^}]*)\})?\s*(.*)"
)
_OPTION = re.compile(r"[A-Z][\w-]*\s*:")
_MOST = 50  # choices of a question
_MARKS = {"m": "wrong", "v": "unanswered", "e": "inconsistent"}
_KEYS = {mark: letter for letter, mark in _MARKS.items()}
_OUTLET = Outlet("AMC-TXT", frozenset({"text", "weight"}))


class _Block:
    """A mark at the beginning of a line, its options and its text, which may run on."""

    def __init__(self, line: int, found: re.Match[str]) -> None:
        self.line, self.mark, self.open = line, found[1], found[2]
        self.options, self.scoring, self.text = found[3] or "", found[4] or "", found[5]


def read(raw: bytes, file: str) -> Imported:
    """The bank of a file: simple and multiple questions, in groups or not."""
    intake = Intake(file)
    group = ""
    for block, boxes in _questions(_blocks(decoded(raw, file, intake.losses), intake)):
        if block.mark == "*(":
            group = block.text
        elif block.mark == "*)":
            group = ""
        elif block.mark.startswith("*"):
            with intake.item(block.text, line=block.line) as item:
                if len(boxes) > _MOST:
                    raise NotCarriedError("elle a trop de choix")
                _read_question(intake, block, boxes, group, item)
    return intake.imported()


def _questions(blocks: Iterator[_Block]) -> Iterator[tuple[_Block, list[_Block]]]:
    """Each block that is no choice, with the choices after it."""
    head: _Block | None = None
    found: list[_Block] = []
    for block in blocks:
        if head and block.mark in ("+", "-"):
            found.append(block)
            continue
        if head:
            yield head, found
        head, found = block, []
    if head:
        yield head, found


def _blocks(text: str, intake: Intake) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        found = _BEGINS.match(line)
        if line.startswith("#"):
            continue
        if found:
            if block:
                yield block
            block = _Block(number, found)
        elif block and line.strip():
            block.text += " " + line.strip()
        elif line.strip() and not block:
            name, colon, value = line.partition(":")
            if name.strip() == "Title" and value.strip():
                intake.title = value.strip()[:300]
            elif not (colon and _OPTION.match(line)) and not line.startswith(" "):
                what = f"la ligne {number} n’appartient à aucune question : « {line.strip()[:40]} »"
                intake.losses.append(Loss("fichier", what, whole=False, line=number))
    if block:
        yield block


def _read_question(
    intake: Intake, block: _Block, rest: list[_Block], group: str, item: Item
) -> None:
    options = [option.strip() for option in block.options.split(",") if option.strip()]
    name = next((option[3:] for option in options if option.startswith("id=")), "")
    entry: Entry = {"id": name, "text": _text(block.text)}
    for option in options:
        if option != "ordered" and not option.startswith("id="):
            item.tell(f"l’option « {option[:30]} » n’est pas gardée")
    if group and re.fullmatch(r"[a-z0-9-]+\.\d+", name):
        intake.stimuli[name.rpartition(".")[0]] = markdown.from_plain(group)
    elif group:
        entry["topic"] = group[:300]
    if block.open is not None:
        entry["rubric"] = "Le fichier importé ne donne pas de barème."
        intake.add(entry, item)
        return
    if any(choice.scoring for choice in rest):
        raise NotCarriedError("des points par choix ne sont pas pris en charge")
    right = [_text(choice.text) for choice in rest if choice.mark == "+"]
    wrong = [_text(choice.text) for choice in rest if choice.mark == "-"]
    if block.mark == "**":
        entry |= {"answers": right, "wrong": wrong}
    elif len(right) != 1:
        raise NotCarriedError(f"une question simple a {len(right)} bonnes réponses")
    elif sorted([*right, *wrong]) == ["Faux", "Vrai"]:
        entry["true"] = "yes" if right == ["Vrai"] else "no"
    else:
        entry |= {"answer": right[0], "wrong": wrong}
    if "ordered" in options and "true" not in entry:
        entry["last"] = [_text(choice.text) for choice in rest]
    intake.add({**entry, **_scoring(block, len(rest), item)}, item)


def _text(text: str) -> str:
    if re.search(r"\[\[|!\[|\[verbatim\]", text):
        raise NotCarriedError("elle contient du LaTeX ou une image")
    marked = re.sub(r"\[([*_|])\](.*?)\[/?\1\]", _emphasised, markdown.from_plain(text.strip()))
    return re.sub(r"\\\[(\\?[*_|])\\?\](.*?)\\\[/?\1\\?\]", _emphasised, marked)


def _emphasised(found: re.Match[str]) -> str:
    mark = {"*": "**", "_": "*", "|": "`"}[found[1].strip("\\")]
    return f"{mark}{found[2]}{mark}"


def _scoring(block: _Block, boxes: int, item: Item) -> Entry:
    """The weight and the marks that a question’s points say."""
    said = dict(
        pair.split("=", 1) for pair in re.sub(r"\s", "", block.scoring).split(",") if "=" in pair
    )
    several = block.mark == "**"
    for name in sorted(said.keys() - {"b", "mz", *_MARKS}):
        item.tell(f"le barème « {name[:20]}={said[name][:20]} » n’est pas gardé", "scoring")
    points = part(said.get("mz", said.get("b", "1")), of=1)
    scoring: dict[str, str] = {}
    if several and "mz" not in said:
        scoring["rule"] = "per-option"
        points = simple(points * boxes) if "b" in said else Fraction(1)
    if points.denominator != 1 or not 1 <= points <= 100:
        item.tell(f"ses {float(points):g} points ne font pas un nombre entier", "weight")
        points = Fraction(1)
    for letter, mark in _MARKS.items():
        if (value := part(said.get(letter, "0"), of=1)) and not (several and letter == "m"):
            scoring[mark] = share_text(value / points)
    weight = {"weight": str(points)} if points != 1 else {}
    return {**weight, **({"scoring": scoring} if scoring else {})}


def write(bank: Bank) -> Exported:
    """Simple and multiple questions; a case is a group under its text."""
    losses: list[Loss] = []
    lines = ["# AMC-TXT", f"Title: {bank.title}", "Lang: FR", "ShuffleQuestions: 0", ""]
    case, count = "", 0
    for question, text in _OUTLET.made(bank, losses):
        stimulus = question.stimulus
        if case and (not stimulus or stimulus.case != case):
            lines += ["*)", ""]
        if stimulus and stimulus.case != case:
            lines += [f"*( {markdown.to_plain(stimulus.text.strip(), lambda *_: None, '')}", ""]
        case = stimulus.case if stimulus else ""
        lines += [text, ""]
        count += 1
    return Exported("\n".join([*lines, *(["*)"] if case else [])]).encode(), count, tuple(losses))


@_OUTLET.writes("single", "multiple", "true-false",
                carries="id answer answers wrong last fractions scoring true")  # fmt: skip
def _choice(question: ChoosingQuestion, tell: Tell) -> str:
    if question.stimulus:
        markdown.to_plain(question.stimulus.text.strip(), tell, "stimulus")
    right = (
        question.right
        if isinstance(question, ChoiceQuestion)
        else (question.choices[int(question.key)],)
    )
    ordered = isinstance(question, TrueFalse) or choices.fixed(question)
    shown = question.last if choices.fixed(question) else question.choices
    if question.last and not choices.fixed(question):
        tell("AMC-TXT mélange tous les choix ou aucun", "last")
    options = ["ordered"] * ordered + [f"id={question.id}"]
    begins = "**" if question.several else "*"
    lines = [
        f"{begins}[{','.join(options)}]{{{_points(question, tell)}}} {_plain(question.text, tell, 'text')}"
    ]
    for choice in shown:
        key = "wrong" if choice not in right else "answers" if question.several else "answer"
        if markdown.from_plain(choice) != choice:
            tell("la mise en forme n’est pas gardée", "last", "fractions")
        lines.append(f"{'+' if choice in right else '-'} {_plain(choice, tell, key)}")
    return "\n".join(lines)


def _plain(text: str, tell: Tell, key: str) -> str:
    plain = markdown.to_plain(text, tell, key)
    if "[" in plain or plain.startswith(("{", "<")):
        raise NotCarriedError("AMC-TXT prendrait ses crochets pour une mise en forme")
    return plain


def _points(question: ChoosingQuestion, tell: Tell) -> str:
    """The points of a right answer, and the marks that are said."""
    weight, scoring = question.weight, question.scoring
    if question.rule == "fractions":
        tell("AMC-TXT n’a pas ici de part des points par choix", "fractions", "scoring")
    if question.rule == "right-minus-wrong":
        tell("AMC-TXT ne connaît pas ici la règle « right-minus-wrong »", "scoring")
    if scoring.dont_know is not None:
        tell("AMC-TXT n’a pas de « Je ne sais pas »", "scoring")
    if question.several and scoring.wrong:
        tell("AMC-TXT ne retire pas de points à toute une question multiple", "scoring")
    if question.several and question.rule == "per-option":
        points = [f"b={float(Fraction(weight, len(question.choices))):.6g}", "m=0"]
    else:
        points = [f"{'mz' if question.several else 'b'}={weight}"]
    for mark, letter in _KEYS.items():
        share = getattr(scoring, mark)
        if share and not (question.several and mark == "wrong"):
            points.append(f"{letter}={decimal_text(share * weight)}")
    return ",".join(points)


register(
    Format("amc", "AMC-TXT", (".amc", ".txt"), lambda raw: bool(_IS_IT.search(raw)), read, write)
)
