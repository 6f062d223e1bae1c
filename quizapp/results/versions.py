"""Versions of a ranking side by side: who entered, who left, whose rank or points changed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.effects import Move, Seen, moves
from quizapp.results.tables import Draft, Publication, Standing


def numbered(db: Session, plan: Plan, number: int) -> Publication | None:
    """The version of this number."""
    return db.exec(
        select(Publication).where(Publication.stage_id == plan.id, Publication.number == number)
    ).one_or_none()


def between(db: Session, earlier: Publication | None, later: Publication) -> list[Move]:
    """Who moves from one version to another; from none, everybody."""
    return moves(published(db, earlier) if earlier else {}, published(db, later))


def until_now(db: Session, plan: Plan, earlier: Publication | None) -> list[Move]:
    """Who would move from a version to the ranking as it stands."""
    return moves(published(db, earlier) if earlier else {}, now(db, plan))


def published(db: Session, publication: Publication) -> dict[str, Seen]:
    """Where everybody stands in a version, by number."""
    return _seen(db, Standing, col(Standing.publication_id) == publication.id)


def now(db: Session, plan: Plan) -> dict[str, Seen]:
    """Where everybody stands in the ranking as it is, by number."""
    return _seen(db, Draft, col(Draft.stage_id) == plan.id)


def _seen(
    db: Session, ranked: type[Draft] | type[Standing], of: ColumnElement[bool]
) -> dict[str, Seen]:
    rows = db.exec(
        select(  # type: ignore[call-overload]
            Application.number, ranked.points, ranked.maximum, ranked.nation_rank,
            ranked.region_rank, ranked.city_rank, ranked.status, ranked.place,
        )
        .join(Application, col(Application.id) == ranked.application_id)
        .where(of)
    )  # fmt: skip
    return {
        number: Seen(points, maximum, (nation, region, city), status, place)
        for number, points, maximum, nation, region, city, status, place in rows
    }


def people(db: Session, plan: Plan, numbers: Iterable[str]) -> dict[str, Application]:
    """These people, by number."""
    rows = db.exec(
        select(Application).where(
            Application.edition_id == plan.row.edition_id, col(Application.number).in_(numbers)
        )
    )
    return {one.number: one for one in rows}
