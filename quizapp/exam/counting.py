"""Which version of an answer counts: what arrived in time, and what came late and was accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an answer: its place in the chain, its item, and whether it came too late."""

    n: int
    item: int
    seq: int
    response: str | None
    late: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What counts for one item before and after a decision; None where nothing counts."""

    item: int
    before: Version | None
    after: Version | None


def counted(versions: Iterable[Version], accepted: Collection[int] = ()) -> dict[int, Version]:
    """The version that counts for each item of one sitting, given which late ones are accepted.

    An accepted one (named by its ``n``) counts as if it had arrived in time: it replaces what counted
    when it arrived, if its ``seq`` is newer. What arrived in time after it was acknowledged, and
    replaces it in turn.
    """
    found: dict[int, Version] = {}
    for one in sorted(versions, key=lambda version: version.n):
        known = found.get(one.item)
        in_turn = one.n in accepted and (known is None or known.seq < one.seq)
        if not one.late or in_turn:
            found[one.item] = one
    return found


def changes(
    versions: Collection[Version], before: Collection[int], after: Collection[int]
) -> list[Change]:
    """For each item with a late version that is accepted in one case only: what counts in both."""
    touched = set(before) ^ set(after)
    items = sorted({one.item for one in versions if one.late and one.n in touched})
    was, will = counted(versions, before), counted(versions, after)
    return [Change(item, was.get(item), will.get(item)) for item in items]
