"""Rules on French typography; one remark a question and rule, at the first place, with the count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from quizapp.exam.lint import words
from quizapp.exam.lint.entries import NOT_PROSE, Entry
from quizapp.exam.lint.rules import Remark, Severity, of_question
from quizapp.exam.source import Path

RULEBOOK = "Imprimerie nationale, Lexique des règles typographiques en usage à l’Imprimerie nationale, 2002."

_MARK = r"[;:!?](?=[\s»)*]|$)"
_TOUCHING = re.compile(rf"(?<=[\w»)\]*”…%€])({_MARK})")
_SPACED = re.compile(rf"(?<=[\w»)\]*”…%€]) ({_MARK})")
# « 13 h 30 »: at the first « h », both spaces, of which one may be right already.
_HOUR = re.compile(r"(?<=\d) h\b(?: (?=[0-5]\d\b))?|(?<=\d[\u00a0\u202f])h (?=[0-5]\d\b)")
_TYPED = "Tapez Alt+0160 (Option+Espace sur Mac), ou lancez « bank fmt --typography »."


@of_question(
    "QA301",
    "Pas d’espace avant « ; », « : », « ! » ou « ? »",
    why="Le français met une espace devant ces signes ; sans elle, c’est une faute que tous les candidats "
    "voient.",
    literature=RULEBOOK,
    severity=Severity.WARNING,
    bad="""\
- text: Quel fleuve traverse Lyon?
  answer: Le Rhône
  wrong: [La Loire, La Seine]
""",
    good="""\
- text: Quel fleuve traverse Lyon\u00a0?
  answer: Le Rhône
  wrong: [La Loire, La Seine]
""",
)
def no_space_before_high_marks(entry: Entry) -> Iterator[Remark]:
    """A high mark that touches a letter; titles in a source may be English."""
    yield from _named(
        entry,
        lambda key: None if key == "source" else _TOUCHING,
        "Il manque une espace avant « {found} »",
        _TYPED,
    )


@of_question(
    "QA306",
    "Espace ordinaire là où il la faut insécable",
    why="Une espace ordinaire peut renvoyer « ? », ou le « h » d’une heure, seul au début de la ligne "
    "suivante. L’espace insécable se tape Alt+0160 sous Windows, Option+Espace sur Mac ; « bank fmt "
    "--typography » les met toutes.",
    literature=RULEBOOK,
    severity=Severity.ADVICE,
    bad="""\
- text: Que répondre à « je n’ai pas le temps » ?
  answer: Je serai bref
  wrong: [Moi non plus, Tant pis]
""",
    good="""\
- text: Que répondre à «\u00a0je n’ai pas le temps\u00a0»\u00a0?
  answer: Je serai bref
  wrong: [Moi non plus, Tant pis]
""",
)
def plain_space(entry: Entry) -> Iterator[Remark]:
    """A plain space before a high mark, within French quotation marks, or beside the h of an hour."""
    yield from _named(
        entry,
        lambda _: _PLAIN_SPACE,
        "Espace ordinaire près du signe {found}",
        _TYPED,
    )


_PLAIN_SPACE = re.compile(rf"{_SPACED.pattern}|« | »|{_HOUR.pattern}")
# Quotation marks within French ones are “ and ”.
_QUOTES = re.compile(r"\"|[“”](?![^«»]*»)|«(?![ \u00a0\u202f])|(?<![ \u00a0\u202f])»")


@of_question(
    "QA302",
    "Guillemets droits ou anglais, ou sans espace",
    why="Le français emploie « et », avec une espace insécable à l’intérieur.",
    literature=RULEBOOK,
    severity=Severity.WARNING,
    bad="""\
- text: 'Que répondre à "je n’ai pas le temps"\u00a0?'
  answer: Je serai bref
  wrong: [Moi non plus, Tant pis]
""",
    good="""\
