"""Aiken, AMC-TXT, QTI items and tables as other programs and people write them."""

from __future__ import annotations

import pytest

from quizapp.exam import bank
from quizapp.exam.formats import FORMATS
from tests.exam.formats.test_hostile import packed
from tests.exam.formats.test_reading import own, question, read, whats


def test_aiken_and_what_is_wrong_with_it() -> None:
    made = read("aiken", "Capitale ?\nA. Oslo\nB) Bergen\nANSWER: A\n\nSans réponse ?\nA. a\nB. b\n\n"
                "Hors choix ?\nA. a\nB. b\nANSWER: D\n")  # fmt: skip

    assert own(made) == {"text": "Capitale ?", "answer": "Oslo", "wrong": ["Bergen"]}
    assert [(loss.what, loss.line) for loss in made.losses] == [
        ("la ligne « ANSWER: » manque", 6),
        ("« ANSWER: D » ne nomme aucun choix", 10),
    ]


def test_amc_groups_marks_and_what_is_not_kept() -> None:
    made = read("amc", """\
# commentaire
Title: Essai
*( Géographie
*[ordered,id=oslo]{b=2,m=-1} Quelle est [*]la[*] capitale
de la Norvège ?
+ Oslo
- Bergen
*)
**[horiz]{mz=1} Lesquels ?
+ deux
- quatre
*{formula=NB} Lequel ?
+ un
- [[\\LaTeX]]
""")  # fmt: skip

    first, second = bank.parse(made.text).questions
    assert (first.id, first.topic, first.weight, first.text) == (
        "oslo", "Géographie", 2, "Quelle est **la** capitale de la Norvège ?",
    )  # fmt: skip
    assert (first.scoring.wrong, first.last) == (-1 / 2, ("Oslo", "Bergen"))
    assert (second.kind, second.rule) == ("multiple", "all-or-nothing")
    assert whats(made) == [
        "l’option « horiz » n’est pas gardée",
        "elle contient du LaTeX ou une image",
    ]


ITEM = """\
<{q}assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="capitale"
  title="Capitale" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><p>La <em>Norvège</em>.</p>
<qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">
<qti-prompt>Sa capitale ?</qti-prompt>
<qti-simple-choice identifier="A">Oslo</qti-simple-choice>
<qti-simple-choice identifier="B">Bergen<qti-feedback-inline identifier="B">Non</qti-feedback-inline>
</qti-simple-choice>
<qti-simple-choice identifier="C" fixed="true">Aucune</qti-simple-choice>
</qti-choice-interaction></qti-item-body></{q}assessment-item>"""


def test_a_qti_item_alone() -> None:
    made = read("qti3", ITEM.format(q="qti-"))

    assert own(made) == {
        "text": "La *Norvège*.\n\nSa capitale ?",
        "answer": "Oslo",
        "wrong": ["Bergen", "Aucune"],
        "last": ["Aucune"],
    }
    assert whats(made) == ["les commentaires selon la réponse ne sont pas gardés"]


def test_a_qti_package_without_a_manifest_and_with_a_bad_item() -> None:
    made = read(
        "qti21",
        packed(("a.xml", ITEM.format(q="qti-").encode()), ("b.xml", b"<x"), ("c.xml", b"<x/>")),
    )

    assert made.count == 1
    assert [loss.item for loss in made.losses if loss.whole] == [
        "question 2 « b.xml »",
        "question 3 « c.xml »",
    ]


def test_a_table_as_a_trainer_fills_it_in() -> None:
    text = (
        "Énoncé;Bonne réponse;Mauvaise réponse 1;Mauvaise réponse 2;Difficulté;Remarque\r\n"
        "Capitale ?;Oslo;Bergen;Trondheim;1;à revoir\r\n;;;;;\r\nSans réponse ?;;;;;\r\n"
    )

    made = read("csv", text.encode("cp1252"))

    assert own(made) == {"text": "Capitale ?", "answer": "Oslo", "wrong": ["Bergen", "Trondheim"]}
    assert question(made).difficulty == 1
    assert [(loss.item, loss.what) for loss in made.losses] == [
        ("fichier", "il n’est pas en UTF-8 : lu comme Windows-1252, relisez les accents"),
        ("colonne", "« Remarque » n’est pas une colonne connue"),
        ("question 2 « Sans réponse ? »", "aucune réponse n’est donnée"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-vingt", "@x", "＝1", "'=1", "\t=1"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    made = bank.parse(
        f"bank: b\ntitle: t\nquestions:\n  - {{id: q, topic: a, difficulty: 1, text: {text.strip()!r}, "
        "answer: '-2', wrong: ['=1', '4'], explanation: e, source: s}\n".replace('"\'=1"', '"\'=1"')
    )

    out = FORMATS["csv"].write(made)

    cells = [
        cell.strip('"')
        for line in out.content.decode("utf-8-sig").splitlines()
        for cell in line.split(";")
    ]
    assert [cell for cell in cells if cell[:1] in "=+@＝" and cell] == []
    assert bank.parse(FORMATS["csv"].read(out.content, "b.csv").text).digest == made.digest
