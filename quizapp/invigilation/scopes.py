"""Where a candidate belongs, and which messages are for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_
from sqlmodel import col

from quizapp.contests.tables import Application
from quizapp.exam.clock import ScopeKind, Whereabouts
from quizapp.invigilation.tables import Message


def whereabouts(application: Application) -> Whereabouts:
    """Where a candidate belongs."""
    return Whereabouts(
        application.region, application.city, str(application.centre_id), str(application.id)
    )


def reaching(who: Whereabouts) -> ColumnElement[bool]:
    """That a message is for this candidate."""
    return _reaching({kind: getattr(who, kind.value) for kind in _NARROW})


def reaching_row() -> ColumnElement[bool]:
    """That a message is for the candidate of the row it is joined with."""
    return _reaching(
        {
            ScopeKind.REGION: col(Application.region),
            ScopeKind.CITY: col(Application.city),
            ScopeKind.CENTRE: cast(col(Application.centre_id), String),
            ScopeKind.PERSON: cast(col(Application.id), String),
        }
    )


_NARROW = [kind for kind in ScopeKind if kind is not ScopeKind.EVERYONE]


def _reaching(place: dict[ScopeKind, Any]) -> ColumnElement[bool]:
    kind: Any = col(Message.scope_kind)
    return or_(
        kind == ScopeKind.EVERYONE.value,
        *(
            and_(kind == one.value, col(Message.scope_target) == target)
            for one, target in place.items()
        ),
    )
