"""Rules on what gives the right answer away to somebody who does not know it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from quizapp.exam.lint import words
from quizapp.exam.lint.entries import Entry
from quizapp.exam.lint.rules import Remark, Severity, of_question

HALADYNA = (
    "Haladyna, Downing & Rodriguez, « A Review of Multiple-Choice Item-Writing Guidelines for "
    "Classroom Assessment », Applied Measurement in Education 15(3), 2002"
)
_LONGER = 1.5  # times the longest wrong choice
_LONGER_BY = 10  # characters


@of_question(
    "QA101",
    "La bonne réponse est nettement la plus longue",
    why="Qui écrit prend soin de rendre la bonne réponse exacte, et l’allonge. Un candidat qui ne sait "
    "rien choisit alors la plus longue, et tombe juste.",
    literature=HALADYNA + ", règle « garder des choix de longueur comparable ».",
    severity=Severity.WARNING,
    bad="""\
- text: Que dit-on pour mettre un client en attente ?
  answer: Je vous mets en attente deux minutes, le temps de lire votre dossier
  wrong: [Ne quittez pas, Un instant, Patientez]
""",
    good="""\
- text: Que dit-on pour mettre un client en attente ?
  answer: Deux minutes, je lis votre dossier
  wrong: [Ne quittez surtout pas la ligne, Un instant, Patientez jusqu’à mon retour]
""",
)
def right_is_longest(entry: Entry) -> Iterator[Remark]:
    """The shortest right choice is longer than every wrong one, by half and by ten characters."""
    if not entry.right or len(entry.wrong) < 2:
        return
    shortest = min(entry.right, key=len)
    rest = max(map(len, entry.wrong))
    if len(shortest) >= _LONGER * rest and len(shortest) >= rest + _LONGER_BY:
        yield (
            entry.where(shortest),
            f"La bonne réponse a {len(shortest)} caractères, et les autres choix {rest} au plus.",
            "Raccourcissez-la, ou rendez un autre choix aussi précis.",
        )


Form = Callable[[str], bool]
_DETERMINER = "commence par un article ou un possessif"
_FORMS: dict[str, Form] = {
    "contient un chiffre": lambda text: any(map(str.isdigit, text)),
    "commence par un chiffre": lambda text: text[:1].isdigit(),
    "est entre guillemets": lambda text: text.startswith(("«", "“", '"')),
    "contient une parenthèse": lambda text: "(" in text,
    "finit par un point": lambda text: text.endswith("."),
    "commence par une majuscule": lambda text: text[:1].isupper() or not text[:1].isalpha(),
    _DETERMINER: words.has_determiner,
}


@of_question(
    "QA102",
    "La bonne réponse est seule de sa forme",
    why="Un chiffre, des guillemets, une parenthèse ou un article que la bonne réponse est seule à avoir, "
    "ou à ne pas avoir, attirent l’œil avant toute réflexion.",
    literature=HALADYNA + ", règle « garder des choix homogènes ».",
    severity=Severity.WARNING,
    bad="""\
- text: Quel délai de réponse annonce-t-on à un client qui écrit ?
  answer: 48 heures au plus
  wrong: [Une petite semaine, Le temps nécessaire, Un délai raisonnable]
""",
    good="""\
- text: Quel délai de réponse annonce-t-on à un client qui écrit ?
  answer: 48 heures au plus
  wrong: [3 semaines au plus, Le temps nécessaire, Un délai raisonnable]
""",
)
def right_is_of_unlike_form(entry: Entry) -> Iterator[Remark]:
    """One feature parts all right choices from all wrong ones."""
    if not entry.right or len(entry.wrong) < 2:
        return
    for told, has in _FORMS.items():
        if told == _DETERMINER and any(map(words.is_act, entry.choices)):
            continue  # « Le laisser parler » begins with a pronoun
        right = set(map(has, entry.right))
        wrong = set(map(has, entry.wrong))
        if len(right) == len(wrong) == 1 and right != wrong:
            yield (
                entry.where(entry.right[0]),
                f"Seule la bonne réponse {told if right == {True} else _denied(told)}.",
                "Donnez la même forme à un autre choix, ou à tous.",
            )
            return


def _denied(told: str) -> str:
    """The feature denied: « ne contient pas de chiffre », « n’est pas entre guillemets »."""
    verb, _, rest = told.partition(" ")
    return f"{'n’' if verb.startswith('e') else 'ne '}{verb} pas {re.sub('^une? ', 'de ', rest)}"


@of_question(
    "QA103",
    "Un mauvais choix n’a pas la forme des autres",
    why="Un choix d’une autre nature que les autres ne trompe personne : la question perd un choix et "
    "devient plus facile à deviner.",
    literature=HALADYNA + ", règle « rendre tous les mauvais choix plausibles ».",
    severity=Severity.ADVICE,
    bad="""\
- text: En quelle année le premier téléphone mobile fut-il vendu au public ?
  answer: "1983"
  wrong: ["1975", "1991", Pendant les vacances]
""",
    good="""\
- text: En quelle année le premier téléphone mobile fut-il vendu au public ?
  answer: "1983"
  wrong: ["1975", "1991", "1998"]
""",
)
def wrong_is_of_unlike_form(entry: Entry) -> Iterator[Remark]:
    """One wrong choice of four or more alone has a feature, or alone lacks it."""
    if not entry.right or len(entry.choices) < 4:
        return
    for told in ("commence par un chiffre", "est entre guillemets", "finit par un point"):
        having = [choice for choice in entry.choices if _FORMS[told](choice)]
        lacking = [choice for choice in entry.choices if choice not in having]
        for alone in (having, lacking):
            if len(alone) == 1 and alone[0] in entry.wrong and alone[0] not in entry.last:
                yield (
                    entry.where(alone[0]),
                    f"Le choix « {alone[0][:60]} » est le seul qui"
                    f" {told if alone is having else _denied(told)}.",
                    "Donnez-lui la forme des autres.",
                )
                return


_ENDS_ELIDED = re.compile(r"\b(l|d|qu|c|s|n|j|m|t)'$")
_ENDS_FULL = re.compile(r"\b(le|la|de|ce|du|au|beau|nouveau|vieux)$")
_PLURAL = ("les ", "des ", "ces ", "ses ", "leurs ")
_SINGULAR = ("le ", "la ", "l'", "un ", "une ", "du ", "ce ", "cet ", "cette ")
_ASKS = re.compile(r"\b(?:quel(le)?(s)?|le(?:s)?quels|les?quelles|lequel|laquelle)\b")


@of_question(
    "QA104",
    "La grammaire désigne la bonne réponse",
    why="Si l’énoncé et la bonne réponse sont seuls à s’accorder (singulier ou pluriel, un ou une, élision), "
    "il suffit de savoir sa langue pour répondre.",
    literature=HALADYNA + ", règle « éviter les indices grammaticaux ».",
    severity=Severity.WARNING,
    bad="""\
- text: La personne qui répond aux appels est appelée l’
  answer: hôte d’accueil
  wrong: [standard du siège, porteur de paroles, voix du client]
""",
    good="""\
- text: Comment appelle-t-on la personne qui répond aux appels ?
  answer: L’hôte d’accueil
  wrong: [Le standard du siège, L’avocat du client, La voix du client]
""",
)
def grammar_gives_away(entry: Entry) -> Iterator[Remark]:
    """Elision at the end of the stem, or number, that the right choice alone satisfies."""
    if not entry.right or len(entry.wrong) < 2:
        return
    stem = words.fold(entry.question.text).rstrip(" .:?…_")
    right = [words.fold(choice) for choice in entry.right]
    wrong = [words.fold(choice) for choice in entry.wrong]
    remark = (
        entry.at("text"),
        "Seule la bonne réponse s’accorde avec l’énoncé.",
        "Mettez l’article dans les choix, ou accordez aussi un mauvais choix.",
    )
    for ending, fits in ((_ENDS_ELIDED, _elides), (_ENDS_FULL, lambda text: not _elides(text))):
        if ending.search(stem) and all(map(fits, right)) and not any(map(fits, wrong)):
            yield remark
            return
    if len(right) > 1:
        return
    asked = _ASKS.search(stem)
    if asked and asked[0].endswith("s") and right[0].startswith(_PLURAL):
        if all(choice.startswith(_SINGULAR) for choice in wrong):
            yield remark
    elif asked and right[0].startswith(_SINGULAR) and all(one.startswith(_PLURAL) for one in wrong):
        yield remark


def _elides(text: str) -> bool:
    return text[:1] in "aeiouyh"


@of_question(
    "QA105",
    "Un mot de l’énoncé ne revient que dans la bonne réponse",
    why="L’écho d’un mot de l’énoncé dans un seul choix le désigne, même à qui ne comprend pas la question.",
    literature=HALADYNA + ", règle « éviter les associations de sons et de mots ».",
    severity=Severity.WARNING,
    bad="""\
- text: Quel outil garde l’historique des échanges avec un client ?
  answer: L’historique des contacts
  wrong: [Le plan de charge, Le script d’appel, Le bandeau]
""",
    good="""\
- text: Quel outil garde la trace des échanges avec un client ?
  answer: L’historique des contacts
  wrong: [Le plan de charge, Le script d’appel, Le bandeau]
""",
)
def stem_echoes_in_the_key(entry: Entry) -> Iterator[Remark]:
    """A long word of what is asked stands in every right choice, and nothing like it in a wrong one.

    A case told before the question is there to be spoken of, and a word of half the bank, such as
    « client », points at nothing.
    """
    if not entry.right or len(entry.wrong) < 2:
        return
    asked = _BEFORE_IT.sub("", entry.question.text.rstrip(" \u00a0?"))
    echo = set(_long(asked)).intersection(*map(_long, entry.right)) - entry.shelf.common
    wrong = {word[:5] for choice in entry.wrong for word in words.words(choice)}
    if echo := {word for word in echo if word[:5] not in wrong}:
        yield (
            entry.where(entry.right[0]),
            f"Le mot « {min(echo)} » de l’énoncé ne revient que dans la bonne réponse.",
            "Dites-le autrement dans l’énoncé, ou reprenez-le dans un mauvais choix.",
        )


_BEFORE_IT = re.compile(r"(?s).*[.;!?»](?=\s)")


def _long(text: str) -> set[str]:
    return {word for word in words.words(text) if len(word) >= 6}


_ABSOLUTE = re.compile(
    r"\b(toujours|jamais|uniquement|exclusivement|systematiquement|absolument|en aucun cas"
    r"|dans tous les cas|sans exception)\b"
)


@of_question(
    "QA106",
    "Des mots absolus dans les mauvais choix seulement",
    why="« Toujours », « jamais », « uniquement » sont presque toujours faux : qui sait passer un QCM écarte "
    "ces choix sans les lire.",
    literature=HALADYNA + ", règle « éviter les termes absolus ».",
    severity=Severity.ADVICE,
    bad="""\
- text: Quand propose-t-on de rappeler un client ?
  answer: Si la recherche doit durer
  wrong: [Toujours, Jamais, Uniquement le matin]
""",
    good="""\
- text: Quand propose-t-on de rappeler un client ?
  answer: Si la recherche doit durer
  wrong: [S’il hausse le ton, S’il appelle d’un mobile, S’il appelle le matin]
""",
)
def absolutes_are_wrong(entry: Entry) -> Iterator[Remark]:
    """Two wrong choices or more speak in absolutes, and no right one does."""
    absolute = [choice for choice in entry.wrong if _ABSOLUTE.search(words.fold(choice))]
    if len(absolute) >= 2 and not any(_ABSOLUTE.search(words.fold(one)) for one in entry.right):
        yield (
            entry.where(absolute[0]),
            f"{len(absolute)} mauvais choix emploient un mot absolu, et la bonne réponse aucun.",
            "Nuancez-les : un mauvais choix doit pouvoir être cru.",
        )
