"""Where anybody checks a receipt, and finds the keys to do it without this server."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from quizapp.exam import codes
from quizapp.exam.evidence import judge
from quizapp.exam.signing import write_keys
from quizapp.proof import queries
from quizapp.proof.forms import ReceiptForm
from quizapp.web import gate
from quizapp.web.database import reading
from quizapp.web.guard import ANYONE, allow

bp = Blueprint("proof", __name__)

# Receipts told one by one; more are only counted.
_TOLD = 100


@bp.route("/recus/verifier", methods=["GET", "POST"])
@allow(ANYONE)
def verify() -> str | tuple[str, int]:
    """Say whether a receipt is authentic, and what that proves."""
    form = ReceiptForm()
    if not form.validate_on_submit():
        page = render_template("proof/verify.html", form=form, evidence=None)
        return (page, 422) if request.method == "POST" else page
    gate.check("receipt")
    evidence = judge(form.text.data, queries.public_keys(reading()))
    if not evidence.authentic:
        gate.failed("receipt")
    form.text.data = ""
    code = codes.grouped(evidence.paper.code) if evidence.paper else ""
    return render_template("proof/verify.html", form=form, evidence=evidence, code=code, told=_TOLD)


@bp.get("/recus/cles.json")
@allow(ANYONE)
def public_keys() -> Response:
    """The public keys that check every receipt of this server."""
    answer = Response(write_keys(queries.published(reading())), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer
