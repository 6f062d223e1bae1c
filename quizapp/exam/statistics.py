"""Item analysis: what the answers of a round say of its questions.

Papers differ from one candidate to the next. A candidate's *rest* is therefore the share of the
points that the other items of the same paper gave, and questions are compared by it. Statistics are
floats: they describe questions, and never enter a score.

Sources: Kelley, "The selection of upper and lower groups for the validation of test items", 1939
(27 %); Ebel, "Measuring Educational Achievement", 1965 (discrimination index); Cronbach,
"Coefficient alpha and the internal structure of tests", 1951; Haladyna and Downing, "How many
options is enough for a multiple-choice test item?", 1993 (choices that work); Moodle, "Quiz
statistics calculations" (effective weight).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, sqrt

from quizapp.exam.questions.base import Question

TAIL = 0.27  # the part of the candidates in the upper and in the lower group
BANDS = 5  # groups of equal size by which the curve of a question is drawn
ENOUGH = 30  # answers from which a figure is worth a word


@dataclass(frozen=True, slots=True)
class Given:
    """One item of one paper: points earned of those possible, and what was answered."""

    question: str
    points: float
    maximum: float
    answer: str | None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer, or a choice of one: how many gave it among all, the upper and the lower group."""

    label: str
    right: bool
    count: int
    share: float
    upper: float
    lower: float

    @property
    def discrimination(self) -> float:
        """How much more the best chose it than the weakest, from -1 to 1."""
        return self.upper - self.lower


