"""Rules on what stands behind a question: explanation, source, age, and images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from quizapp.exam import markup
from quizapp.exam.lint import words
from quizapp.exam.lint.entries import Entry
from quizapp.exam.lint.rules import Remark, Severity, of_question

_SOON = timedelta(days=90)


@of_question(
    "QA401",
    "Explication vide de sens",
    why="L’explication dit pourquoi c’est juste : elle instruit après l’épreuve, et permet de trancher "
    "une réclamation.",
    severity=Severity.WARNING,
    bad="""\
- text: Quel fleuve traverse Tours ?
  answer: La Loire
  wrong: [Le Rhône, La Seine]
  explanation: La bonne réponse est la Loire.
""",
    good="""\
- text: Quel fleuve traverse Tours ?
  answer: La Loire
  wrong: [Le Rhône, La Seine]
  explanation: La ville s’étend entre le fleuve et son affluent, le Cher.
""",
)
def trivial_explanation(entry: Entry) -> Iterator[Remark]:
    """An explanation of fewer than four words, or that only repeats stem and answer.

    A type that may go without one, such as a survey, is let be.
    """
    if not entry.question.explanation:
        return
    said = words.words(entry.question.explanation)
    empty = frozenset({"bonne", "juste", "vrai", "exact", "voir"})
    new = words.subject(entry.question.explanation) - entry.subject - empty
    if len(said) < 4 or not new:
        yield (
            entry.at("explanation"),
            "L’explication ne dit pas pourquoi c’est juste.",
            "Ajoutez le fait, la règle ou le calcul qui le montre.",
        )


_VAGUE = re.compile(
    r"(?:l'|le |la |les |un |une |mon |ma |mes )?(?:internet|web|net|google|wikipedia|wikipédia|chatgpt|ia|moi"
    r"|divers|aucune?|inconnue?|perso(?:nnelle?)?|cours|livre|culture generale|connaissances?(?: generales?)?"
    r"|experience|site|memoire|recherche)s?"
)


@of_question(
    "QA402",
    "Source que personne ne peut vérifier",
    why="Le jour d’une réclamation, il faut pouvoir ouvrir le document : un auteur, un titre, un "
    "article de loi, une page.",
    severity=Severity.WARNING,
    bad="""\
- text: Quel fleuve traverse Tours ?
  answer: La Loire
  wrong: [Le Rhône, La Seine]
  source: Internet
""",
    good="""\
- text: Quel fleuve traverse Tours ?
  answer: La Loire
  wrong: [Le Rhône, La Seine]
  source: Encyclopædia Universalis, « Loire »
""",
)
def vague_source(entry: Entry) -> Iterator[Remark]:
    """A source of three letters, or one that names nothing."""
    if not entry.question.source:
        return
    source = words.fold(entry.question.source).strip(" .?!-…")
    if len(source) < 4 or _VAGUE.fullmatch(source):
        yield (
            entry.at("source"),
            f"« {entry.question.source[:60]} » ne permet pas de vérifier.",
            "Nommez l’auteur et le titre, ou le texte et l’article.",
        )


@of_question(
    "QA403",
    "La réponse n’est plus sûre",
    why="La date de « true_until » est passée : la bonne réponse a pu changer.",
    severity=Severity.ERROR,
    bad="""\
- text: Combien de membres compte le comité ?
  answer: Douze
  wrong: [Dix, Vingt]
  true_until: 2024-12-31
""",
    good="""\
- text: Combien de membres compte le comité ?
  answer: Douze
  wrong: [Dix, Vingt]
  true_until: 2099-12-31
""",
)
def past_its_date(entry: Entry) -> Iterator[Remark]:
    """``true_until`` lies before today."""
    until = entry.question.true_until
    if until is not None and until < entry.today:
        yield (
            entry.at("true_until"),
            f"Cette réponse n’était sûre que jusqu’au {until:%d/%m/%Y}.",
            "Vérifiez-la, puis repoussez la date ou retirez la question.",
        )


@of_question(
    "QA404",
    "La réponse cessera bientôt d’être sûre",
    why="La date de « true_until » tombe dans moins de 90 jours : l’épreuve peut avoir lieu après.",
    severity=Severity.WARNING,
    bad="""\
- text: Combien de membres compte le comité ?
  answer: Douze
  wrong: [Dix, Vingt]
  true_until: 2026-02-15
""",
    good="""\
- text: Combien de membres compte le comité ?
  answer: Douze
  wrong: [Dix, Vingt]
  true_until: 2099-12-31
""",
)
def near_its_date(entry: Entry) -> Iterator[Remark]:
    """``true_until`` lies within 90 days."""
    until = entry.question.true_until
    if until is not None and entry.today <= until <= entry.today + _SOON:
        yield (
            entry.at("true_until"),
            f"Cette réponse n’est sûre que jusqu’au {until:%d/%m/%Y}.",
            "Vérifiez qu’elle tiendra le jour de l’épreuve.",
        )


_AGES = re.compile(
    r"\b(actuel(?:le)?s?|actuellement|a ce jour|a l'heure actuelle|ces derniers temps|recemment|depuis peu"
    r"|cette annee|l'an dernier|l'annee derniere|dernier recensement|detient le record|plus recente?)\b"
    r"|(?<!connu )(?<!connue )(?<!nomme )(?<!nommee )(?<!appele )(?<!appelee )(?<!devenu )(?<!devenue )"
    r"\b(aujourd'hui|de nos jours)\b"
)
_LANDS = re.compile(r"\bactuel(?:le)?s?\b (?=[A-ZÀ-Þ])|\b(?:l['’]|à )actuel(?:le)?\b(?= [A-ZÀ-Þ])")
_YEAR = re.compile(r"\ben (20\d\d)\b")


@of_question(
    "QA405",
    "La réponse peut vieillir, et ne dit pas quand",
    why="« Actuel », « aujourd’hui », « en 2026 » : la réponse changera sans que personne touche au "
    "fichier. Avec "
    "« true_until », elle se signale d’elle-même à temps.",
    severity=Severity.WARNING,
    bad="""\
- text: Qui est l’actuel président du comité ?
  answer: Le maire
  wrong: [Le préfet, Le recteur]
""",
    good="""\
- text: Qui est l’actuel président du comité ?
  answer: Le maire
  wrong: [Le préfet, Le recteur]
  true_until: 2099-12-31
""",
)
def may_age(entry: Entry) -> Iterator[Remark]:
    """The stem speaks of now, or of this year, and no date is given."""
    if entry.question.true_until is not None:
        return
    text = entry.question.text
    found = _AGES.search(words.fold(_LANDS.sub(" ", text)))
    if found is None:
        years = (match for match in _YEAR.finditer(text) if int(match[1]) >= entry.today.year)
        found = next(years, None)
    if found is not None:
        said = found[0].replace("'", "’")
        yield (
            entry.at("text"),
            f"« {said} » : la réponse peut changer.",
            "Datez le fait dans l’énoncé, ou ajoutez « true_until: » avec la date à laquelle le revoir.",
        )


@of_question(
    "QA408",
    "Image qui ne s’affichera pas",
    why="Un texte de banque ne montre pas d’image, ni son texte de remplacement : le candidat lirait le reste "
    "de la phrase, sans savoir qu’il manque quelque chose.",
    severity=Severity.ERROR,
    bad="""\
- text: "![Un téléphone, voyant orange allumé](https://exemple.fr/voyant.png) Que signale ce voyant\u00a0?"
  answer: Un appel en attente
  wrong: [Une panne, Une mise à jour]
""",
    good="""\
- text: Que signale le voyant orange qui clignote sur ce modèle de téléphone\u00a0?
  answer: Un appel en attente
  wrong: [Une panne, Une mise à jour]
""",
)
def image_not_shown(entry: Entry) -> Iterator[Remark]:
    """A Markdown image anywhere in what the question says."""
    for said in entry.prose:
        for address in markup.images(said.text):
            yield (
                said.place,
                f"L’image « {address[:60]} » ne s’affichera pas.",
                "Retirez-la, et décrivez en mots ou dans un tableau ce qu’il faut y voir.",
            )
