"""Rules on a bank as a whole: what somebody could learn from its habits, and what it lacks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import sqrt
from statistics import mean

from quizapp.exam.lint import words
from quizapp.exam.lint.entries import Entry, Shelf
from quizapp.exam.lint.giveaways import HALADYNA
from quizapp.exam.lint.rules import Example, Remark, Severity, of_bank

_ENOUGH = 20  # questions, below which a habit cannot be told from chance
_UNLIKELY = 3.0  # standard deviations above what chance gives


def _habit(chances: Sequence[float], seen: int) -> bool:
    """Whether ``seen`` of these independent chances is far more than chance gives (normal tail)."""
    expected = sum(chances)
    spread = sqrt(sum(chance * (1 - chance) for chance in chances))
    return len(chances) >= _ENOUGH and spread > 0 and (seen - expected) / spread > _UNLIKELY


def _single(shelf: Shelf) -> list[Entry]:
    return [entry for entry in shelf.entries if len(entry.right) == 1 and len(entry.wrong) >= 2]


@of_bank(
    "QA501",
    "La bonne réponse est trop souvent la plus longue de la banque",
    why="Question par question, rien ne se voit ; sur toute la banque, cocher le choix le plus long rapporte "
    "plus que le hasard.",
    literature=HALADYNA + ", règle « garder des choix de longueur comparable ».",
    severity=Severity.WARNING,
    bad=Example("- answer: Bonjour madame\n  wrong: [Salut vous, Bon, Oui]\n", 20),
    good=Example(
        "- answer: Bonjour madame\n  wrong: [Salut vous, Bon, Oui]\n"
        "- answer: Bonjour\n  wrong: [Salut tout le monde, Bon, Oui]\n"
        "- answer: Bonjour\n  wrong: [Salut tout le monde, Bon, Oui]\n",
        20,
    ),
)
def right_is_often_longest(shelf: Shelf) -> Iterator[Remark]:
    """More right answers alone are the longest than chance explains."""
    entries = _single(shelf)
    longest = [one for one in entries if len(one.right[0]) > max(map(len, one.wrong))]
    if _habit([1 / len(entry.choices) for entry in entries], len(longest)):
        yield (
            shelf.place,
            f"La bonne réponse est la plus longue dans {len(longest)} questions sur {len(entries)}"
            f" (hasard : {sum(1 / len(one.choices) for one in entries):.0f}).",
            "Allongez des mauvais choix : " + _some(longest),
        )


@of_bank(
    "QA502",
    "La bonne réponse est trop souvent à la même place",
    why="Les choix sont mélangés, sauf ceux de « last ». Mais on devine aussi au milieu des nombres : "
    "si la bonne "
    "valeur n’est jamais la plus grande ni la plus petite, un choix sur deux s’écarte sans rien savoir.",
    literature="Attali & Bar-Hillel, « Guess Where: The Position of Correct Answers in Multiple-Choice "
    "Test Items "
    "as a Psychometric Variable », Journal of Educational Measurement 40(2), 2003.",
    severity=Severity.WARNING,
    bad=Example("- answer: 20 minutes\n  wrong: [10 minutes, 30 minutes, 40 minutes]\n", 20),
    good=Example(
        "- answer: 20 minutes\n  wrong: [10 minutes, 30 minutes, 40 minutes]\n"
        "- answer: 50 minutes\n  wrong: [10 minutes, 30 minutes, 40 minutes]\n",
        20,
    ),
)
def right_is_often_in_one_place(shelf: Shelf) -> Iterator[Remark]:
    """Right answers are pinned last, or lie inside the range of the numbers, more than chance explains."""
    pinned = [entry for entry in _single(shelf) if entry.last]
    right = [entry for entry in pinned if entry.right[0] in entry.last]
    if _habit([len(entry.last) / len(entry.choices) for entry in pinned], len(right)):
        yield (
            shelf.place,
            f"Le choix laissé en dernier est le bon dans {len(right)} questions sur {len(pinned)}.",
            "Changez-en : " + _some(right),
        )
    ranked = [(entry, values) for entry in _single(shelf) if (values := _numbers(entry.choices))]
    inside = [entry for entry, values in ranked if min(values) < values[0] < max(values)]
    if _habit([1 - 2 / len(values) for _, values in ranked], len(inside)):
        yield (
            shelf.place,
            f"La bonne valeur n’est ni la plus petite ni la plus grande dans {len(inside)} questions"
            f" sur {len(ranked)}.",
            "Déplacez les mauvaises valeurs d’un même côté : " + _some(inside),
        )


_NUMBER = re.compile(r"\D*?(\d[\d \u00a0\u202f]*(?:,\d+)?)\D*")


def _numbers(choices: Iterable[str]) -> list[float]:
    """The one number in each choice; nothing unless every choice has one, and all differ."""
    found = [match for choice in choices if (match := _NUMBER.fullmatch(choice))]
    values = [float(re.sub(r"\s", "", match[1]).replace(",", ".")) for match in found]
    return values if len(values) == len(list(choices)) == len(set(values)) > 2 else []


@of_bank(
    "QA503",
    "La même réponse revient trop souvent",
    why="Si « vrai » est juste deux fois sur trois, répondre « vrai » partout rapporte sans rien savoir.",
    literature=HALADYNA + ", règle « répartir la place de la bonne réponse ».",
    severity=Severity.WARNING,
    bad=Example("- answer: Vrai\n  wrong: Faux\n", 20),
    good=Example("- answer: Vrai\n  wrong: Faux\n- answer: Faux\n  wrong: Vrai\n", 20),
)
def one_answer_prevails(shelf: Shelf) -> Iterator[Remark]:
    """Questions of one type share a handful of answers, and one of these is right too often."""
    by_kind: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in shelf.entries:
        if len(entry.choices) in (0, 2):
            by_kind[entry.question.kind].append(entry)
    for entries in by_kind.values():
        answers = Counter(entry.told for entry in entries)
        answer, count = answers.most_common(1)[0]
        if len(answers) > len(entries) / 5:
            continue
        if _habit([1 / max(len(answers), 2)] * len(entries), count):
            yield (
                shelf.place,
                f"La réponse « {answer[:60]} » est juste dans {count} questions sur {len(entries)}.",
                "Retournez quelques énoncés.",
            )


def _uneven(sizes: Counter[str]) -> list[str]:
    """The names of those that have less than half of an equal share."""
    share = sum(sizes.values()) / len(sizes)
    return sorted(name for name, size in sizes.items() if size < share / 2)


@of_bank(
    "QA504",
    "Thèmes très inégaux",
    why="Un thème trop mince revient avec les mêmes questions dans tous les sujets, ou empêche de les tirer.",
    severity=Severity.ADVICE,
    bad=Example(
        "- topic: accueil\n- topic: accueil\n- topic: accueil\n- topic: vente\n"
        "- topic: vente\n- topic: vente\n- topic: litige\n",
        21,
    ),
    good=Example("- topic: accueil\n- topic: vente\n- topic: litige\n", 21),
)
def topics_are_uneven(shelf: Shelf) -> Iterator[Remark]:
    """A topic has less than half of its equal share of the bank."""
    sizes = Counter(entry.question.topic for entry in shelf.entries)
    if len(shelf.entries) >= _ENOUGH and (thin := _uneven(sizes)):
        told = ", ".join(f"« {name} » ({sizes[name]})" for name in thin[:5])
        yield (
            shelf.place,
            f"Thèmes bien plus minces que les autres : {told} ; en moyenne {mean(sizes.values()):.0f}.",
            "Écrivez-en d’autres, ou réunissez deux thèmes.",
        )


@of_bank(
    "QA505",
    "Difficultés très inégales",
    why="Sans questions faciles on décourage, sans difficiles on ne départage pas ; et le plan "
    "d’épreuve ne peut "
    "pas en demander.",
    severity=Severity.ADVICE,
    bad=Example("- difficulty: 1\n", 20),
    good=Example("- difficulty: 1\n- difficulty: 2\n- difficulty: 3\n", 21),
)
def difficulties_are_uneven(shelf: Shelf) -> Iterator[Remark]:
    """A degree of difficulty holds less than a tenth of the bank."""
    total = len(shelf.entries)
    sizes = Counter(entry.question.difficulty for entry in shelf.entries)
    thin = [degree for degree in (1, 2, 3) if sizes[degree] * 10 < total]
    if total >= _ENOUGH and thin:
        told = ", ".join(f"{degree} ({sizes[degree]} sur {total})" for degree in thin)
        yield (
            shelf.place,
            f"Presque aucune question de difficulté {told}.",
            "Écrivez-en, ou revoyez les degrés.",
        )


@of_bank(
    "QA506",
    "Un thème écrit de deux façons",
    why="« Géographie » et « géographie » sont deux thèmes pour le plan d’épreuve : les tirages s’en "
    "trouvent faussés.",
    severity=Severity.ERROR,
    bad=Example("- topic: accueil\n- topic: Accueil\n  text: Que dit-on avant de raccrocher ?\n"),
    good=Example("- topic: accueil\n- topic: accueil\n  text: Que dit-on avant de raccrocher ?\n"),
)
def topic_is_written_twice(shelf: Shelf) -> Iterator[Remark]:
    """Two topics that differ by case, accents, spaces or a final s."""
    first: dict[str, Entry] = {}
    told: set[str] = set()
    for entry in shelf.entries:
        topic = entry.question.topic
        other = first.setdefault(" ".join(one.rstrip("s") for one in words.words(topic)), entry)
        if other.question.topic != topic and topic not in told:
            told.add(topic)
            yield (
                entry.at("topic"),
                f"Le thème « {topic} » s’écrit « {other.question.topic} » à la ligne"
                f" {other.at('topic').line}.",
                "Gardez une seule façon de l’écrire.",
            )


def _some(entries: Sequence[Entry]) -> str:
    names = [entry.question.id for entry in entries]
    return ", ".join(names[:8]) + ("…" if len(names) > 8 else ".")