- text: Que répondre à «\u00a0je n’ai pas le temps\u00a0»\u00a0?
  answer: Je serai bref
  wrong: [Moi non plus, Tant pis]
""",
)
def wrong_quotes(entry: Entry) -> Iterator[Remark]:
    """Straight or English quotation marks, or French ones that touch their text."""
    yield from _named(
        entry,
        lambda _: _QUOTES,
        "Guillemets à reprendre : {found}",
        "Écrivez « … » avec une espace insécable à l’intérieur.",
    )


_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|«)")


@of_question(
    "QA303",
    "Apostrophe droite",
    why="L’apostrophe française est courbe (’) : un texte qui mêle les deux paraît négligé, et se cherche mal.",
    literature=RULEBOOK,
    severity=Severity.WARNING,
    bad="""\
- text: Qu'appelle-t-on un escalier de service\u00a0?
  answer: Un accès réservé
  wrong: [Un ascenseur, Une rampe]
""",
    good="""\
- text: Qu’appelle-t-on un escalier de service\u00a0?
  answer: Un accès réservé
  wrong: [Un ascenseur, Une rampe]
""",
)
def straight_apostrophe(entry: Entry) -> Iterator[Remark]:
    """A straight apostrophe between two letters."""
    yield from _named(
        entry,
        lambda _: _APOSTROPHE,
        "Apostrophe droite",
        "Écrivez ’, ou lancez « bank fmt --typography ».",
    )


_BARE = re.findall(
    r"\w+",
    "Academie Academies Ca Cesar Echange Echanges Echec Ecole Ecoles Economie Ecosse Ecouter Ecoutez Ecrire"
    " Ecrit Ecrivain Ecrivez Edit Editeur Edition Editions Education Egal Egalite Eglise Eglises Egypte"
    " Election Elections Electricite Element Elements Eleve Eleves Elysee Emile Emilie Emission Energie Epoque"
    " Epreuve Epreuves Equateur Equipe Equipes Erythree Etape Etapes Etat Etats Etes Ethiopie Etienne Etoile"
    " Etre Etude Etudes Evangile Evenement Evenements Eviter Evitez Evolution Ile Iles",
)
_CAPITALS = re.compile(
    rf"\b(?:{'|'.join(sorted(_BARE, key=len, reverse=True))}|ETATS?|ECOLES?|EGLISES?)\b(?!')"
    r"|(?:(?<=^)|(?<=[.!?…] )|(?<=«\u00a0))A (?=(?:l['’]|(?:quel(?:le)?s?|las?|les?|partir|qui|quoi|combien|ce"
    r"|cette|ces|cet|une?|son|sa|ses|votre|vos|leurs?|notre|nos|mon|ma|mes|propos|bord|droite|gauche|chaque"
    r"|peine|moins|défaut|côté|cause|travers|destination|midi|toute?s?|près)\b))"
)


@of_question(
    "QA304",
    "Capitale sans accent",
    why="L’accent fait partie de l’orthographe, sur les capitales aussi : sans lui, on hésite à la "
    "lecture, et une "
    "synthèse vocale prononce mal.",
    literature="Académie française, questions de langue, « Accentuation des majuscules ».",
    severity=Severity.WARNING,
    bad="""\
- text: A quelle heure ferme le service\u00a0?
  answer: À 20 heures
  wrong: [À 18 heures, À 19 heures]
""",
    good="""\
- text: À quelle heure ferme le service\u00a0?
  answer: À 20 heures
  wrong: [À 18 heures, À 19 heures]
