"""Too many wrong tries: ten from one browser, or three hundred from one address, then a wait.

Hundreds of people may share one company's address, so an address alone never locks out quickly.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import request, session
from flask_babel import gettext as _

from quizapp.kit import log, throttle
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.i18n import duration
from quizapp.web.moment import now

SPAN = timedelta(minutes=10)
PER_KEY, PER_ADDRESS = 10, 300


def check(what: str, key: str | None = None) -> None:
    """Raise Refused (429) if this browser (or ``key``), or this address, failed too often."""
    for name, limit in _limits(what, key):
        if wait := throttle.wait(reading(), name, limit=limit, span=SPAN, now=now()):
            log.get().warning("auth.throttle", what=what, address=request.remote_addr)
            raise Refused(
                429,
                "too_many",
                _("Trop d’essais"),
                _("Réessayez dans %(wait)s.", wait=duration(wait.total_seconds() + 59)),
                safe=_("Votre accès reste valable."),
                retry_after=int(wait.total_seconds()) + 1,
            )


def failed(what: str, key: str | None = None) -> None:
    """Count a wrong try."""
    log.get().warning(f"{what}.fail", address=request.remote_addr)
    with writing() as db:
        for name, _limit in _limits(what, key):
            throttle.failed(db, name, span=SPAN, now=now())


def succeeded(what: str, key: str | None = None) -> None:
    """Forget the wrong tries of this browser (or ``key``), if it had any."""
    name = _limits(what, key)[0][0]
    if throttle.has(reading(), name):
        with writing() as db:
            throttle.succeeded(db, name)


def _limits(what: str, key: str | None) -> list[tuple[str, int]]:
    if key is None:
        session.setdefault("browser", secrets.token_hex(8))
        key = f"browser:{session['browser']}"
    return [
        (f"{what}:{key}"[:200], PER_KEY),
        (f"{what}:address:{request.remote_addr}"[:200], PER_ADDRESS),
    ]
