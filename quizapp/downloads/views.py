"""Downloading a list."""

from __future__ import annotations

from flask import Blueprint, abort
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.downloads.sheets import SHEETS
from quizapp.downloads.writers import WRITERS
from quizapp.kit import journal
from quizapp.web.database import reading, writing
from quizapp.web.guard import allow
from quizapp.web.moment import now

bp = Blueprint("downloads", __name__)


@bp.get("/organisation/etapes/<stage_key>/listes/<name>.<suffix>")
@allow("organiser")
def sheet(stage_key: str, name: str, suffix: str) -> Response:
    """One list in one format; that it was taken is journalled, since it names people."""
    plan = contests.plan(reading(), stage_key)
    if plan is None or not plan.row.closed_at or name not in SHEETS or suffix not in WRITERS:
        abort(404)
    media_type, write = WRITERS[suffix]
    body = write(SHEETS[name][1](reading(), plan))
    with writing() as db:
        journal.record(
            db, at=now(), who=current_user.who, what="list.download",
            subject=f"stage:{plan.key}", after=f"{name}.{suffix}",
        )  # fmt: skip
    answer = Response(body, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{plan.key}-{name}.{suffix}"'
    return answer
