"""Signing in: a person is found again by what the session cookie holds."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_login import LoginManager
from sqlalchemy import Connection

from quizapp.kit.person import Person
from quizapp.web.database import connection

Finder = Callable[[Connection, int], Person | None]


def init_app(app: Flask, finders: dict[str, Finder]) -> None:
    """Find people by their kind with ``finders``."""
    manager = LoginManager(app)
    manager.session_protection = None  # an address that changes on a train is still the same person

    @manager.user_loader  # type: ignore[untyped-decorator]
    def person_of(identity: str) -> Person | None:
        kind, _, rest = identity.partition(":")
        number, _, _stamp = rest.partition(":")
        if kind not in finders or not number.isdecimal():
            return None
        person = finders[kind](connection(), int(number))
        return person if person and person.get_id() == identity else None
