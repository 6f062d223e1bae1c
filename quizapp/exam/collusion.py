"""Which pairs of papers share more identical wrong answers than chance gives.

The statistic is error-similarity analysis: among the questions that two candidates both got wrong,
how many they got wrong in the same way (F. S. Bellezza and S. F. Bellezza, "Detection of cheating on
multiple-choice tests by using error-similarity analysis", Teaching of Psychology 16(3), 1989,
151-155). Right answers say nothing here: two who know the subject agree on them. Where the source has
one probability for all questions, each question has its own here, so that the number of identical
wrong answers follows a Poisson-binomial law, whose tail is computed exactly.

How often a wrong answer is given by whoever is wrong is estimated from everybody but the two, as if one
more person had been wrong in that way: ``(others who gave it + 1) / (others who were wrong + 1)``. It
is never nothing, and rather too large than too small, so that few papers give few alarms. The tail is
taken twice, with either paper as the one that is looked at, and the larger one is kept: each is a chance
under independence, so the larger one is too.

**False alarms.** A pair is told if its chance, times the number of pairs compared, is at most
``level``. That product is how many pairs so alike would be expected among all those compared if
everybody had worked alone; so the chance that the list holds even one of them is at most ``level``,
however the pairs depend on one another (Bonferroni's inequality).

**What it cannot know.** It supposes that whoever is wrong chooses among the wrong answers as all the
others do. People taught by the same person may share an error honestly. It is a reason to look, for
human eyes; it proves nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

LEVEL = 0.05
LEAST_COMMON = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one candidate answered: the questions answered right, and each wrong answer by question."""

    number: str
    right: frozenset[str]
    wrong: Mapping[str, str]

    @property
    def answered(self) -> frozenset[str]:
        """Every question that was answered."""
        return self.right | self.wrong.keys()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two papers: questions both answered, both wrong, wrong alike; what chance gives.

    ``expected`` is how many wrong answers alike chance gives on average, ``chance`` the probability
    of as many or more, ``false_alarms`` how many pairs as unlikely are expected among all compared.
    """

    first: str
    second: str
    common: int
    both_wrong: int
    alike: int
    expected: float
    chance: float
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Report:
    """The pairs told, the least likely first; how many were compared, and how many in full.

    A pair that was compared and not examined in full cannot reach the level: the product of the
    probabilities of its identical wrong answers alone, which its chance never falls below, is above.
    """

    candidates: int
    compared: int
    examined: int
    level: float
    least_common: int
    pairs: tuple[Pair, ...]


def compare(
    sheets: Sequence[Sheet], *, level: float = LEVEL, least_common: int = LEAST_COMMON
) -> Report:
    """Every pair of sheets with enough questions in common that is less likely than ``level`` allows."""
    ordered = sorted(sheets, key=lambda sheet: sheet.number)
    answered = _masks(ordered)
    compared = sum(
        (mine & other).bit_count() >= least_common
        for place, mine in enumerate(answered)
        for other in answered[place + 1 :]
    )
    if not compared:
        return Report(len(ordered), 0, 0, level, least_common, ())
    habits = Habits(ordered)
    found, examined = [], 0
    for first, second in _alike_enough(ordered, habits, -log(level / compared)):
        common = (answered[first] & answered[second]).bit_count()
        if common < least_common:
            continue
        examined += 1
        pair = _pair(ordered[first], ordered[second], habits, common, compared)
        if pair.false_alarms <= level:
            found.append(pair)
    found.sort(key=lambda pair: (pair.chance, pair.first, pair.second))
    return Report(len(ordered), compared, examined, level, least_common, tuple(found))


class Habits:
    """How often each wrong answer is given by whoever gets its question wrong."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._given: dict[str, Counter[str]] = defaultdict(Counter)
        for sheet in sheets:
            for question, answer in sheet.wrong.items():
                self._given[question][answer] += 1
        self._wrong = {question: given.total() for question, given in self._given.items()}

    def share(self, question: str, answer: str, *, both: bool) -> float:
        """The estimated share of ``answer``, given by one of a pair or by both, among all the others."""
        alike, wrong = self.given(question, answer)
        return (alike - (2 if both else 1) + 1) / (wrong - 2 + 1)

    def given(self, question: str, answer: str) -> tuple[int, int]:
        """How many gave this wrong answer, of how many who got the question wrong."""
        return self._given[question][answer], self._wrong[question]


def _masks(sheets: Sequence[Sheet]) -> list[int]:
    """The questions that each sheet answers, a bit each: to be counted in common quickly."""
    places = {
        question: place
        for place, question in enumerate(
            sorted({one for sheet in sheets for one in sheet.answered})
        )
    }
    return [sum(1 << places[question] for question in sheet.answered) for sheet in sheets]


def _alike_enough(
    sheets: Sequence[Sheet], habits: Habits, least: float
) -> Iterator[tuple[int, int]]:
    """The pairs whose identical wrong answers weigh, as ``-log`` of their shares, at least ``least``.

    By an index from each wrong answer to those who gave it: time grows with the number of pairs that
    share one, and memory with the number of answers.
    """
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, sheet in enumerate(sheets):
        for entry in sheet.wrong.items():
            index[entry].append(place)
    least -= 1e-9  # what rounding may have taken
    for place, sheet in enumerate(sheets):
        weights = [0.0] * len(sheets)
        for entry in sheet.wrong.items():
            others = index[entry]
            others.remove(place)  # it is the first: what is left comes later
            if others:
                weight = -log(habits.share(*entry, both=True))
                for other in others:
                    weights[other] += weight
        for other in range(place + 1, len(sheets)):
            if weights[other] >= least:
                yield place, other


def _pair(first: Sheet, second: Sheet, habits: Habits, common: int, compared: int) -> Pair:
    both_wrong = sorted(first.wrong.keys() & second.wrong.keys())
    alike = {one for one in both_wrong if first.wrong[one] == second.wrong[one]}
    laws = [
        [habits.share(one, sheet.wrong[one], both=one in alike) for one in both_wrong]
        for sheet in (first, second)
    ]
    chance = max(tail(law, len(alike)) for law in laws)
    return Pair(
        first.number, second.number, common, len(both_wrong), len(alike),
        expected=max(map(sum, laws)), chance=chance, false_alarms=chance * compared,
    )  # fmt: skip


def tail(probabilities: Sequence[float], least: int) -> float:
    """The chance that at least so many of these independent events happen, exactly.

    A Poisson-binomial law, event by event: every term is a sum of products of positive numbers, so
    that even a very small chance keeps its digits.
    """
    if least <= 0:
        return 1.0
    exactly = [1.0] + [0.0] * (least - 1)  # so many happened so far, and fewer than ``least``
    reached = 0.0
    for one in probabilities:
        reached += exactly[-1] * one
        for count in range(least - 1, 0, -1):
            exactly[count] = exactly[count] * (1 - one) + exactly[count - 1] * one
        exactly[0] *= 1 - one
    return reached
