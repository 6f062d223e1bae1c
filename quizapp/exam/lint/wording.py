"""Rules on how the stem asks and how the choices answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from quizapp.exam.lint import words
from quizapp.exam.lint.entries import Entry
from quizapp.exam.lint.giveaways import HALADYNA
from quizapp.exam.lint.rules import Remark, Severity, of_question

_SUBORDINATE = r"(?:(?!\b(?:qui|que|qu|dont|ou|quand|lorsque|lorsqu|si|s|afin|pour)\b)[^?.;])*?"
_NEGATION = re.compile(
    r"(?:\b(?:quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s|qu'est-ce qui)|(?:^|[.?] )qui)\b" + _SUBORDINATE
    + r"\b(?:ne |n')[^?.;]*?\b(?:pas|point|jamais|aucun|aucune)\b[^?.;]*\?"
    r"|\b(?:toute?s|tous|chacune?)\b[^?.;]*\b(?:sauf|excepte|hormis|a l'exception d[eu'])[^?]*\?"
    r"|\b(?:est|sont|serait) (?:faux|fausses?|inexacte?s?|incorrecte?s?|erronee?s?)\b[^?.;]*\?"
    r"|\bl'intrus\b"
)  # fmt: skip
_QUOTED = re.compile("«[^»]*»")
_STRESSED = re.compile(
    r"\*\*[^*]*\b(?:ne|n['’]|pas|point|jamais|aucune?|sauf|excepté|hormis|exception|faux|fausses?|inexacte?s?"
    r"|incorrecte?s?|erronée?s?|intrus)[^*]*\*\*|\b(?:PAS|SAUF|JAMAIS|FAUX|FAUSSE|INCORRECTE?)\b"
)


@of_question(
    "QA201",
    "L’énoncé demande ce qui n’est pas",
    why="Pressé, on lit sans voir la négation : la faute vient alors de la lecture, et non du savoir. Demandez "
    "ce qui est ; sinon, mettez la négation en gras.",
    literature=HALADYNA + ", règle « formuler positivement ; sinon, faire ressortir la négation ».",
    severity=Severity.WARNING,
    bad="""\
- text: Quelle attitude n’est pas recommandée face à un client en colère ?
  answer: Hausser le ton
  wrong: [Écouter jusqu’au bout, Reformuler, Proposer une solution]
""",
    good="""\
- text: Quelle attitude n’est **pas** recommandée face à un client en colère ?
  answer: Hausser le ton
  wrong: [Écouter jusqu’au bout, Reformuler, Proposer une solution]
""",
)
def stem_is_negative(entry: Entry) -> Iterator[Remark]:
    """The question itself, not what it tells about, is put negatively, and nothing makes it stand out."""
    text = _QUOTED.sub("", entry.question.text)
    if _NEGATION.search(words.fold(text)) and not _STRESSED.search(text):
        yield (
            entry.at("text"),
            "L’énoncé demande ce qui n’est pas.",
            "Demandez ce qui est, ou mettez la négation en gras : « **pas** ».",
        )


_ALL_OR_NONE = re.compile(
    r"(?:(?:toutes?|tous|aucune?|l'une?|les (?:deux|trois|quatre))\b ?(?:de |d')?"
    r"(?:(?:ces|les|des|ses|l[ae]s) )?(?:autres? )?(?:(?:deux|trois|quatre|cinq) )?"
    r"(?:autres |dernieres? |premieres? )?"
    r"(?:reponses?|propositions?|choix|solutions?|affirmations?)"
    r"|(?:toutes|tous|aucune?|les)(?: d?e? ?ces| d?e?s? ?les| des)? (?:deux|trois|quatre|autres)"
    r"|(?:toutes|tous|aucune|aucun) (?:ci-dessus|d'entre e(?:lles|ux)|de ces reponses)"
    r"|(?:les )?reponses? [a-f](?: et [a-f])?|[a-f] et [a-f])"
    r"(?: ci-dessus| precedentes?| proposees?| a la fois| sont (?:justes|vraies|bonnes|exactes|correctes))*"
)


@of_question(
    "QA202",
    "« Toutes les réponses », « aucune de ces réponses »",
    why="Qui reconnaît deux choix justes coche « toutes » sans connaître le troisième ; qui en écarte un "
    "l’élimine. Et comme les choix sont mélangés, « ci-dessus » ne désigne rien.",
    literature=HALADYNA + ", règles sur « all of the above » et « none of the above ».",
    severity=Severity.WARNING,
    bad="""\
