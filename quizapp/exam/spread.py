"""How hard a paper can turn out to be: the easiest, the hardest and the mean of all possible papers.

The expected difficulty of a paper is the mean degree (1 to 3) of its scored questions. Where a
blueprint states the number of each degree it is the same for everyone; elsewhere the extremes take
the easiest or hardest questions of each topic, and the mean follows from every question of a
stratum being as likely as the next. Only where cases are drawn whole, or questions keep others out,
is it measured, over a stated number of seeds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.lots import Stream

SEEDS = 500


@dataclass(frozen=True, slots=True)
class Spread:
    """Sums or means of degrees over the possible papers; ``seeds`` is 0 where they are exact."""

    easiest: Fraction
    hardest: Fraction
    mean: Fraction
    seeds: int = 0

    @property
    def width(self) -> Fraction:
        """How much harder the hardest is than the easiest."""
        return self.hardest - self.easiest


def spread(blueprint: Blueprint, banks: Mapping[str, Bank]) -> Spread | None:
    """The mean degree of a paper's scored questions; None if nothing is scored.

    ``blueprint.shortages(banks)`` must be empty.
    """
    scored = [section for section in blueprint.sections if section.scored]
    count = sum(section.questions for section in scored)
    if not count:
        return None
    sums = [of_section(section, banks[section.bank]) for section in scored]
    whole = _sum(sums)
    return Spread(whole.easiest / count, whole.hardest / count, whole.mean / count, whole.seeds)


def of_section(section: Section, bank: Bank) -> Spread:
    """The sum of the degrees of a section's questions."""
    if section.pick:
        total = Fraction(sum(one.difficulty for one in section.draw(bank, Stream(""))))
        return Spread(total, total, total)
    if section.difficulty is not None:
        total = Fraction(sum(degree * count for degree, count in section.difficulty.items()))
        return Spread(total, total, total)
    eligible = section.eligible(bank)
    if not all(unit.is_plain for unit in eligible):
        return _measured(section, bank)
    strata: defaultdict[str, list[int]] = defaultdict(list)
    for question in (question for unit in eligible for question in unit.questions):
        strata[question.topic if section.topics is not None else ""].append(question.difficulty)
    if isinstance(section.topics, dict):
        return _sum(_of_stratum(strata[topic], count) for topic, count in section.topics.items())
    each, extra = divmod(section.questions, len(strata))
    return _evenly(strata, each, extra)


def _measured(section: Section, bank: Bank) -> Spread:
    draws = (section.draw(bank, Stream(f"spread/{seed}")) for seed in range(SEEDS))
    sums = [Fraction(sum(one.difficulty for one in drawn)) for drawn in draws]
    return Spread(min(sums), max(sums), sum(sums, Fraction(0)) / SEEDS, SEEDS)


def _evenly(strata: Mapping[str, list[int]], each: int, extra: int) -> Spread:
    """``each`` of every topic, and one more of ``extra`` topics drawn at random."""
    base = _sum(_of_stratum(degrees, each) for degrees in strata.values())
    easy = sorted(sorted(degrees)[each] for degrees in strata.values() if len(degrees) > each)
    hard = sorted(sorted(degrees)[-each - 1] for degrees in strata.values() if len(degrees) > each)
    means = [Fraction(sum(degrees), len(degrees)) for degrees in strata.values()]
    return Spread(
        base.easiest + sum(easy[:extra]),
        base.hardest + sum(hard[len(hard) - extra :]),
        base.mean + sum(means, Fraction(0)) * extra / len(strata),
    )


def _of_stratum(degrees: list[int], count: int) -> Spread:
    ordered = sorted(degrees)
    mean = Fraction(sum(ordered), len(ordered)) * count if ordered else Fraction(0)
    return Spread(
        Fraction(sum(ordered[:count])), Fraction(sum(ordered[len(ordered) - count :])), mean
    )


def _sum(spreads: Iterable[Spread]) -> Spread:
    listed = list(spreads)
    return Spread(
        sum((one.easiest for one in listed), Fraction(0)),
        sum((one.hardest for one in listed), Fraction(0)),
        sum((one.mean for one in listed), Fraction(0)),
        max((one.seeds for one in listed), default=0),
    )
