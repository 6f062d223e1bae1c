"""The staff's way in and out, the choice of a city, and of a language."""

from __future__ import annotations

import hashlib

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from quizapp.people import actions, places, queries
from quizapp.people.forms import StaffForm
from quizapp.web import gate
from quizapp.web.database import reading
from quizapp.web.guard import ANYONE, allow, onward
from quizapp.web.i18n import LANGUAGES

bp = Blueprint("people", __name__)

# Where each role of the staff begins its work.
LANDINGS = {
    "organiser": "office.dashboard",
    "author": "banks.desk",
    "invigilator": "invigilation.home",
}


@bp.route("/connexion", methods=["GET", "POST"])
@allow(ANYONE)
def sign_in() -> str | Response | tuple[str, int]:
    """Sign a member of staff in."""
    form = StaffForm()
    if not form.validate_on_submit():
        page = render_template("people/sign_in.html", form=form)
        return (page, 422) if request.method == "POST" else page
    account = hashlib.sha256(form.email.data.strip().lower().encode()).hexdigest()[:32]
    gate.check("staff", account)
    staff = actions.staff_signing_in(reading(), email=form.email.data, password=form.password.data)
    if staff is None or staff.id is None:
        gate.failed("staff", account)
        form.password.errors = [_("Adresse ou mot de passe incorrect.")]
        return render_template("people/sign_in.html", form=form), 422
    gate.succeeded("staff", account)
    person = queries.person(reading(), staff.id)
    target = onward(request.args.get("next"), url_for(LANDINGS[staff.role]))
    session.clear()
    login_user(person)
    return redirect(target, 303)


@bp.post("/deconnexion")
@allow(ANYONE)
def sign_out() -> Response:
    """Sign out."""
    logout_user()
    session.clear()
    return redirect("/", 303)


@bp.get("/communes")
@allow(ANYONE)
def cities() -> Response:
    """Cities whose name begins with what was typed, for the autocomplete."""
    found = places.search(request.args.get("q", "")[:120])
    answer = jsonify({"cities": [{"code": city.code, "label": city.label} for city in found]})
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.post("/langue/<code>")
@allow(ANYONE)
def language(code: str) -> Response:
    """Choose the language of the screens."""
    if code in LANGUAGES:
        session["language"] = code
    return redirect(onward(request.form.get("next"), "/"), 303)
