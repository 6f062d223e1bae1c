"""What the figures say of sittings and of the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from quizapp.kit.lease import WORKER, Lease
from quizapp.sitting.tables import Sitting


@dataclass(frozen=True, slots=True)
class Figures:
    """``worker_lag`` is None while no worker has ever taken a turn."""

    open_sittings: int
    overdue: timedelta
    worker_lag: timedelta | None


def figures(db: Session, *, now: datetime) -> Figures:
    """How things stand at ``now``."""
    unclosed = col(Sitting.closed_at).is_(None)
    under_way = db.exec(
        select(func.count()).select_from(Sitting).where(unclosed, Sitting.ends_at >= now)
    ).one()
    oldest = db.exec(
        select(Sitting.ends_at).where(unclosed, Sitting.ends_at < now).order_by(Sitting.ends_at).limit(1)  # type: ignore[arg-type]
    ).first()  # fmt: skip
    worker = db.get(Lease, WORKER)
    return Figures(
        open_sittings=under_way,
        overdue=now - oldest if oldest else timedelta(0),
        worker_lag=max(now - worker.seen_at, timedelta(0)) if worker else None,
    )
