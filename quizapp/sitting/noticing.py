"""What a page notes of its own sitting: that it was left, that text was copied. Facts, and no more.

The page shows each to the candidate as it is noted, and their help page shows them all. A report is
sent once and never again: one that is lost is not held against anybody, and none is counted twice.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request
from pydantic import ValidationError

from quizapp.kit import log
from quizapp.sitting import actions, saving
from quizapp.sitting.express import answers, bp
from quizapp.sitting.forms import FactPosted
from quizapp.sitting.passes import Pass
from quizapp.web.database import writing
from quizapp.web.errors import Refused
from quizapp.web.guard import ANYONE, allow
from quizapp.web.moment import now
from quizapp.web.secret import secret

__all__ = ["bp"]

_MOST = 500  # bytes


@bp.post("/composition/<int:sitting_id>/faits")
@allow(ANYONE)  # whoever holds the pass of this sitting
def note_fact(sitting_id: int) -> Response:
    """Note one fact; 204 if it is noted, 200 and nothing else if it is not."""
    holder = Pass.read(secret(), request.headers.get("X-Pass", ""))
    if holder is None or holder.sitting != sitting_id:
        raise saving.not_yours(sitting_id)
    if answers().seat(holder.sitting, holder.application) is None:
        raise saving.not_yours(sitting_id)
    posted = _posted()
    with writing() as db:
        noted = actions.note_fact(
            db, sitting_id, kind=posted.kind, lasted=timedelta(seconds=posted.seconds), now=now()
        )
    return Response(status=204 if noted else 200)


def _posted() -> FactPosted:
    if (request.content_length or 0) > _MOST:
        raise Refused(413, "too_large", "")
    try:
        return FactPosted.model_validate_json(request.get_data(cache=False))
    except ValidationError:
        log.get().warning("request.malformed", path=request.path)
        raise Refused(400, "malformed", "") from None