- text: Que note-t-on après un appel ?
  answer: Toutes ces réponses
  wrong: [Le motif, La suite promise, Le nom du client]
""",
    good="""\
- text: Que note-t-on après un appel ? (plusieurs réponses)
  answers: [Le motif, La suite promise]
  wrong: [Le ton du client, L’avis des collègues]
""",
)
def all_or_none(entry: Entry) -> Iterator[Remark]:
    """A choice that speaks of the other choices."""
    for choice in entry.choices:
        if _ALL_OR_NONE.fullmatch(words.fold(choice).strip(" .")):
            yield (
                entry.where(choice),
                f"Le choix « {choice} » parle des autres choix.",
                "Passez à plusieurs bonnes réponses, ou trouvez un choix du même genre que les autres.",
            )


@of_question(
    "QA203",
    "Deux choix disent la même chose",
    why="Si l’un est juste, l’autre l’est aussi : la question a deux réponses, ou deux choix à écarter "
    "d’un coup.",
    literature=HALADYNA + ", règle « des choix indépendants, qui ne se recouvrent pas ».",
    severity=Severity.ERROR,
    bad="""\
- text: Quel fleuve traverse Tours ?
  answer: La Loire
  wrong: [Loire, Le Rhône, La Garonne]
""",
    good="""\
- text: Quel fleuve traverse Tours ?
  answer: La Loire
  wrong: [Le Rhône, La Garonne, La Seine]
""",
)
def choices_are_the_same(entry: Entry) -> Iterator[Remark]:
    """Two choices that differ by an article, a space, a case or a full stop at most."""
    seen: dict[str, str] = {}
    for choice in entry.choices:
        reduced = words.same(choice)
        if reduced in seen:
            yield (
                entry.where(choice),
                f"« {choice} » et « {seen[reduced]} » disent la même chose.",
                "Retirez l’un des deux.",
            )
        seen.setdefault(reduced, choice)


_FIGURE = r"(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d+))?"
_UNTIL = rf"(?:de |entre |d')?{_FIGURE}(?: ?[%€a-z]{{1,9}})? (?:a|et) {_FIGURE}"
_RANGE = re.compile(_UNTIL + r"\b(.*)")
_BELOW = re.compile(rf"(?:moins de|jusqu'a|au plus|inferieure? a) {_FIGURE}(.*)")
_ABOVE = re.compile(rf"(?:plus de|au moins|a partir de|superieure? a) {_FIGURE}(.*)")
_FAR = Fraction(10**18)


@of_question(
    "QA204",
    "Des choix se recouvrent",
    why="Si une valeur tient dans deux choix, la bonne réponse en rend un autre vrai, et le candidat a "
    "raison de réclamer.",
    literature=HALADYNA + ", règle « des choix indépendants, qui ne se recouvrent pas ».",
    severity=Severity.WARNING,
    bad="""\
- text: En combien de temps rappelle-t-on un client qui a laissé un message ?
  answer: Moins de 24 heures
  wrong: [De 12 à 48 heures, Plus de 72 heures]
""",
    good="""\
- text: En combien de temps rappelle-t-on un client qui a laissé un message ?
  answer: Moins de 24 heures
  wrong: [De 24 à 48 heures, Plus de 72 heures]
