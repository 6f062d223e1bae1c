"""What the organiser's desk reads: counts per region and city, and who applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from quizapp.contests.queries import Plan, city_label
from quizapp.contests.tables import Application, Centre, Edition
from quizapp.people import names, places
from quizapp.sitting.tables import Sitting


@dataclass(slots=True)
class Area:
    """A region or a city with its counts."""

    name: str
    applied: int = 0
    started: int = 0
    handed_in: int = 0
    cities: list[Area] = field(default_factory=list)


def areas(db: Session, edition: Edition, plan: Plan | None) -> list[Area]:
    """Every region with candidates, and its cities: applied, started, handed in."""
    rows = db.exec(
        select(  # type: ignore[call-overload]
            col(Application.region),
            col(Application.city),
            func.count(),
            func.count(col(Sitting.id)),
            func.count(col(Sitting.closed_at)),
        )
        .outerjoin(
            Sitting,
            (col(Sitting.application_id) == Application.id)
            & (col(Sitting.stage_id) == (plan.id if plan else 0)),
        )
        .where(Application.edition_id == edition.id)
        .group_by(col(Application.region), col(Application.city))
    ).all()
    titles = {region.code: region.name for region in places.regions()}
    regions: dict[str, Area] = {}
    for region, city, applied, started, handed_in in rows:
        area = regions.setdefault(region, Area(titles.get(region, region)))
        area.applied += applied
        area.started += started
        area.handed_in += handed_in
        area.cities.append(Area(city_label(city), applied, started, handed_in))
    for area in regions.values():
        area.cities.sort(key=lambda one: names.fold(one.name))
    return sorted(regions.values(), key=lambda one: names.fold(one.name))


def _matching(edition: Edition, words: str) -> list[object]:
    conditions: list[object] = [Application.edition_id == edition.id]
    for word in words.split()[:5]:
        like = f"%{names.fold(word)}%"
        conditions.append(
            or_(
                col(Application.sort_key).like(like),
                col(Application.email).like(f"%{word.lower()}%"),
                col(Application.number).like(f"%{word}%"),
            )
        )
    return conditions


def count_candidates(db: Session, edition: Edition, words: str) -> int:
    """How many applications match."""
    conditions = _matching(edition, words)
    return db.exec(select(func.count()).select_from(Application).where(*conditions)).one()  # type: ignore[arg-type]


def candidates(
    db: Session, edition: Edition, plan: Plan | None, words: str, *, start: int, size: int
) -> Sequence[tuple[Application, Centre, Sitting | None]]:
    """Applications whose name, number or address holds every word, in order of name."""
    return db.exec(
        select(Application, Centre, Sitting)
        .join(Centre, col(Centre.id) == Application.centre_id)
        .outerjoin(
            Sitting,
            (col(Sitting.application_id) == Application.id)
            & (col(Sitting.stage_id) == (plan.id if plan else 0)),
        )
        .where(*_matching(edition, words))  # type: ignore[arg-type]
        .order_by(col(Application.sort_key), col(Application.id))
        .offset(start)
        .limit(size)
    ).all()
