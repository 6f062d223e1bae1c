"""The ranking of a stage as it stands, read a piece at a time, however many are ranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan, city_label
from quizapp.contests.tables import Application, Centre
from quizapp.exam.stages import Status
from quizapp.people import names
from quizapp.results.queries import region_name
from quizapp.results.tables import Draft

_AT_ONCE = 2_000  # rows held in memory


@dataclass(frozen=True, slots=True)
class Group:
    """The members of a nation, a region or a city that a list names."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some members of a group: all of them unless ``skip`` or ``take`` say otherwise."""

    group: Group
    skip: int
    take: int

    @property
    def whole(self) -> bool:
        return self.take == self.group.count <= _AT_ONCE


def groups(
    db: Session, plan: Plan, kind: str, *, status: Status | None = None, by_region: bool = False
) -> list[Group]:
    """The groups of a kind that have members of this status, by name; cities region by region."""
    if kind == "nation":
        total = _of(plan, status, func.count())
        return [Group("fr", "", db.exec(total).one())]
    code = getattr(Draft, kind)
    found = db.execute(
        _of(plan, status, code, Draft.region, func.count()).group_by(code, Draft.region)
    )
    label = region_name if kind == "region" else city_label
    named = [
        ((names.fold(region_name(region)) if by_region else "", names.fold(label(code))),
         Group(code, label(code), count))
        for code, region, count in found
    ]  # fmt: skip
    return [group for _, group in sorted(named, key=lambda one: (one[0], one[1].code))]


def rows(
    db: Session,
    plan: Plan,
    columns: Sequence[Any],
    kind: str,
    wanted: Sequence[Group],
    *,
    status: Status | None = None,
    start: int = 0,
    size: int | None = None,
) -> Iterator[tuple[Any, ...]]:
    """These columns of the draft, application and centre: group after group, each in order of rank.

    ``start`` rows are left out, and ``size`` given at most.
    """
    for batch in _batches(_cut(wanted, start, size)):
        yield from _read(db, plan, columns, kind, batch, status)


def _cut(wanted: Iterable[Group], start: int, size: int | None) -> Iterator[_Piece]:
    """What these groups have from ``start`` on."""
    for group in wanted:
        skip = min(start, group.count)
        take = group.count - skip if size is None else min(group.count - skip, size)
        start -= skip
        if size is not None:
            size -= take
        if take:
            yield _Piece(group, skip, take)


def _batches(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Small groups together, so that a thousand cities are not a thousand questions."""
    batch: list[_Piece] = []
    for piece in pieces:
        full = sum(one.take for one in batch) + piece.take > _AT_ONCE
        if batch and (full or not piece.whole):
            yield batch
            batch = []
        if piece.whole:
            batch.append(piece)
        else:
            yield [piece]
    if batch:
        yield batch


def _read(
    db: Session,
    plan: Plan,
    columns: Sequence[Any],
    kind: str,
    batch: Sequence[_Piece],
    status: Status | None,
) -> Iterator[tuple[Any, ...]]:
    code = col(getattr(Draft, kind, Draft.stage_id))  # a nation needs none
    wanted = (
        _of(plan, status, code, *columns)
        .join(Application, col(Application.id) == Draft.application_id)
        .join(Centre, col(Centre.id) == Application.centre_id)
        .order_by(col(Draft.position))
    )
    if kind != "nation":
        wanted = wanted.where(code.in_([piece.group.code for piece in batch]))
    if len(batch) == 1:
        wanted = wanted.offset(batch[0].skip).limit(batch[0].take)
    found: Iterable[Row[Any]] = db.execute(wanted, execution_options={"yield_per": _AT_ONCE})
    if len(batch) > 1:
        order = {piece.group.code: place for place, piece in enumerate(batch)}
        found = sorted(found, key=lambda row: order[row[0]])
    for row in found:
        yield tuple(row)[1:]


def _of(plan: Plan, status: Status | None, *columns: Any) -> Any:
    wanted = select(*columns).select_from(Draft).where(Draft.stage_id == plan.id)
    return wanted.where(Draft.status == status.value) if status else wanted
