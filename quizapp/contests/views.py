"""The welcome, the application, and the ways in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from quizapp.contests import actions, queries
from quizapp.contests.forms import ApplicationForm, CodeForm, NothingForm
from quizapp.contests.tables import Application, Edition
from quizapp.exam import clock, markup
from quizapp.exam.edition import Privacy
from quizapp.people import places
from quizapp.web import gate
from quizapp.web.database import reading, writing
from quizapp.web.errors import Refused
from quizapp.web.guard import ANYONE, allow, onward
from quizapp.web.moment import now
from quizapp.web.secret import secret

bp = Blueprint("contests", __name__)

# How long the code of a new application can be shown again by reloading the page.
_SHOWN_FOR = timedelta(minutes=10)


@bp.get("/")
@allow(ANYONE)
def home() -> str:
    """The welcome: what the contest is, and when."""
    edition = queries.current_edition(reading())
    if edition is None:
        return render_template("contests/none.html")
    at = now()
    return render_template(
        "contests/home.html",
        stages=[stage_card(plan, at) for plan in queries.plans(reading(), edition)],
        applications_open=queries.applications_phase(edition, at) is clock.Phase.OPEN,
        applied=queries.applied(reading(), edition),
    )


def stage_card(plan: queries.Plan, at: datetime) -> dict[str, Any]:
    """A stage as the templates show it."""
    return {
        "key": plan.key,
        "title": plan.title,
        "kind": plan.says.kind,
        "practice": plan.says.practice,
        "kind_label": _("Quiz en ligne") if plan.says.kind == "quiz" else _("Jury"),
        "opens_at": plan.row.opens_at,
        "closes_at": plan.row.closes_at,
        "phase": plan.phase(at).value,
        "duration": plan.timing.duration.total_seconds(),
        "questions": plan.says.blueprint.questions if plan.says.kind == "quiz" else 0,
    }


def _edition() -> Edition:
    return queries.current_edition(reading()) or abort(404)


@bp.route("/candidature", methods=["GET", "POST"])
@allow(ANYONE)
def apply() -> str | Response | tuple[str, int]:
    """Apply to the contest."""
    edition = _edition()
    if queries.applications_phase(edition, now()) is not clock.Phase.OPEN:
        raise _not_now(edition)
    form = ApplicationForm()
    choices: list[places.City] = []
    if form.validate_on_submit():
        choices = places.resolve(form.city.data)
        chosen = _chosen_city(form, choices)
        if chosen:
            try:
                return _applied(edition, form, chosen)
            except actions.AlreadyAppliedError:
                form.email.errors = [
                    _(
                        "Une candidature existe déjà avec cette adresse. Entrez avec votre code, "
                        "ou demandez-en un nouveau à l’organisation."
                    )
                ]
        elif form.city.data.isdigit():
            form.city.errors = [_("Écrivez le nom de la commune, et non son code postal.")]
        elif choices:
            form.city.errors = [_("Plusieurs communes portent ce nom : choisissez la vôtre.")]
        else:
            form.city.errors = [_("Cette commune n’est pas connue. Vérifiez son orthographe.")]
    page = render_template(
        "contests/apply.html",
        form=form,
        city_choices=choices if len(choices) > 1 else [],
        rules={"version": edition.says.rules.version, "url": url_for(".rules")},
    )
    return (page, 422) if request.method == "POST" else page


def _not_now(edition: Edition) -> Refused:
    window = edition.says.window(edition.says.applications)
    from_ = current_app.jinja_env.filters["moment"]
    if now() < window.opens:
        detail = _("Elles ouvrent le %(moment)s.", moment=from_(window.opens))
    else:
        detail = _("Elles sont closes depuis le %(moment)s.", moment=from_(window.closes))
    return Refused(409, "applications_closed", _("Les candidatures ne sont pas ouvertes"), detail)


def _chosen_city(form: ApplicationForm, choices: list[places.City]) -> places.City | None:
    """The city meant: the one picked from the list if it bears the typed name, or the only one."""
    picked = places.city(form.city_code.data or "")
    if picked and (picked in choices or picked in places.search(form.city.data)):
        return picked
    return choices[0] if len(choices) == 1 else None


def _applied(edition: Edition, form: ApplicationForm, city: places.City) -> Response:
    with writing() as db:
        application, access = actions.apply(
            db,
            edition,
            last_name=form.last_name.data,
            first_name=form.first_name.data,
            email=form.email.data,
            company=form.company.data,
            city=city,
            secret=secret(),
            now=now(),
        )
    session["applied"] = {
        "id": application.id,
        "code": access.printed,
        "token": access.token,
        "until": (now() + _SHOWN_FOR).isoformat(),
    }
    return redirect(url_for(".applied"), 303)


@bp.get("/candidature/confirmee")
@allow(ANYONE)
def applied() -> str | Response:
    """The code and the link, shown to whoever has just applied from this browser."""
    told = session.get("applied")
    if not told or datetime.fromisoformat(told["until"]) < now():
        session.pop("applied", None)
        return redirect(url_for(".sign_in"), 303)
    application = queries.application(reading(), told["id"]) or abort(404)
    return render_template(
        "contests/applied.html",
        application={
            "number": application.number,
            "full_name": application.full_name,
            "city_label": queries.city_label(application.city),
        },
        code=told["code"],
        link=url_for(".access_link", token=told["token"], _external=True),
    )


@bp.get("/reglement")
@allow(ANYONE)
def rules() -> str:
    """The rules that candidates accept."""
    says = _edition().says.rules
    return render_template(
        "contests/rules.html", rules={"version": says.version, "html": markup.block(says.text)}
    )


@bp.get("/donnees-personnelles")
@allow(ANYONE)
def privacy() -> str:
    """What is kept about people, why, and for how long."""
    edition = queries.current_edition(reading())
    return render_template(
        "contests/privacy.html",
        contact=current_app.config["CONTACT"],
        months=edition.says.privacy.months if edition else Privacy().months,
        erased_at=edition.says.erased_at if edition else None,
    )


@bp.get("/accessibilite")
@allow(ANYONE)
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("contests/accessibility.html", contact=current_app.config["CONTACT"])


@bp.route("/acces", methods=["GET", "POST"])
@allow(ANYONE)
def sign_in() -> str | Response | tuple[str, int]:
    """Get in with the printed code."""
    form = CodeForm()
    if not form.validate_on_submit():
        page = render_template("contests/sign_in.html", form=form)
        return (page, 422) if request.method == "POST" else page
    gate.check("code")
    application = queries.application_by_code(reading(), secret(), form.code.data)
    if application is None:
        gate.failed("code")
        form.code.errors = [
            _(
                "Ce code n’est pas reconnu. Vérifiez ses 10 caractères ; "
                "O et 0, I et 1 sont acceptés l’un pour l’autre."
            )
        ]
        return render_template("contests/sign_in.html", form=form), 422
    gate.succeeded("code")
    return _enter(application)


def _enter(application: Application) -> Response:
    person = queries.person(reading(), application.id or 0)
    target = onward(request.args.get("next"), url_for("sitting.my_page"))
    session.clear()
    login_user(person)
    return redirect(target, 303)


@bp.route("/acces/<token>", methods=["GET", "POST"])
@allow(ANYONE)
def access_link(token: str) -> str | Response:
    """Get in with the personal link: asked first, since mail scanners open links too."""
    gate.check("link")
    application = queries.application_by_link(reading(), secret(), token)
    if application is None:
        gate.failed("link")
        raise Refused(
            410,
            "link",
            _("Ce lien n’est plus valable"),
            _("Entrez avec votre code d’accès, ou demandez un nouveau lien à l’organisation."),
            action=(_("Entrer avec mon code"), url_for(".sign_in")),
        )
    if NothingForm().validate_on_submit():
        return _enter(application)
    return render_template(
        "contests/access_link.html",
        application={"first_name": application.first_name},
        signed_in=current_user.is_authenticated,
    )
