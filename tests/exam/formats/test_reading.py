"""What other programs write, in their own ways of writing it, and what it becomes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from quizapp.exam import bank
from quizapp.exam.formats import FORMATS
from quizapp.exam.formats.base import Imported
from quizapp.exam.questions.base import Question

QUIZ = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{}\n</quiz>'
FILLED = {"explanation", "source", "difficulty", "topic", "id"}


def read(name: str, raw: str | bytes) -> Imported:
    """What a file gives, in this format."""
    content = raw.encode() if isinstance(raw, str) else raw
    return FORMATS[name].read(content, f"essai{FORMATS[name].suffixes[0]}")


def question(made: Imported) -> Question:
    """The one question of a bank."""
    [one] = bank.parse(made.text).questions
    return one


def own(made: Imported) -> dict[str, Any]:
    """The keys of the one question, but for those that every question has."""
    question(made)
    [entry] = yaml.load(made.text, Loader=yaml.BaseLoader)["questions"]
    return {key: value for key, value in entry.items() if key not in FILLED}


def whats(made: Imported) -> list[str]:
    """What was told."""
    return [loss.what for loss in made.losses]


def moodle(kind: str, inside: str) -> Imported:
    """A question of Moodle XML as Moodle writes it, with what it always writes."""
    return read("moodle", QUIZ.format(f"""
  <question type="category"><category><text>$course$/top/Culture/Villes d//Europe</text></category></question>
  <question type="{kind}">
    <name><text>Ma question</text></name>
    <questiontext format="html"><text><![CDATA[<p>Que <b>dire</b>&nbsp;?</p>]]></text></questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>Parce que.</p>]]></text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>
    <idnumber></idnumber>{inside}
  </question>"""))  # fmt: skip


COMMON = {"text": "Que **dire**\u00a0?", "weight": "2"}


def answers(*pairs: tuple[str, str]) -> str:
    """Answers with their fractions."""
    return "".join(
        f'<answer fraction="{share}" format="html"><text>{text}</text></answer>'
        for text, share in pairs
    )


@pytest.mark.parametrize(
    ("kind", "inside", "keys"),
    [
        ("multichoice", "<single>true</single>" + answers(("Oslo", "100"), ("Bergen", "0")),
         {"answer": "Oslo", "wrong": ["Bergen"]}),
        ("multichoice", "<single>true</single>" + answers(("Oslo", "100"), ("Bergen", "-33.33333")),
         {"answer": "Oslo", "wrong": ["Bergen"], "fractions": {"Oslo": "1", "Bergen": "-1/3"}}),
        ("multichoice", "<single>false</single><shuffleanswers>0</shuffleanswers>"
         + answers(("2", "50"), ("4", "-50"), ("3", "50")),
         {"answers": ["2", "3"], "wrong": ["4"], "last": ["2", "4", "3"], "scoring": "right-minus-wrong"}),
        ("truefalse", answers(("true", "0"), ("false", "100")), {"true": "no"}),
        ("shortanswer", "<usecase>0</usecase>" + answers(("Oslo", "100"), ("Bergen", "0"), ("*", "0")),
         {"accept": ["Oslo"], "refuse": ["Bergen"], "ignore": ["case"]}),
        ("numerical", '<answer fraction="100"><text>5</text><tolerance>0.1</tolerance></answer>'
         "<units><unit><multiplier>1</multiplier><unit_name>min</unit_name></unit></units>",
         {"number": "5", "within": "0.1", "unit": "min"}),
        ("matching", "".join(
            f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
            for left, right in (("DMT", "durée"), ("SVI", "vocal"), ("", "autre"))),
         {"pairs": {"DMT": "durée", "SVI": "vocal"}, "extra": ["autre"], "scoring": "per-option"}),
        ("matching", "".join(
            f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
            for left, right in (("Oslo", "Nord"), ("Rome", "Sud"), ("Riga", "Nord"))),
         {"groups": {"Nord": ["Oslo", "Riga"], "Sud": ["Rome"]}, "scoring": "per-option"}),
        ("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype>"
         + answers(("Deux", "2.0000000"), ("Un", "1.0000000"), ("Trois", "3.0000000")),
         {"steps": ["Un", "Deux", "Trois"]}),
        ("essay", "<graderinfo format='html'><text>Excuses (1)</text></graderinfo>", {"rubric": "Excuses (1)"}),
    ],
)  # fmt: skip
def test_moodle_questions(kind: str, inside: str, keys: dict[str, Any]) -> None:
    made = moodle(kind, inside)

    assert own(made) == {**COMMON, **keys}
    assert whats(made) == ["les pénalités par essai ne sont pas gardées"]
    assert question(made).topic == "Villes d/Europe"
    assert (question(made).id, question(made).explanation) == ("ma-question", "Parce que.")
    assert "title: Culture\n" in made.text


def test_moodle_kprime() -> None:
    rows = "".join(
        f'<row number="{n}"><optiontext format="html"><text>R{n}</text></optiontext></row>'
        f'<weight rownumber="{n}" columnnumber="1"><value>{n % 2}.000</value></weight>'
        for n in range(1, 5)
    )
    columns = "".join(
        f'<column number="{n}"><responsetext><text>{text}</text></responsetext></column>'
        for n, text in ((1, "Vrai"), (2, "Faux"))
    )

    made = moodle("kprime", f"<scoringmethod><text>subpoints</text></scoringmethod>{rows}{columns}")

    statements = {"R1": "yes", "R2": "no", "R3": "yes", "R4": "no"}
    assert own(made) == {**COMMON, "statements": statements, "scoring": "per-option"}


@pytest.mark.parametrize(
    ("kind", "inside", "why"),
    [
        ("calculated", "", "type « calculated » non pris en charge"),
        ("multichoice", "<single>true</single>" + answers(("a", "50"), ("b", "0")),
         "aucune réponse ne vaut 100 %"),
        ("multichoice", "<single>false</single>" + answers(("a", "80"), ("b", "0")),
         "les bonnes réponses font 80 % et non 100 %"),
        ("shortanswer", answers(("*aris", "100")), "aucune réponse n’est acceptée telle quelle"),
        ("description", "", "un texte sans question (« description ») n’a pas de place"),
    ],
)  # fmt: skip
def test_moodle_questions_that_have_no_place_are_named(kind: str, inside: str, why: str) -> None:
    made = moodle(kind, inside)

    [loss] = [loss for loss in made.losses if loss.whole]
    assert (loss.item, loss.what, loss.line) == ("question 1 « Ma question »", why, 5)
    assert (made.count, made.text) == (0, "")


def test_cloze_and_its_gaps() -> None:
    text = (
        "<p>Complétez.</p><p>La Loire est un {1:SHORTANSWER:=fleuve#Oui~=grand fleuve} ; elle va"
        " vers {1:MULTICHOICE:la Manche~=l’océan\\~}.</p>"
    )
    made = read("moodle", QUIZ.format(
        '<question type="cloze"><name><text>c</text></name><questiontext format="html">'
        f"<text><![CDATA[{text}]]></text></questiontext></question>"
    ))  # fmt: skip

    assert own(made) == {
        "text": "Complétez.",
        "passage": "La Loire est un {1} ; elle va vers {2}.",
        "gaps": [["fleuve", "grand fleuve"], {"answer": "l’océan~", "wrong": ["la Manche"]}],
        "ignore": ["case"],
        "scoring": "per-option",
    }
    assert whats(made) == ["les commentaires propres à une réponse ne sont pas gardés"]


def test_words_to_choose_become_gaps() -> None:
    boxes = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>"
        for text, group in (("chat", 1), ("chien", 1), ("miaule", 2), ("aboie", 2))
    )
    made = read("moodle", QUIZ.format(
        '<question type="gapselect"><name><text>c</text></name><questiontext format="html">'
        f"<text>Le [[2]] [[4]].</text></questiontext>{boxes}</question>"
    ))  # fmt: skip

    assert own(made)["passage"] == "Le {1} {2}."
    assert own(made)["gaps"] == [
        {"answer": "chien", "wrong": ["chat"]},
        {"answer": "aboie", "wrong": ["miaule"]},
    ]


GIFT = """\
// un commentaire
$CATEGORY: $course$/top/Sciences/Espace

