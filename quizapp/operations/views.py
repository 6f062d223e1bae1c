"""Alive, ready, and the figures; for machines, hence without a page."""

from __future__ import annotations

import hmac
import platform
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from quizapp import __version__
from quizapp.kit import migrate
from quizapp.kit.metrics import Metrics, gauge, head
from quizapp.operations import queries
from quizapp.settings import Settings
from quizapp.web.database import reading, store
from quizapp.web.guard import ANYONE, allow
from quizapp.web.moment import now

bp = Blueprint("operations", __name__)

_LOOPBACK = ("127.0.0.1", "::1")
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


def _metrics() -> Metrics:
    return cast(Metrics, current_app.extensions["metrics"])


@bp.get("/healthz")
@allow(ANYONE)
def healthz() -> Response:
    """Whether this process answers; it asks nobody else."""
    return jsonify(status="ok")


@bp.get("/readyz")
@allow(ANYONE)
def readyz() -> tuple[Response, int]:
    """Whether requests may be sent here: 200, or 503 with what is missing."""
    checks = {
        "database": False,
        "schema": False,
        "writer": current_app.extensions["answers"].alive,
        "serving": not _metrics().draining,
    }
    try:
        checks["schema"] = migrate.is_current(store())
        checks["database"] = True
    except SQLAlchemyError:
        pass
    ready = all(checks.values())
    return jsonify(status="ready" if ready else "not_ready", checks=checks), 200 if ready else 503


@bp.get("/metrics")
@allow(ANYONE)  # see _may_read: for nobody, unless a setting says otherwise
def metrics() -> Response:
    """The figures, in Prometheus' text format."""
    if not _may_read(current_app.extensions["settings"]):
        abort(404)
    lines = [*_metrics().exposition(), *_saves(), *_build(), *_database(now())]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def _may_read(settings: Settings) -> bool:
    token = settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # What a proxy on this machine hands on comes from here too, but not from here alone.
    straight = not any(name in request.headers for name in _FORWARDED)
    return settings.metrics_loopback and straight and request.remote_addr in _LOOPBACK


def _saves() -> Iterator[str]:
    told = {"acknowledged": 0, "refused": 0, "failed": 0}
    for (kind, status), count in _metrics().answers().items():
        if kind == "save":
            fate = {"2": "acknowledged", "4": "refused"}.get(status[0], "failed")
            told[fate] += count
    yield from head("quizapp_saves_total", "counter", "Answers sent by scripts, by what was told.")
    for fate, count in told.items():
        yield f'quizapp_saves_total{{outcome="{fate}"}} {count}'


def _build() -> Iterator[str]:
    yield from head("quizapp_build_info", "gauge", "The program that runs.")
    yield f'quizapp_build_info{{version="{__version__}",python="{platform.python_version()}"}} 1'


def _database(at: datetime) -> Iterator[str]:
    """What only the database knows; without it, that it is away."""
    try:
        found = queries.figures(reading(), now=at)
    except SQLAlchemyError:
        yield from gauge("quizapp_database_up", "Whether the database answers.", 0)
        return
    yield from gauge("quizapp_database_up", "Whether the database answers.", 1)
    yield from gauge("quizapp_open_sittings", "Sittings under way.", found.open_sittings)
    yield from gauge(
        "quizapp_overdue_seconds",
        "How long ago the oldest sitting that is still to be closed ended.",
        found.overdue.total_seconds(),
    )
    if found.worker_lag is not None:
        yield from gauge(
            "quizapp_worker_lag_seconds",
            "Time since the worker last took its turn.",
            found.worker_lag.total_seconds(),
        )
