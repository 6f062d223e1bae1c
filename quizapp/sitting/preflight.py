"""The check of a candidate's own machine before the day: the page tries it and tells."""

from __future__ import annotations

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from pydantic import ValidationError
from werkzeug.wrappers import Response

from quizapp.contests import queries as contests
from quizapp.sitting import checks
from quizapp.sitting.lobby import bp
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import ANYONE, allow
from quizapp.web.moment import now
from quizapp.web.secret import secret


@bp.get("/verification")
@allow(ANYONE)
def preflight() -> str:
    """What the candidate's own browser, device and network can do."""
    counts = current_user.is_authenticated and current_user.kind == "candidate"
    return render_template("sitting/preflight.html", counts=counts)


@bp.post("/verification")
@allow("candidate")
def preflight_told() -> Response:
    """One word per check, to be counted; whose it is is not kept."""
    application = contests.application(reading(), current_user.id) or abort(404)
    try:
        posted = checks.Checks.model_validate_json(request.get_data(cache=False))
    except ValidationError:
        raise Refused(400, "malformed", _("Envoi incorrect"), _("Rechargez la page.")) from None
    with writing() as db:
        checks.keep(
            db, edition_id=application.edition_id, candidate=application.number,
            checks=posted, secret=secret(), now=now(),
        )  # fmt: skip
    return Response(status=204)