""",
)
def bare_capital(entry: Entry) -> Iterator[Remark]:
    """« A » for « À » where a sentence begins, and common words such as « Etat »."""
    yield from _named(
        entry,
        lambda _: _CAPITALS,
        "« {found} » a perdu son accent",
        "Mettez-le : À, É, Ê, Î, Ç.",
    )


_USAGE = re.compile(
    r"(?P<points>(?<!\.)\.\.\.(?!\.))"
    r"|(?P<ligature>\b(?:c|ch|s|v)oeurs?\b|\b(?:man)?oeuvres?\b|\boeil\b|\bboeufs?\b|\bvoeux?\b|\bnoeuds?\b"
    r"|\boeufs?\b|\bmoeurs\b)"
    r"|(?P<ordinal>\b(?:\d+|(?-i:[IVXL]+))(?:i?[eè]mes?|ères?|nds?)\b)"
    r"|(?P<comma>(?<=\w) [,.](?=\s|$))"
    r"|(?P<spaces>(?<=[^\s|])  +(?=[^\s|]))",
    re.IGNORECASE,
)
_SAID = {
    "points": "trois points : écrivez « … »",
    "ligature": "ligature : écrivez « œ »",
    "ordinal": "ordinal : écrivez « 1er », « 2e », « XXe »",
    "comma": "pas d’espace avant une virgule ou un point",
    "spaces": "deux espaces de suite",
}


@of_question(
    "QA305",
    "Ligature, ordinal, points de suspension ou espaces",
    why="De petits écarts d’usage : œ en un seul signe, « 2e » et non « 2ème », « … » et non trois "
    "points, rien "
    "avant une virgule.",
    literature=RULEBOOK,
    severity=Severity.ADVICE,
    bad="""\
- text: Quel musée ouvrit au 19ème siècle\u00a0?
  answer: Le musée de Cluny
  wrong: [Le musée d’Orsay, Le Centre Pompidou]
""",
    good="""\
- text: Quel musée ouvrit au 19e siècle\u00a0?
  answer: Le musée de Cluny
  wrong: [Le musée d’Orsay, Le Centre Pompidou]
""",
)
def small_usage(entry: Entry) -> Iterator[Remark]:
    """Three points, « oe », « 2ème », a space before a comma, two spaces."""
    for said in entry.prose:
        if match := _USAGE.search(words.prose(said.text)):
            yield (
                said.place,
                f"« {match[0].strip() or '␣␣'} » : {_SAID[match.lastgroup or '']}.",
                "",
            )
            return


def _named(
    entry: Entry, pattern_of: Callable[[object], re.Pattern[str] | None], what: str, mend: str
) -> Iterator[Remark]:
    """One remark at the first text in which the pattern of its key is found."""
    first, count, found = None, 0, ""
    for said in entry.prose:
        pattern = pattern_of("source" if "source" in said.path else "")
        for match in pattern.finditer(words.prose(said.text)) if pattern else ():
            if first is None:
                first, found = said.place, match[0].strip()
            count += 1
    if first is not None:
        times = f" ({count} fois dans cette question)" if count > 1 else ""
        yield first, what.format(found=found) + times + ".", mend


def mended_text(path: Path, text: str) -> str:
    """A text of a bank put right; in a source, which may quote English, only the spaces there are."""
    if path[0] != "questions" or len(path) < 3 or path[2] in NOT_PROSE:
        return text
    return _bound(text) if "source" in path else mended(text)


def mended(text: str) -> str:
    """``text`` with the spaces, quotation marks and apostrophes of QA301 to QA303 and QA306 put right."""
    text = _APOSTROPHE.sub("’", text)
    text = re.sub(r"“([^“”«»]*)”(?![^«»]*»)|\"([^\"]*)\"", r"«\1\2»", text)
    text = re.sub(r"«(?=[^\s])", "«\u00a0", text)
    text = re.sub(r"(?<=[^\s])»", "\u00a0»", text)
    return _bound(_TOUCHING.sub("\u00a0\\1", text))


def _bound(text: str) -> str:
    """``text`` with the ordinary spaces of QA306 made no-break ones."""
    text = re.sub("« +", "«\u00a0", text)
    text = _HOUR.sub(lambda hour: hour[0].replace(" ", "\u00a0"), text)
    return _SPACED.sub("\u00a0\\1", re.sub(" +»", "\u00a0»", text))
