"""The web application: the only place where all rooms meet."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.analysis import views as analysis_views
from quizapp.banks import views as banks_views
from quizapp.contests import queries as contests
from quizapp.contests import views as contests_views
from quizapp.downloads import sheets
from quizapp.downloads import views as downloads_views
from quizapp.downloads.writers import WRITERS
from quizapp.invigilation import helping, reporting
from quizapp.invigilation import views as invigilation_views
from quizapp.kit import log
from quizapp.kit.metrics import Metrics
from quizapp.kit.store import Store
from quizapp.office import views as office_views
from quizapp.operations import views as operations_views
from quizapp.operations.kinds import KINDS, kind_of
from quizapp.people import queries as people
from quizapp.people import views as people_views
from quizapp.proof import keyring
from quizapp.proof import views as proof_views
from quizapp.results import alike, late
from quizapp.results import views as results_views
from quizapp.settings import Settings
from quizapp.sitting import express, guide, heartbeat, noticing
from quizapp.sitting import views as sitting_views
from quizapp.sitting.answers import Answers
from quizapp.sitting.pages import Pages
from quizapp.web import assets, database, errors, guard, headers, i18n, login
from quizapp.web.assets import Assets
from quizapp.web.database import reading
from quizapp.web.errors import Sheltered
from quizapp.web.guard import ANYONE, allow
from quizapp.web.watch import Watch

_ROOMS = (
    people_views, proof_views, contests_views, banks_views, sitting_views, results_views, late,
    alike, analysis_views, office_views, downloads_views, operations_views, invigilation_views, helping,
    reporting,
)  # fmt: skip
# Where a candidate is before, during and after a paper.
_EXAM = Sheltered(("/composition/", "/epreuve/"), out=(_l("Mon espace"), "/mon-espace"))


def create_app(settings: Settings) -> Flask:
    """The application of these settings; raises RuntimeError if a route states no policy."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret(),
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        SESSION_COOKIE_NAME="__Host-quizapp" if settings.https else "quizapp",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # a paper may stay open for hours
        WTF_CSRF_SSL_STRICT=settings.https,
        CONTACT=settings.contact,
        RESCUE_AFTER=60_000,  # milliseconds without the server before a page offers a rescue file
        PUBLIC_URL=settings.public_url.rstrip("/"),
        TESTING=settings.testing,
    )
    store = Store(settings.database)
    answers = Answers(store)
    app.extensions.update(answers=answers, pages=Pages(answers))
    keyring.init_app(app, store, settings.secret())
    heartbeat.init_app(app, store, announcers=[helping.announced])
    app.wsgi_app = express.mount(app.wsgi_app, _express(app, store, settings))  # type: ignore[assignment, method-assign]
    _wrap(app, settings)
    database.init_app(app, store)
    CSRFProtect(app).exempt(reporting.bp)
    i18n.init_app(app, _zone)
    login.init_app(app, {"candidate": contests.person, "staff": people.person})
    headers.init_app(app, https=settings.https, reports=reporting.PATH)
    errors.init_app(app, _EXAM)
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    if settings.styleguide:
        app.add_url_rule("/styleguide", view_func=styleguide)
    app.context_processor(_everywhere)
    app.jinja_env.globals.update(
        sheets=sheets.SHEETS, formats=list(WRITERS), reports_to=reporting.PATH
    )
    guard.init_app(app, sign_in={"candidate": "contests.sign_in"}, otherwise="people.sign_in")
    return app


def _wrap(app: Flask, settings: Settings) -> None:
    """What stands before both applications: the proxy's word, the count, static files."""
    files = assets.prepare(settings.instance)
    metrics = Metrics(settings.run, KINDS)
    app.extensions.update(assets=files, metrics=metrics, settings=settings)
    inner = Assets(app.wsgi_app, files, headers.always(https=settings.https))
    watched = Watch(
        inner,
        metrics=metrics,
        kind_of=kind_of,
        lines=log.Lines() if settings.access_log and not settings.testing else None,
        proxied=settings.trusted_proxies > 0,
    )
    app.wsgi_app = watched  # type: ignore[method-assign]
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(watched, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _express(pages: Flask, store: Store, settings: Settings) -> Flask:
    """The express counter, beside the application of the pages."""
    app = Flask(f"{__name__}.express", static_folder=None)
    app.session_interface = express.NoSession()
    app.config.update(
        SECRET_KEY=pages.config["SECRET_KEY"],
        MAX_CONTENT_LENGTH=pages.config["MAX_CONTENT_LENGTH"],
        SCRIPTS_ONLY=True,
        TESTING=settings.testing,
    )
    for shared in ("answers", "keyring", "contacts"):
        app.extensions[shared] = pages.extensions[shared]
    database.init_app(app, store)
    i18n.init_app(app, _zone)
    headers.init_app(app, https=settings.https)
    errors.init_app(app, _EXAM)
    app.register_blueprint(noticing.bp)  # the express counter’s, with every route of it
    return app


def _zone() -> str:
    edition = contests.current_edition(reading())
    return edition.says.zone if edition else "Europe/Paris"


def _everywhere() -> dict[str, object]:
    """What every template knows."""
    row = contests.current_edition(reading())
    return {"edition": row.says if row else None}


@allow(ANYONE)
def styleguide() -> str:
    """Every part in every state, for whoever works on the screens."""
    return render_template("styleguide.html", sheets=guide.sheets(), reviews=guide.reviews())
