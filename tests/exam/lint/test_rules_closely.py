"""What rules let pass, so that an alarm means something; and near-duplicates found as if all were compared."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import bank
from quizapp.exam.bank import Bank
from quizapp.exam.lint import pages, twins, typography
from quizapp.exam.lint.entries import Shelf
from quizapp.exam.lint.linting import lint
from quizapp.exam.lint.rules import RULES, Example
from quizapp.exam.source import Source
from tests.exam.samples import single

TODAY = date(2026, 11, 28)


def codes(text: str, times: int = 1) -> set[str]:
    """The codes of what is found in the questions of ``text``."""
    texts = {f"{at}.yaml": one for at, one in enumerate(pages.banks(Example(text, times)))}
    return {finding.code for finding in lint(texts, TODAY)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- text: Un client ne répond pas. Que faites-vous\u00a0?", set()),
        ("- text: Quel service rappelle un client qui n’a pas répondu\u00a0?", set()),
        ("- text: Qui dit «\u00a0je ne sais pas\u00a0» dans cette scène\u00a0?", set()),
        ("- text: Quelle formule n’est jamais employée\u00a0?", {"QA201"}),
        ("- text: Toutes ces formules conviennent, sauf une. Laquelle est fausse\u00a0?", {"QA201"}),
        ("- text: Quel ministre défendit Calais à l’Assemblée nationale\u00a0?", set()),
        ("- text: Où se trouvait l’actuelle Turquie en 1800\u00a0?", set()),
        ("- text: Quelle ville, connue aujourd’hui sous un autre nom, fut assiégée\u00a0?", set()),
        ("- text: Quel film sortit en 2019\u00a0?", set()),
        ("- text: Quel film sortira en 2026\u00a0?", {"QA405"}),
        ("- text: À quelle heure, 12:30 ou 13:30, ferme https://exemple.fr?a=b le samedi\u00a0?", set()),
        ("- text: 'Que veut dire `a ? b : c` en code, «\u00a0si\u00a0» ou «\u00a0sinon\u00a0»\u00a0?'", set()),
        ("- text: Que dit «\u00a0la règle “d’or”\u00a0» au client\u00a0?", set()),
        ("- text: Que dit la règle “d’or” au client\u00a0?", {"QA302"}),
        ("- text: L'accueil, c'est quoi\u00a0?", {"QA303"}),
        ("- text: A priori, que demande le client\u00a0?", set()),
        ("- text: A votre avis, que demande le client\u00a0?", {"QA304"}),
        ("- text: Que garantit l’Etat au client\u00a0?", {"QA304"}),
        ("- text: Quel client vient en 2ème\u00a0?", {"QA305"}),
        ("- text: Qui ouvre à 9\u00a0h et ferme à 13\u00a0h\u00a030\u00a0?", set()),
        ("- text: Qui ouvre à 9 h chaque jour\u00a0?", {"QA306"}),
        ("- text: Qui ferme à 13\u00a0h 30 chaque jour\u00a0?", {"QA306"}),
        ("- text: Quelle soeur appelle... en premier\u00a0?", {"QA305"}),
        ("- source: 'Robert Cialdini, Influence: The Psychology of Persuasion'", set()),
        ("- answer: De 8 à 20\u00a0h\n  wrong: [De 9 à 19\u00a0h, De 10 à 18\u00a0h]", set()),
        ("- answer: De 10 à 20 km\n  wrong: [De 15 à 25 km, De 30 à 40 km]", {"QA204"}),
        ("- answer: 1 000 à 2 000\n  wrong: [1 500 à 1 800, 3 000 à 4 000]", {"QA204"}),
        ("- answer: Paris\n  wrong: [Paris et Lyon, Nice]", {"QA204"}),
        ("- answer: Nous pallions ce manque\n  wrong: [Nous pallions à ce manque, Nous y pallions]", set()),
        ("- answer: L’hôte\n  wrong: [Hôte, Le maître]", {"QA203"}),
        ("- answer: Vrai\n  wrong: Faux", set()),
        ("- answer: Accueil\n  wrong: Départ", {"QA206"}),
        ("- answer: 3\u00a0h\n  wrong: [1,5\u00a0h, 2\u00a0h]", {"QA207"}),
        ("- answer: 3\u00a0h\n  wrong: ['1,5\u00a0h', 2\u00a0h]", set()),
        ("- answer: 3\n  wrong: [1, 5]", set()),
        ("- answer: 3\n  wrong:\n    - 1\n    - 5", set()),
        ("- survey: [Par mon responsable, Autrement]", set()),
        ("- answer: Oui\n  wrong: [Non, Les trois propositions]", {"QA202"}),
        ("- answer: Oui\n  wrong: [Non, Aucune des deux]", {"QA202"}),
        ("- answer: Aucune remise\n  wrong: [Une petite remise, Une grande remise]", set()),
        ("- answer: Tous les clients\n  wrong: [Les clients fidèles, Les clients nouveaux]", set()),
        ("- answer: Le laisser parler\n  wrong: [Répondre à sa place, Dire d’attendre, Finir]", set()),
        ("- answer: Rien\n  wrong: [Le prix, Un colis]", set()),
        ("- answer: D’un an\n  wrong: [De six mois, De deux ans]", set()),
        ("- source: Wikipédia", {"QA402"}),
        ("- source: Wikipédia, «\u00a0Rhône\u00a0»", set()),
        ("- explanation: Parce que.", {"QA401"}),
        ('- text: "![Un schéma](schéma.png) Que voit-on\u00a0?"', {"QA408"}),
        ('- explanation: "L’usage du métier ![en images](a.png) le montre."', {"QA408"}),
        ("- text: 'Comment écrit-on `![légende](a.png)` en Markdown\u00a0?'", set()),
        ("- text: Que veut dire #MeToo sur un réseau social\u00a0?", {"QA208"}),
        ("- text: Que commande la touche # du téléphone\u00a0?", {"QA208"}),
        ("- text: Que commande cette touche\u00a0? # du téléphone", set()),
        ("- text: Que commande cette touche\u00a0? # du téléphone, à revoir.", set()),
        ("- answer: «\u00a0Tapez # puis 1\u00a0»\n  wrong: [«\u00a0Un\u00a0», «\u00a0Deux\u00a0»]",
         {"QA208"}),
        ("- answer: Le centre #1\n  wrong: [Un, Deux]", {"QA208"}),
        ("- answer: Le centre # à revoir\n  wrong: [Un, Deux] #vu", set()),
        ("- answer: 'Oui' #vu\n  wrong: [Non, Peut-être]", set()),
        ("- explanation: |\n    Le standard, dit-on,\n    compose le #1 chez eux.", set()),
        ("- source: Le guide,\n    édition #2", {"QA208"}),
        ("- difficulty: 2 #facile", set()),
    ],
)  # fmt: skip
def test_rules_name_what_they_should_and_nothing_else(text: str, found: set[str]) -> None:
    assert codes(text + "\n") == found


def test_text_that_is_a_key_is_read_like_any_other_and_named_at_its_place() -> None:
    keys = "Je rappelle à 9 h: 2\n    L'attente: 1\n    Rien: 0\n"
    [one] = pages.banks(Example(f"- text: Que dites-vous\u00a0?\n  reactions:\n    {keys}"))
    one = one.replace("  answer: Bonjour\n  wrong: [Allô, Oui]", "")

    found = [(finding.code, str(finding.place)) for finding in lint({"b.yaml": one}, TODAY)]

    assert found == [("QA306", "b.yaml:7:5"), ("QA303", "b.yaml:8:5")]


@pytest.mark.parametrize("count", [19, 20])
def test_habits_of_a_bank_are_told_from_twenty_questions(count: int) -> None:
    text = "- answer: Bonjour madame\n  wrong: [Salut vous, Bon, Oui]\n"

    assert ("QA501" in codes(text, count)) is (count == 20)


def test_right_choice_pinned_last_is_a_habit() -> None:
    text = "- answer: Rien de tel\n  wrong: [Un, Deux, Trois]\n  last: Rien de tel\n"

    assert "QA502" in codes(text, 20)
    assert "QA502" not in codes(text + text.replace("last: Rien de tel", "last: Un") * 2, 20)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- answer: «A»\n  wrong: [B, C]", "Seule la bonne réponse est entre guillemets."),
        ("- answer: A\n  wrong: [«B», «C»]", "Seule la bonne réponse n’est pas entre guillemets."),
        ("- answer: Un\n  wrong: [1, 2]", "Seule la bonne réponse ne contient pas de chiffre."),
        ("- answer: «A»\n  wrong: [«B», «C», D]",
         "Le choix « D » est le seul qui n’est pas entre guillemets."),
        ("- answer: 1 an\n  wrong: [2 ans, 3 ans, Un an]",
         "Le choix « Un an » est le seul qui ne commence pas par un chiffre."),
    ],
)  # fmt: skip
def test_odd_form_is_told_in_good_french(text: str, said: str) -> None:
    [one] = pages.banks(Example(text + "\n"))

    assert said in [found.what.replace("\u00a0", " ") for found in lint({"b.yaml": one}, TODAY)]


def test_rule_code_is_used_once() -> None:
    rule = RULES["QA101"]

    with pytest.raises(ValueError, match="QA101"):
        twins.of_banks("QA101", "", why="", severity=rule.severity, bad=rule.bad, good=rule.good)(
            lambda _: []
        )


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Qu'est-ce ?", "Qu’est-ce\u00a0?"),
        ('Il dit "oui"; puis "non"!', "Il dit «\u00a0oui\u00a0»\u00a0; puis «\u00a0non\u00a0»\u00a0!"),
        ("«Un “mot” ici »", "«\u00a0Un “mot” ici\u00a0»"),
        ("À 12:30, sur https://a.fr", "À 12:30, sur https://a.fr"),
        ("De 9 h à 13 h 30.", "De 9\u00a0h à 13\u00a0h\u00a030."),
        ("13\u00a0h 30, 13 h\u00a030", "13\u00a0h\u00a030, 13\u00a0h\u00a030"),
        ("À 9 h 120 appels, 3 heures, l’axe h 30", "À 9\u00a0h 120 appels, 3 heures, l’axe h 30"),
    ],
)  # fmt: skip
def test_typography_is_mended(text: str, mended: str) -> None:
    assert typography.mended(text) == mended
    assert typography.mended(mended) == mended


def shelf(texts: list[str]) -> Shelf:
    """A bank of questions that ask ``texts``."""
    questions = tuple(single(id=f"q-{at}", text=text) for at, text in enumerate(texts))
    source = Source("b.yaml", {"questions": [{}] * len(questions)})
    return Shelf(Bank("b", "B", questions), source, TODAY)


WORDS = st.sampled_from(
    ["albert", "bernard", "charles", "daniel", "edouard", "francois", "georges", "henriette"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), max_size=12))
@settings(deadline=None, max_examples=200)
def test_twins_are_those_that_comparing_every_pair_finds(texts: list[str]) -> None:
    entries = shelf(texts).entries
    order = sorted(range(len(entries)), key=lambda place: len(entries[place].subject))

    found = twins._twins((entries[0].shelf,) if entries else ())

    assert len(found) == sum(
        any(is_near(entries[earlier].subject, entries[later].subject)
            and twins._alike(entries[earlier], entries[later]) for earlier in order[:at])
        for at, later in enumerate(order)
    )  # fmt: skip


def is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    return 5 * len(one & other) >= 3 * len(one | other)


def test_a_word_that_half_the_bank_says_is_no_echo() -> None:
    one = "- text: Que veut un client numéro {0}\u00a0?\n  answer: Le client {0}\n  wrong: [Un, Deux]\n"

    assert "QA105" in codes(one.format(1))
    assert "QA105" not in codes("".join(one.format(number) for number in range(9)))


def test_examples_of_rules_are_banks() -> None:
    for rule in RULES.values():
        for text in pages.banks(rule.bad) + pages.banks(rule.good):
            bank.parse(text)


def test_typography_of_a_source_leaves_english_titles_alone():
    said = "Influence: The Psychology, « Loire »"

    mended = typography.mended_text(("questions", 0, "source"), said)

    assert mended == "Influence: The Psychology, «\u00a0Loire\u00a0»"
    assert typography.mended_text(("questions", 0, "id"), "a'b") == "a'b"
    assert typography.mended_text(("title",), "a'b") == "a'b"
