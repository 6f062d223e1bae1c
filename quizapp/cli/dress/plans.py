"""What one simulated adviser will do: when each answer is given, and what goes wrong meanwhile."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quizapp.cli.dress.guesses import answer
from quizapp.exam.bank import Bank
from quizapp.exam.paper import Paper

_SECOND = timedelta(seconds=1)


class Fault(StrEnum):
    """What goes wrong on the way of an answer."""

    NETWORK = "network"
    UNHEARD = "unheard"
    DOUBLE = "double"
    REPLAY = "replay"
    SECOND_DEVICE = "second-device"
    GRACE = "grace"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending of one answer; the same ``key`` sent again is the same delivery.

    ``old``: by the first device, after a second one has taken over.
    """

    at: datetime
    item: int
    seq: int
    key: str
    response: str | None
    flagged: bool
    fault: Fault | None = None
    old: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """An adviser's way through the paper; without ``hands_in`` the time runs out on them."""

    sendings: tuple[Sending, ...]
    takes_over: datetime | None
    hands_in: datetime | None


def course(
    paper: Paper,
    banks: Mapping[str, Bank],
    *,
    ability: float,
    begins: datetime,
    ends: datetime,
    grace: timedelta,
    chance: random.Random,
) -> Course:
    """Answer everything within one's time, with the faults that chance brings."""
    given = list(_answers(paper, banks, ability, begins, ends, chance))
    taken = _whole(begins + (ends - begins) * 0.45) if chance.random() < 0.04 else None
    faulty = [other for one in given for other in _on_the_way(one, chance)]
    sendings = _cut_off(faulty, begins, ends, chance) if chance.random() < 0.15 else faulty
    if taken and given:
        stale = chance.choice(given)
        sendings.append(
            _again(stale, taken + 2 * _SECOND, Fault.SECOND_DEVICE, 900, chance, old=True)
        )
    last = max((one.at for one in sendings), default=begins)
    hands_in: datetime | None = _whole(last + 3 * _SECOND)
    if chance.random() < 0.08 or last + 3 * _SECOND >= ends:
        hands_in = None
        sendings += _after_the_end(given, ends, grace, chance)
    return Course(tuple(sendings), taken, hands_in)


def _answers(
    paper: Paper,
    banks: Mapping[str, Bank],
    ability: float,
    begins: datetime,
    ends: datetime,
    chance: random.Random,
) -> Iterator[Sending]:
    """Each answer in its time, some of them twice: on second thoughts."""
    pace = (ends - begins) * (chance.uniform(0.45, 0.95) / max(len(paper), 1))
    at = begins
    for item in paper.items:
        at += pace * chance.uniform(0.4, 1.6)
        if at >= ends - 10 * _SECOND:
            return
        question = banks[item.bank].by_id[item.question]
        for seq in range(1, 3 if chance.random() < 0.07 else 2):
            response = answer(question, item.order, ability, chance)
            yield Sending(
                _whole(at + seq * _SECOND), item.number, seq, _key(chance), response,
                flagged=chance.random() < 0.05,
            )  # fmt: skip


def _on_the_way(one: Sending, chance: random.Random) -> Iterator[Sending]:
    """One answer as it is sent: once, or with what a bad network makes of it."""
    luck = chance.random()
    if luck < 0.02:
        yield _again(one, one.at, Fault.UNHEARD, 0, chance, key=one.key)
        yield _again(one, one.at + 4 * _SECOND, Fault.UNHEARD, 0, chance, key=one.key)
    elif luck < 0.03:
        yield one
        yield _again(one, one.at, Fault.DOUBLE, 0, chance, key=one.key)
    elif luck < 0.04:
        yield one
        yield _again(one, one.at + 6 * _SECOND, Fault.REPLAY, 0, chance)
    else:
        yield one


def _cut_off(
    sendings: list[Sending], begins: datetime, ends: datetime, chance: random.Random
) -> list[Sending]:
    """Lose the network for a while: what was given meanwhile leaves in order when it is back."""
    gone = begins + (ends - begins) * chance.uniform(0.1, 0.6)
    back = _whole(gone + (ends - begins) * chance.uniform(0.02, 0.2))
    kept: list[Sending] = []
    waiting: list[Sending] = []
    for one in sendings:
        (waiting if gone <= one.at < back else kept).append(one)
    # One request at a time per question, the next question's at once.
    late = [
        Sending(
            back + place * _SECOND, one.item, one.seq, one.key, one.response, one.flagged,
            one.fault or Fault.NETWORK,
        )
        for place, one in enumerate(sorted(waiting, key=lambda one: one.at))
    ]  # fmt: skip
    return kept + late


def _after_the_end(
    given: list[Sending], ends: datetime, grace: timedelta, chance: random.Random
) -> list[Sending]:
    """Within the grace an answer still counts; after it, it is kept and does not."""
    if not given:
        return []
    last = given[-1]
    found = [_again(last, ends + grace + 20 * _SECOND, Fault.LATE, 2, chance)]
    if grace >= 4 * _SECOND:
        found.append(_again(last, _whole(ends + grace / 2), Fault.GRACE, 1, chance))
    return found


def _again(
    one: Sending,
    at: datetime,
    fault: Fault,
    later: int,
    chance: random.Random,
    *,
    key: str = "",
    old: bool = False,
) -> Sending:
    """The same answer once more, ``later`` versions on; a new delivery unless it has the old key."""
    return Sending(
        at, one.item, one.seq + later, key or _key(chance), one.response, one.flagged, fault, old
    )


def _key(chance: random.Random) -> str:
    return f"{chance.getrandbits(64):016x}"


def _whole(at: datetime) -> datetime:
    """On a whole second: what arrives in one second is stored together."""
    return at.replace(microsecond=0)