@dataclass(frozen=True, slots=True)
class Item:
    """What the answers say of one question; None where too few, or too alike, say anything.

    ``facility`` is the mean part of the points earned and ``spread`` its standard deviation;
    ``item_rest`` the correlation of the part with the rest, ``point_biserial`` that of being wholly
    right with the whole; ``index`` the difference of facility between the upper and lower 27 %;
    ``bands`` the facility in fifths of the candidates, the weakest first. ``weight`` is the part of
    a paper's points that the question is worth, ``effective`` the part of their variance that it
    accounts for. ``omitted`` and ``unsure`` are parts of those asked; ``seconds`` is a median.
    """

    question: str
    asked: int
    facility: float
    spread: float
    item_rest: float | None
    point_biserial: float | None
    index: float | None
    bands: tuple[float | None, ...]
    weight: float
    effective: float | None
    omitted: float
    unsure: float
    seconds: float | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole round: its items by identifier, and how far its scores may be trusted.

    ``alpha`` is Cronbach's, which is KR-20 where each question gives all of its points or none; it is
    taken over the pairs of questions that stood in one paper. ``error`` is the standard error of
    measurement and ``deviation`` the standard deviation of scores, in points.
    """

    papers: int
    items: Mapping[str, Item]
    mean: float
    deviation: float
    alpha: float | None
    error: float | None


@dataclass(slots=True)
class _Seen:
    """All that was given to one question."""

    given: list[Given] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    wholes: list[float] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    covariances: list[float] = field(default_factory=list)


def analyse(papers: Iterable[Sequence[Given]], questions: Mapping[str, Question]) -> Analysis:
    """The analysis of these papers; items that earn nothing, as their maximum says, are left out.

    ``questions`` are by the names that items bear in ``papers``.
    """
    kept = [[one for one in paper if one.maximum > 0] for paper in papers]
    kept = [paper for paper in kept if paper]
    seen: dict[str, _Seen] = {}
    for paper in kept:
        points, maximum = fsum(one.points for one in paper), fsum(one.maximum for one in paper)
        for one in paper:
            mine = seen.setdefault(one.question, _Seen())
            left = maximum - one.maximum
            mine.given.append(one)
            mine.rests.append((points - one.points) / left if left else 0.0)
            mine.wholes.append(points / maximum)
            mine.weights.append(one.maximum / maximum)
    variance, alpha = _consistency(kept, seen)
    totals = [fsum(one.points for one in paper) for paper in kept]
    deviation = _deviation(totals)
    return Analysis(
        papers=len(kept),
        items={
            name: _item(name, questions[name], mine, variance)
            for name, mine in sorted(seen.items())
        },
        mean=_mean(totals) if totals else 0.0,
        deviation=deviation,
        alpha=alpha,
        error=None if alpha is None else sqrt(variance * max(1 - alpha, 0.0)),
    )


def _consistency(
    papers: Sequence[Sequence[Given]], seen: Mapping[str, _Seen]
) -> tuple[float, float | None]:
    """The variance of scores among candidates, questions' difficulty taken out, and alpha.

    With v the mean variance of an item and c the mean covariance of two items of one paper, over all
    items and pairs of all papers, alpha = k c / (v + (k - 1) c) for papers of k items. Where all
    candidates had the same paper this is Cronbach's alpha to the last digit.
    """
    means = {name: _mean([one.points for one in mine.given]) for name, mine in seen.items()}
    own, both, whole, items, pairs = [], [], [], 0, 0
    for paper in papers:
        off = [one.points - means[one.question] for one in paper]
        total, squares = fsum(off), fsum(one * one for one in off)
        for one, mine in zip(paper, off, strict=True):
            seen[one.question].covariances.append(mine * total)
        own.append(squares)
        both.append(total * total - squares)
        whole.append(total * total)
        items += len(paper)
        pairs += len(paper) * (len(paper) - 1)
    if not pairs:
        return 0.0, None
    variance, covariance = fsum(own) / items, fsum(both) / pairs
    length = items / len(papers)
    below = variance + (length - 1) * covariance
    return fsum(whole) / len(papers), length * covariance / below if below > 1e-12 else None


def _item(name: str, question: Question, seen: _Seen, variance: float) -> Item:
    given, asked = seen.given, len(seen.given)
    parts = [one.points / one.maximum for one in given]
    right = [float(one.points == one.maximum) for one in given]
    order = sorted(range(asked), key=seen.rests.__getitem__)
    tail = max(round(asked * TAIL), 1) if asked > 1 else 0
    lower, upper = order[:tail], order[asked - tail :]
    bands = [order[asked * band // BANDS : asked * (band + 1) // BANDS] for band in range(BANDS)]
    times = sorted(one.seconds for one in given if one.seconds is not None)
    return Item(
        question=name,
        asked=asked,
        facility=_mean(parts),
        spread=_deviation(parts),
        item_rest=_correlation(parts, seen.rests),
        point_biserial=_correlation(right, seen.wholes),
        index=_mean_of(parts, upper) - _mean_of(parts, lower) if tail else None,
        bands=tuple(_mean_of(parts, band) if band else None for band in bands),
        weight=_mean(seen.weights),
        effective=_mean(seen.covariances) / variance if variance > 1e-12 else None,
        omitted=sum(one.answer is None for one in given) / asked,
        unsure=sum(question.is_unsure(one.answer) for one in given) / asked,
        seconds=times[len(times) // 2] if times else None,
        choices=_choices(question, [one.answer for one in given], lower, upper),
    )


def _choices(
    question: Question, answers: Sequence[str | None], lower: Sequence[int], upper: Sequence[int]
) -> tuple[Choice, ...]:
    """How often each answer, or each choice, was given in the whole and in both groups."""
    low, high = (
        {one.label: one.count for one in question.summarise([answers[at] for at in group])}
        for group in (lower, upper)
    )
    return tuple(
        Choice(
            label=one.label,
            right=one.right,
            count=one.count,
            share=one.count / len(answers),
            upper=high.get(one.label, 0) / max(len(upper), 1),
            lower=low.get(one.label, 0) / max(len(lower), 1),
        )
        for one in question.summarise(answers)
    )


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)


def _mean_of(values: Sequence[float], places: Sequence[int]) -> float:
    return fsum(values[at] for at in places) / len(places)


def _deviation(values: Sequence[float]) -> float:
    """The standard deviation of a sample."""
    if len(values) < 2:
        return 0.0
    mean = _mean(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's; None where one of them does not vary."""
    if len(one) < 2:
        return None
    mean, means = _mean(one), _mean(other)
    together = fsum((x - mean) * (y - means) for x, y in zip(one, other, strict=True))
    apart = sqrt(fsum((x - mean) ** 2 for x in one) * fsum((y - means) ** 2 for y in other))
    return together / apart if apart > 1e-12 else None
