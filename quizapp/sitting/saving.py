"""How a saved answer is read from a request, and how its fate is told."""

from __future__ import annotations

import secrets

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError

from quizapp.exam.problems import NotAnAnswerError
from quizapp.kit import log
from quizapp.sitting import queries
from quizapp.sitting.answers import Answers
from quizapp.sitting.forms import SavePosted
from quizapp.sitting.keeping import Counted, Saved, Saving
from quizapp.sitting.passes import Pass
from quizapp.web.database import reading
from quizapp.web.errors import Refused
from quizapp.web.i18n import hour_s, spoken
from quizapp.web.moment import now

_MOST = 16_000  # bytes of one posted answer
_MOST_ITEMS = 1_000  # of one posted page


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
    return Refused(
        422, "invalid_answer", _("Cette réponse n’a pas pu être comprise"), spoken(error),
        safe=_("Vos réponses enregistrées sont conservées."),
    )  # fmt: skip


def not_yours(sitting_id: int) -> Refused:
    """The refusal of a pass that this installation did not write, or that is no longer valid."""
    log.get().warning("pass.fail", sitting=sitting_id, address=request.remote_addr)
    return Refused(
        401,
        "signed_out",
        _("Votre accès à cette épreuve n’est plus valable"),
        _("Vos réponses sont gardées sur cet appareil. Reconnectez-vous pour les envoyer."),
    )


def acknowledged(saved: Saved, sitting_id: int, item: int) -> Counted:
    """The version that was stored and counts; raises Refused where it does not."""
    counts = saved.counts
    if saved.outcome in (Saving.KEPT, Saving.REPEATED) and counts:
        return counts
    log.get().info(f"answer.{saved.outcome.value}", sitting=sitting_id, item=item)
    if saved.outcome is Saving.NOBODY:
        raise not_yours(sitting_id)
    status, title, detail = _REFUSALS[saved.outcome]
    told = str(detail)
    if counts and saved.outcome in (Saving.LATE, Saving.CLOSED):
        told += " " + _("La réponse comptée a été enregistrée à %(hour)s.", hour=hour_s(counts.at))
    known = {"number": item, "seq": counts.seq, "at": counts.at.isoformat()} if counts else None
    raise Refused(status, _CODES[saved.outcome], title, told, fields={"counts": known})


_CODES = {
    Saving.LATE: "too_late",
    Saving.STALE: "stale",
    Saving.ELSEWHERE: "elsewhere",
    Saving.TOO_MANY: "too_many",
    Saving.PAUSED: "paused",
    Saving.CLOSED: "item_closed",
    Saving.NOT_OPEN: "item_not_open",
}
_REFUSALS = {
    Saving.LATE: (
        409,
        _l("Le temps est écoulé"),
        _l("Cette réponse est arrivée après la fin : elle est gardée, mais ne compte pas."),
    ),
    Saving.STALE: (
        409,
        _l("Une réponse plus récente est enregistrée"),
        _l("Elle vient d’un autre onglet ou d’un autre appareil. Rechargez la page pour la voir."),
    ),
    Saving.ELSEWHERE: (
        409,
        _l("Votre épreuve continue sur un autre appareil"),
        _l("Cette page ne peut plus rien enregistrer ; ce qui est enregistré reste."),
    ),
    # The page tries again by itself: the answer counts once the pause is over.
    Saving.PAUSED: (
        503,
        _l("Votre épreuve est en pause"),
        _l("Cette réponse est gardée sur votre appareil et partira à la reprise."),
    ),
    Saving.CLOSED: (
        409,
        _l("Cette question est close"),
        _l(
            "Votre réponse est arrivée après son temps, ou après votre passage à la suite : "
            "elle est gardée, mais ne compte pas."
        ),
    ),
    Saving.NOT_OPEN: (
        409,
        _l("Cette question n’est pas encore ouverte"),
        _l("Rien n’a été enregistré. Répondez d’abord à la question en cours."),
    ),
    Saving.TOO_MANY: (
        409,
        _l("Trop de modifications"),
        _l("Cette épreuve n’en enregistre plus ; vos réponses enregistrées restent."),
    ),
}


def keep_page(answers: Answers, holder: Pass) -> list[str]:
    """Keep every answer of a posted page that changed something; what was refused, in French."""
    seat = answers.seat(holder.sitting, holder.application)
    if seat is None:
        raise not_yours(holder.sitting)
    numbers = [int(text) for text in request.form.get("shown", "").split(",") if text.isdecimal()]
    kept = queries.answers_of(reading(), holder.sitting)
    refused: list[str] = []
    for number in numbers[:_MOST_ITEMS]:
        given = request.form.getlist(f"answer-{number}")
        flagged = f"flag-{number}" in request.form
        try:
            response = answers.read(seat, item=number, posted=given)
        except NotAnAnswerError as error:
            refused.append(_("Question %(number)s : %(why)s", number=number, why=spoken(error)))
            continue
        mine = kept.get(number)
        if (
            (mine.response, mine.flagged) == (response, flagged)
            if mine
            else not (response or flagged)
        ):
            continue
        saved = answers.keep(
            seat, holder, item=number, response=response, flagged=flagged,
            seq=request.form.get(f"seq-{number}", 0, type=int) + 1, key=secrets.token_hex(16),
            at=now(),
        )  # fmt: skip
        if saved.outcome in (Saving.KEPT, Saving.REPEATED):
            continue
        if saved.outcome is Saving.STALE:
            refused.append(
                _(
                    "Question %(number)s : une réponse plus récente, venue d’un autre onglet ou "
                    "appareil, a été gardée. La voici.",
                    number=number,
                )
            )
            continue
        # What refuses one refuses all that follow.
        return [*refused, _told_once(saved)]
    return refused


def _told_once(saved: Saved) -> str:
    if saved.outcome is Saving.LATE:
        return _("Le temps est écoulé : vos dernières réponses sont gardées, sans compter.")
    _status, title, detail = _REFUSALS[saved.outcome]
    return f"{title}. {detail}"
