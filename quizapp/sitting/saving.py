"""How a saved answer is read from a request, and how its fate is told."""

from __future__ import annotations

import secrets

from flask import jsonify, request
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.wrappers import Response

from quizapp.contests.queries import Plan
from quizapp.exam.problems import NotAnAnswerError
from quizapp.kit import log
from quizapp.sitting import actions, queries
from quizapp.sitting.actions import Saved, Saving
from quizapp.sitting.forms import SavePosted
from quizapp.sitting.tables import Sitting
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.i18n import hour_s
from quizapp.web.moment import now

_MOST = 16_000  # bytes of one posted answer


def posted() -> SavePosted:
    """The answer in the request's JSON; raises Refused (400, 413, 415)."""
    if not request.is_json:
        raise _malformed(415)
    if (request.content_length or 0) > _MOST:
        raise _malformed(413)
    try:
        return SavePosted.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        log.get().warning("request.malformed", path=request.path, errors=error.error_count())
        raise _malformed(400) from None


def _malformed(status: int) -> Refused:
    return Refused(
        status,
        "malformed",
        _("Envoi incorrect"),
        _("Rechargez la page."),
        safe=_("Vos réponses enregistrées sont conservées."),
    )


def not_an_answer(error: NotAnAnswerError, sitting_id: int, item: int) -> Refused:
    """The refusal of what cannot be an answer."""
    log.get().warning("answer.invalid", sitting=sitting_id, item=item)
    return Refused(422, "invalid_answer", _("Cette réponse n’a pas pu être comprise"), str(error))


def told(saved: Saved, sitting: Sitting, item: int) -> Response:
    """The acknowledgement of a stored answer; raises Refused (409) where it does not count."""
    kept = saved.counts
    if saved.outcome in (Saving.KEPT, Saving.REPEATED) and kept:
        return jsonify(
            kept={
                "number": item,
                "seq": kept.seq,
                "at": kept.at.isoformat(),
                "at_text": hour_s(kept.at),
            },
            ends_at=sitting.ends_at.isoformat(),
            now=now().isoformat(),
        )
    counts = {"number": item, "seq": kept.seq, "at_text": hour_s(kept.at)} if kept else None
    if saved.outcome is Saving.LATE:
        log.get().info("answer.late", sitting=sitting.id, item=item)
        raise Refused(
            409,
            "too_late",
            _("Le temps est écoulé"),
            _("Cette réponse est arrivée après la fin : elle est gardée, mais ne compte pas.")
            + (
                " " + _("La réponse comptée a été enregistrée à %(hour)s.", hour=hour_s(kept.at))
                if kept
                else ""
            ),
            fields={"counts": counts},
        )
    log.get().info("answer.stale", sitting=sitting.id, item=item)
    raise Refused(
        409,
        "stale",
        _("Une réponse plus récente est enregistrée"),
        _("Elle vient d’un autre onglet ou d’un autre appareil. Rechargez la page pour la voir."),
        fields={"counts": counts},
    )


def keep_page(sitting: Sitting, plan: Plan) -> list[str]:
    """Keep every answer of a posted page that changed something; what was refused, in French."""
    numbers = [int(text) for text in request.form.get("shown", "").split(",") if text.isdecimal()]
    kept = queries.answers_of(reading(), sitting.id or 0)
    refused: list[str] = []
    for number in numbers[: len(sitting.paper)]:
        given = request.form.getlist(f"answer-{number}")
        flagged = f"flag-{number}" in request.form
        try:
            response = actions.read_answer(reading(), sitting, item=number, posted=given)
        except NotAnAnswerError as error:
            refused.append(_("Question %(number)s : %(why)s", number=number, why=str(error)))
            continue
        mine = kept.get(number)
        if mine and (mine.response, mine.flagged) == (response, flagged):
            continue
        if mine is None and response is None and not flagged:
            continue
        seen = request.form.get(f"seq-{number}", 0, type=int)
        with writing() as db:
            saved = actions.save_answer(
                db, sitting, plan, item=number, response=response, flagged=flagged, seq=seen + 1,
                key=secrets.token_hex(16), now=now(),
            )  # fmt: skip
        if saved.outcome is Saving.LATE:
            return [_("Le temps est écoulé : vos dernières réponses sont gardées, sans compter.")]
        if saved.outcome is Saving.STALE:
            refused.append(
                _(
                    "Question %(number)s : une réponse plus récente, venue d’un autre onglet ou "
                    "appareil, a été gardée. La voici.",
                    number=number,
                )
            )
    return refused