""",
)
def choices_overlap(entry: Entry) -> Iterator[Remark]:
    """Two ranges of one unit share a value, or one choice is another with « et … » added."""
    spans = [(choice, *span) for choice in entry.choices if (span := _span(choice))]
    for (one, low, high, unit), (other, lower, higher, same_unit) in combinations(spans, 2):
        if unit == same_unit and max(low, lower) < min(high, higher):
            yield (
                entry.where(other),
                f"« {one} » et « {other} » se recouvrent.",
                "Séparez les bornes.",
            )
            return
    for one, other in combinations(entry.choices, 2):
        short, long = sorted((words.fold(one), words.fold(other)), key=len)
        if long.startswith((short + " et ", short + " ou ")) or long.endswith(
            (" et " + short, " ou " + short)
        ):
            yield (
                entry.where(other),
                f"« {one} » et « {other} » se recouvrent.",
                "Si l’un est juste, l’autre l’est en partie : séparez-les.",
            )
            return


def _span(choice: str) -> tuple[Fraction, Fraction, str] | None:
    """The values that a choice such as « de 10 à 20 km » covers, and its unit; not hours of a day."""
    text = words.fold(choice)
    if not any(map(str.isdigit, text)) or re.search(r"\d ?h\b|\bdu\b", text):
        return None
    if match := _RANGE.fullmatch(text):
        return _value(match[1], match[2]), _value(match[3], match[4]), match[5].strip()
    if match := _BELOW.fullmatch(text):
        return -_FAR, _value(match[1], match[2]), match[3].strip()
    if match := _ABOVE.fullmatch(text):
        return _value(match[1], match[2]), _FAR, match[3].strip()
    return None


def _value(whole: str, decimals: str | None) -> Fraction:
    return Fraction(f"{whole.replace(' ', '')}.{decimals or 0}")


_LONG_SENTENCE = 45
_LONG_STEM = 120
_SENTENCE = re.compile(r"[.?!…:;]+(?:\s|$)|\n+")


@of_question(
    "QA205",
    "L’énoncé est long à lire",
    why="Le temps passé à déchiffrer manque pour répondre, surtout à qui lit lentement ou sur un "
    "téléphone : la "
    "question finit par mesurer la lecture.",
    literature=HALADYNA
    + ", règle « réduire ce qu’il faut lire » ; norme ISO 24495-1, Langage clair et simple.",
    severity=Severity.ADVICE,
    bad="""\
- text: >-
    Dans le cas d’un client qui, ayant reçu par la poste un produit dont il se trouve que la couleur n’est pas
    celle qu’il avait choisie lors de sa commande passée par téléphone auprès d’un conseiller de notre centre de
    contact de Lille, souhaite, sans attendre la facture, obtenir un échange, que vérifiez-vous d’abord ?
  answer: La commande
  wrong: [La facture, La couleur, La livraison]
""",
    good="""\
- text: Un client a reçu un produit de la mauvaise couleur. Que vérifiez-vous d’abord ?
  answer: La commande
  wrong: [La facture, La couleur, La livraison]
""",
)
def stem_is_long(entry: Entry) -> Iterator[Remark]:
    """A sentence of more than 45 words, or more than 120 in all."""
    text = entry.question.text
    if len(text) < 200:
        return
    counts = [len(words.words(sentence)) for sentence in _SENTENCE.split(text)]
    if max(counts) > _LONG_SENTENCE:
        what = f"Une phrase de l’énoncé a {max(counts)} mots."
    elif sum(counts) > _LONG_STEM:
        what = f"L’énoncé a {sum(counts)} mots."
    else:
        return
    yield entry.at("text"), what, "Faites-en des phrases de 30 mots au plus, sans rien d’inutile."


_TWO_SIDED = frozenset({"vrai", "faux", "oui", "non"})


@of_question(
    "QA206",
    "Deux choix seulement",
    why="Une réponse au hasard est juste une fois sur deux. Trois choix plausibles suffisent, et valent "
    "mieux que "
    "quatre dont un ne trompe personne.",
    literature="Rodriguez, « Three Options Are Optimal for Multiple-Choice Items: A Meta-Analysis of 80 "
    "Years of "
    "Research », Educational Measurement: Issues and Practice 24(2), 2005.",
    severity=Severity.ADVICE,
    bad="""\
- text: Quel sigle désigne la durée moyenne de traitement ?
  answer: DMT
  wrong: [DMC]
""",
    good="""\
- text: Quel sigle désigne la durée moyenne de traitement ?
  answer: DMT
  wrong: [DMC, DTM]
""",
)
def too_few_choices(entry: Entry) -> Iterator[Remark]:
    """A question to answer rightly that offers two choices which are not « vrai » and « faux »."""
    sides = {words.fold(choice) for choice in entry.choices}
    if entry.right and len(entry.choices) == 2 and not sides <= _TWO_SIDED:
        yield (
            entry.where(entry.choices[-1]),
            "Il n’y a que deux choix.",
            "Ajoutez un troisième choix que l’on puisse croire juste.",
        )
