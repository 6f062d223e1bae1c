"""Ranking and qualification once more, slowly: only by counting who is strictly better.

Fed with plain values and written from the rules alone, so that it can contradict the real one.
A candidate is a tuple ``(number, merits, lot)``; ``merits`` lists what is compared, one after the
other, the greater the better.
"""

import hashlib


def lot(seed, number):
    """The lot of a candidate; the smallest wins."""
    return hashlib.sha256((seed + ":" + number).encode("utf-8")).hexdigest()


def is_better(one, other):
    """Whether the first list of merits is strictly better than the second."""
    for mine, yours in zip(one, other, strict=True):
        if mine > yours:
            return True
        if mine < yours:
            return False
    return False


def ranks(candidates):
    """By number: one more than how many are strictly better, and whether somebody is equal."""
    found = {}
    for number, merits, _ in candidates:
        better = sum(is_better(other, merits) for _, other, _ in candidates)
        equal = sum(other == merits for _, other, _ in candidates)
        found[number] = (better + 1, equal > 1)
    return found


def queue(candidates):
    """The numbers in the order in which they go on: by merits, then by lot."""
    place = {}
    for number, merits, drawn in candidates:
        before = 0
        for _, other, others in candidates:
            if is_better(other, merits) or (other == merits and others < drawn):
                before += 1
        place[before] = number
    return [place[before] for before in range(len(candidates))]


def decisions(candidates, quota, cut="lot"):
    """By number: ``(qualified or reserve, place, what decided)`` for one group."""
    rank = ranks(candidates)
    order = queue(candidates)
    inside, outside = order[:quota], order[quota:]
    shared = {rank[number] for number in inside} & {rank[number] for number in outside}
    if cut == "all":
        inside += [number for number in outside if rank[number] in shared]
        outside = [number for number in outside if rank[number] not in shared]
    found = {}
    for status, numbers in (("qualified", inside), ("reserve", outside)):
        for place, number in enumerate(numbers):
            by = {"lot": "lot", "all": "tie"}[cut] if rank[number] in shared else "rank"
            found[number] = (status, place + 1, by)
    return found
