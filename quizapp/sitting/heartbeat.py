"""What a page of a sitting asks while it is open: the time, its end, and whether the clock runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import Flask, abort, current_app, jsonify
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from werkzeug.wrappers import Response

from quizapp.exam.pace import Open
from quizapp.kit import log
from quizapp.kit.store import Store
from quizapp.sitting import queries
from quizapp.sitting.contacts import Contacts
from quizapp.sitting.lobby import bp
from quizapp.sitting.queries import Standing
from quizapp.web.database import reading
from quizapp.web.guard import allow
from quizapp.web.i18n import hour
from quizapp.web.moment import now


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the organisers tell a sitting; ``id`` is the same each time it is told."""

    id: int
    at: datetime
    text: str


# Given the database and a sitting's number: what is announced to it, the oldest first.
Announcer = Callable[[Session, int], Sequence[Announcement]]


def init_app(app: Flask, store: Store, *, announcers: Sequence[Announcer] = ()) -> None:
    """Let ``app`` answer its pages; a room that has something to tell them is an announcer."""
    app.extensions["contacts"] = Contacts(store)
    app.extensions["announcers"] = tuple(announcers)


@bp.get("/composition/<int:sitting_id>/etat")
@allow("candidate")
def heartbeat(sitting_id: int) -> Response:
    """Where this sitting stands; asked by every open page every twenty seconds."""
    at = now()
    standing = queries.standing_of(reading(), current_user.id, sitting_id) or abort(404)
    told = announced(sitting_id)
    note(sitting_id, at)
    opened = queries.open_in(standing)
    return jsonify(
        now=at.isoformat(),
        ends_at=standing.ends_at.isoformat(),
        left=queries.time_left(standing, at).total_seconds(),
        paused=standing.paused_at is not None,
        closed=standing.closed_at is not None,
        announcements=[
            {**asdict(one), "at": one.at.isoformat(), "at_text": hour(one.at)} for one in told
        ],
        **({"step": _step(opened, standing, at)} if opened else {}),
    )


def _step(opened: Open, standing: Standing, at: datetime) -> dict[str, object]:
    """What is open in a paced paper, and for how long."""
    end = opened.end(standing.ends_at)
    return {
        "first": opened.first,
        "until": end.isoformat(),
        "left": max((end - (standing.paused_at or at)).total_seconds(), 0),
    }


def announced(sitting_id: int) -> list[Announcement]:
    """What the organisers have told this sitting, the oldest first."""
    announcers: Sequence[Announcer] = current_app.extensions["announcers"]
    return [one for announcer in announcers for one in announcer(reading(), sitting_id)]


def note(sitting_id: int, at: datetime) -> None:
    """A sign of life; a busy store must not keep the page from its answer."""
    contacts: Contacts = current_app.extensions["contacts"]
    try:
        contacts.note(sitting_id, at)
    except SQLAlchemyError:
        log.get().exception("contact.fail", sitting=sitting_id)
