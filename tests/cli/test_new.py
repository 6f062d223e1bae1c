"""``bank new``: a question given by options or asked key by key, for every type."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.exam import bank
from tests.cli.test_bank import GOOD, run

SET = [
    "id=geo-1", "topic=fleuves", "difficulty=1", "text=Quel fleuve traverse Tours\u00a0?", "answer=La Loire",
    "wrong=Le Rhône", "wrong=La Seine", "explanation=Le Cher y rejoint le fleuve.", "source=Atlas de la France",
]  # fmt: skip
MADE = """\
  - id: geo-1
    topic: fleuves
    difficulty: 1
    text: Quel fleuve traverse Tours\u00a0?
    answer: La Loire
    wrong: [Le Rhône, La Seine]
    explanation: Le Cher y rejoint le fleuve.
    source: Atlas de la France
"""


def options(values: list[str]) -> list[str]:
    return [part for value in values for part in ("--set", value)]


def test_new_begins_a_bank_and_adds_to_it(file: Path) -> None:
    assert run("new", file, "--title", "Les fleuves", *options(SET)).exit_code == 0
    assert file.read_text("utf-8") == "bank: b\ntitle: Les fleuves\nquestions:\n" + MADE

    answer = run("new", file, *options(SET[1:]), "--set", "id=geo-2")

    assert answer.exit_code == 0
    assert file.read_text("utf-8").endswith(MADE + MADE.replace("geo-1", "geo-2"))
    assert run("check", file).exit_code == 0


def test_new_keeps_the_indent_and_the_rest_of_a_file(file: Path) -> None:
    flat = "\n".join(line.removeprefix("  ") for line in GOOD.splitlines()) + "\n# fin\n"
    file.write_text(flat, "utf-8")

    assert run("new", file, *options(SET)).exit_code == 0

    made = "\n".join(line.removeprefix("  ") for line in MADE.splitlines())
    assert file.read_text("utf-8") == f"{flat}{made}\n"


@pytest.mark.parametrize("slip", ["difficulty=9", "id=un", "answer=La Seine", "difficile=1"])
def test_new_refuses_and_writes_nothing(file: Path, slip: str) -> None:
    file.write_text(GOOD, "utf-8")
    key = slip.partition("=")[0]

    answer = run(
        "new", file, *options([one for one in SET if not one.startswith(key)]), "--set", slip
    )

    assert answer.exit_code == 1
    assert "rien n’a été écrit" in answer.output
    assert file.read_text("utf-8") == GOOD


def test_new_asks_again_until_each_key_is_right(file: Path) -> None:
    said = ["Les fleuves", "Geo 1", "geo-1", "fleuves", "dur", "1", "Quel fleuve traverse Tours\u00a0?", "La "
    "Loire",
            "Le Rhône", "La Seine", "", "Le Cher y rejoint le fleuve.", "Atlas de la France"]  # fmt: skip

    answer = run("new", file, given="\n".join(said) + "\n")

    assert answer.exit_code == 0
    assert file.read_text("utf-8").endswith(MADE)
    assert "« Geo 1 » n’est pas un identifiant." in answer.output
    assert "« dur » n’est pas un nombre entier." in answer.output


TYPED = {
    "true-false": ["oui", "yes"],
    "kprim": [
        "Il va de −100 à +100",
        "yes",
        "Il peut être négatif",
        "",
        "yes",
        "Il se compte en %",
        "no",
        "",
        "Il mesure une durée",
        "no",
        "",
    ],
    "ordering": ["Accueillir", "", "Questionner", "Conclure", ""],
    "matching": ["DMT", "La durée moyenne", "SVI", "Le serveur vocal", ""],
    "groups": [
        "Synchrone",
        "Le téléphone",
        "La visioconférence",
        "",
        "Différé",
        "Le courriel",
        "",
        "",
    ],
    "gaps": ["Le {1} se jette dans la {2}.", "Rhône", "Méditerranée", ""],
    "short": ["Oslo", ""],
    "number": ["5 %", "12,5"],
    "situation": ["J’écoute", "quatre", "4", "Je coupe", "1", "", "Je raccroche", "0", ""],
    "word": ["Je vous [rapelle] demain."],
    "free": ["Excuses (1), solution (2)"],
}


@pytest.mark.parametrize("kind", [*TYPED, "survey"])
def test_new_asks_for_what_each_type_needs(file: Path, kind: str) -> None:
    about = ["Essai", "un", "accueil", "1", "Que dites-vous\u00a0?"]
    ends = ["Le fait qui le montre.", "Atlas de la France"]
    said = [*about, *TYPED.get(kind, ["Oui", "", "Non", ""]), *(ends if kind in TYPED else ())]

    answer = run("new", file, "--type", kind, given="\n".join(said) + "\n")

    assert (answer.exit_code, "Aborted" in answer.output) == (0, False)
    [made] = bank.parse(file.read_text("utf-8")).questions
    assert made.kind == kind


def test_new_asks_for_more_until_there_are_enough(file: Path) -> None:
    said = [
        "Essai",
        "un",
        "accueil",
        "1",
        "Dans quel ordre\u00a0?",
        *TYPED["ordering"],
        "Un fait.",
        "Atlas",
    ]

    answer = run("new", file, "--type", "ordering", given="\n".join(said) + "\n")

    assert "contient trop peu d’éléments" in answer.output
    assert "    steps: [Accueillir, Questionner, Conclure]\n" in file.read_text("utf-8")


def test_new_shows_what_was_typed_when_the_whole_is_refused(file: Path) -> None:
    file.write_text(GOOD, "utf-8")
    said = [
        "un",
        "fleuves",
        "1",
        "Quel fleuve\u00a0?",
        "La Loire",
        "Le Rhône",
        "",
        "Elle y passe.",
        "Atlas",
    ]

    answer = run("new", file, given="\n".join(said) + "\n")

    assert answer.exit_code == 1
    assert "    answer: La Loire\n    wrong: [Le Rhône]\n" in answer.output
    assert file.read_text("utf-8") == GOOD
