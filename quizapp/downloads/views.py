"""Downloading a list."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from flask import Blueprint, abort
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.downloads.sheets import SHEETS
from quizapp.downloads.writers import WRITERS
from quizapp.exam.problems import ToldError
from quizapp.kit import journal
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import allow
from quizapp.web.i18n import spoken
from quizapp.web.moment import now

_IN_MEMORY = 1 << 20  # bytes of a list; a longer one goes by way of the disk
_BLOCK = 1 << 16

bp = Blueprint("downloads", __name__)


@bp.get("/organisation/etapes/<stage_key>/listes/<name>.<suffix>")
@allow("organiser")
def sheet(stage_key: str, name: str, suffix: str) -> Response:
    """One list in one format; that it was taken is journalled, since it names people."""
    plan = contests.plan(reading(), stage_key)
    if plan is None or not plan.row.closed_at or name not in SHEETS or suffix not in WRITERS:
        abort(404)
    media_type, write = WRITERS[suffix]
    # Whole before its first byte leaves: a list that fails half-way is an error, never half a list.
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed once it has been sent
    try:
        write(SHEETS[name][1](reading(), plan), file)
        with writing() as db:
            journal.record(
                db, at=now(), who=current_user.who, what="list.download",
                subject=f"stage:{plan.key}", after=f"{name}.{suffix}",
            )  # fmt: skip
    except ToldError as error:
        file.close()
        raise Refused(
            422, "too_long", _("Cette liste est trop longue pour être imprimée"), spoken(error)
        ) from None
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    answer = Response(_sent(file), content_type=media_type)
    answer.call_on_close(file.close)
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="{plan.key}-{name}.{suffix}"'
    return answer


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block
