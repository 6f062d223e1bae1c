"""The express counter: answers are saved by a small application of its own.

It has no session, no sign-in and no form token: the pass in the page says it all (see ``passes``).
That makes it several times quicker than the pages' application, and lets a candidate whose session
has ended go on saving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, current_app, json, request
from flask.sessions import SessionInterface

from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.receipts import Receipt, fingerprint, sign
from quizapp.proof.keyring import keyring
from quizapp.sitting import heartbeat, saving
from quizapp.sitting.answers import Answers
from quizapp.sitting.keeping import Counted
from quizapp.sitting.passes import Pass
from quizapp.sitting.queries import Seat
from quizapp.web.guard import ANYONE, allow
from quizapp.web.moment import now
from quizapp.web.secret import secret

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

bp = Blueprint("express", __name__)


class NoSession(SessionInterface):
    """No session: nothing is read from a cookie, and none is set."""

    def open_session(self, app: Flask, request: object) -> None:
        """None."""

    def save_session(self, app: Flask, session: object, response: object) -> None:
        """Nothing to save."""


def answers() -> Answers:
    """This process's way of answers into the store."""
    found: Answers = current_app.extensions["answers"]
    return found


@bp.post("/composition/<int:sitting_id>/reponses/<int:item>")
@allow(ANYONE)  # whoever holds the pass of this sitting
def save(sitting_id: int, item: int) -> Response:
    """Keep one answer, sent by the page as it is given."""
    at = now()
    holder = Pass.read(secret(), request.headers.get("X-Pass", ""))
    if holder is None or holder.sitting != sitting_id:
        raise saving.not_yours(sitting_id)
    seat = answers().seat(holder.sitting, holder.application)
    if seat is None:
        raise saving.not_yours(sitting_id)
    posted = saving.posted()
    try:
        response = answers().read(seat, item=item, posted=posted.answer)
    except NotAnAnswerError as error:
        raise saving.not_an_answer(error, sitting_id, item) from None
    saved = answers().keep(
        seat, holder, item=item, response=response, flagged=posted.flagged, seq=posted.seq,
        key=posted.key, at=at,
    )  # fmt: skip
    heartbeat.note(sitting_id, at)
    counts = saving.acknowledged(saved, sitting_id, item)
    told = {
        "kept": {"number": item, "seq": counts.seq, "at": counts.at.isoformat()},
        "receipt": _receipt(seat, item, counts),
        "now": now().isoformat(),
    }
    return Response(json.dumps(told), mimetype="application/json")


@bp.post("/verification/reponses/<int:item>")
@allow(ANYONE)  # nothing is read of it but its form, and nothing is kept
def trial(item: int) -> Response:
    """A trial answer, which takes the road of a real one and is kept nowhere."""
    posted = saving.posted()
    told = {
        "heard": {"number": item, "seq": posted.seq, "key": posted.key},
        "now": now().isoformat(),
    }
    return Response(json.dumps(told), mimetype="application/json")


def _receipt(seat: Seat, item: int, counts: Counted) -> str:
    """The server's signed word that this version is stored."""
    receipt = Receipt(
        seat.stage, seat.candidate, n=counts.n, item=item, seq=counts.seq, flagged=counts.flagged,
        at=counts.at, answer=fingerprint(counts.response), previous=counts.previous,
    )  # fmt: skip
    return sign(receipt, keyring().signing(now=now()))


def mount(pages: WSGIApplication, express: Flask) -> WSGIApplication:
    """Both applications under one roof: what a page posts with its pass goes to the counter."""

    def door(environ: WSGIEnvironment, start: StartResponse) -> object:
        path = environ["PATH_INFO"]
        ours = "/reponses/" in path or path.endswith("/faits")
        posted = environ["REQUEST_METHOD"] == "POST" and ours
        return express(environ, start) if posted else pages(environ, start)

    return door  # type: ignore[return-value]