// [id:lune] [tag:facile] [tag:difficulté 1]
::Lune::[html]<b>Qui</b> a marché\\: le premier ? {
  =Armstrong # bravo
  ~%50%Aldrin
  ~Youri \\= Gagarine
  ####En 1969.
}

Le Soleil est une planète.{F}

Racines de 4 {~%50%-2 ~%50%2 ~%-50%4}

Deux et deux font {=quatre =4} en tout.

Quand ? {#1969:1}

Entre {#1..3}

Qui va avec quoi ? {=Canada -> Ottawa =Italie -> Rome = -> Paris}

Racontez. {}
"""


def test_gift_has_its_whole_grammar() -> None:
    made = read("gift", GIFT)
    entries = yaml.load(made.text, Loader=yaml.BaseLoader)["questions"]

    assert [{key: value for key, value in entry.items() if key not in FILLED} for entry in entries] == [
        {"tags": ["facile"], "text": "**Qui** a marché: le premier ?", "answer": "Armstrong",
         "wrong": ["Aldrin", "Youri = Gagarine"], "fractions": {"Armstrong": "1", "Aldrin": "1/2"}},
        {"text": "Le Soleil est une planète.", "true": "no"},
        {"text": "Racines de 4", "answers": ["-2", "2"], "wrong": ["4"], "scoring": "right-minus-wrong"},
        {"text": "Deux et deux font _____ en tout.", "accept": ["quatre", "4"], "ignore": ["case"]},
        {"text": "Quand ?", "number": "1969", "within": "1"},
        {"text": "Entre", "number": "2", "within": "1"},
        {"text": "Qui va avec quoi ?", "pairs": {"Canada": "Ottawa", "Italie": "Rome"},
         "extra": ["Paris"], "scoring": "per-option"},
        {"text": "Racontez.", "rubric": "Le fichier importé ne donne pas de barème."},
    ]  # fmt: skip
    first = bank.parse(made.text).questions[0]
    assert (first.id, first.topic, first.difficulty, first.explanation) == (
        "lune",
        "Espace",
        1,
        "En 1969.",
    )
    assert whats(made) == ["les commentaires propres à une réponse ne sont pas gardés"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Un trou {=a", "une accolade manque ou est de trop"),
        ("Deux {=a ~b} trous {=c ~d}", "elle a plusieurs groupes de réponses entre accolades"),
        ("Deux bonnes {=a =b ~c}", "2 réponses valent 100 %"),
    ],
)
def test_gift_that_is_broken_is_named_with_its_line(text: str, why: str) -> None:
    made = read("gift", f"// rien\n\n{text}\n")

    [loss] = made.losses
    assert (loss.what, loss.line, loss.whole) == (why, 3, True)
