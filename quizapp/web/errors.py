"""Refusals and failures: a French page or problem+json for the person, a line in the log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from quizapp.exam import codes
from quizapp.kit import log

Text = Any


@dataclass
class Refused(Exception):  # noqa: N818
    """What a person asked cannot be done: why, what is safe, and what to do instead.

    ``fields`` are added to the JSON form; ``retry_after`` is in seconds.
    """

    status: int
    code: str
    title: Text
    detail: Text = ""
    safe: Text = ""
    action: tuple[Text, str] | None = None
    retry_after: int | None = None
    fields: dict[str, Any] | None = None


_PLAIN: dict[int, tuple[str, Text, Text]] = {
    400: (
        "malformed",
        _l("Envoi incorrect"),
        _l("Rechargez la page et recommencez ; vos réponses enregistrées sont conservées."),
    ),
    404: (
        "not_found",
        _l("Page introuvable"),
        _l("Cette page n’existe pas ou n’est plus disponible."),
    ),
    405: ("method", _l("Page introuvable"), _l("Cette page ne s’ouvre pas de cette façon.")),
    413: ("too_large", _l("Envoi trop volumineux"), _l("Ce que vous envoyez dépasse la limite.")),
    415: (
        "media_type",
        _l("Envoi incorrect"),
        _l("Rechargez la page et recommencez ; vos réponses enregistrées sont conservées."),
    ),
}


def wants_json() -> bool:
    """Whether the asker is a script rather than a person."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def init_app(app: Flask) -> None:
    """Answer every error of ``app`` in the house's way."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(OperationalError, _not_stored)
    app.register_error_handler(Exception, _failed)


def _refused(error: Refused, ref: str = "") -> Response:
    problem = {
        "status": error.status,
        "code": error.code,
        "title": str(error.title),
        "detail": str(error.detail),
    }
    if wants_json():
        answer = jsonify({**problem, **(error.fields or {})})
        answer.mimetype = "application/problem+json"
    else:
        label, url = error.action or (_("Retour à l’accueil"), "/")
        page = render_template(
            "errors/problem.html",
            problem={
                **problem,
                "safe": str(error.safe),
                "action": {"label": label, "url": url},
                "ref": ref,
            },
        )
        answer = app_response(page)
    answer.status_code = error.status
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def app_response(page: str) -> Any:
    """A page as a response that can still be changed."""
    return Response(page, mimetype="text/html")


def _forged(error: CSRFError) -> Response:
    log.get().warning("csrf.fail", path=request.path, reason=error.description)
    return _refused(
        Refused(
            403,
            "csrf",
            _("La page était ouverte depuis trop longtemps"),
            _("Rechargez-la et recommencez."),
            safe=_("Vos réponses enregistrées sont conservées."),
            action=(_("Recharger la page"), request.path if request.method == "GET" else "/"),
        )
    )


def _plain(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    if status >= 500:
        return _failed(error)
    log.get().info(f"http.{status}", path=request.path, method=request.method)
    code, title, detail = _PLAIN.get(
        status, ("refused", HTTPStatus(status).phrase, _l("Cette demande ne peut pas aboutir."))
    )
    answer = _refused(Refused(status, code, title, detail))
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _not_stored(error: OperationalError) -> Response:
    log.get().error("store.fail", path=request.path, error=str(error.orig)[:200])
    return _refused(
        Refused(
            503,
            "not_stored",
            _("Le serveur n’a pas pu enregistrer"),
            _("Réessayez dans quelques secondes."),
            safe=_("Rien n’a été modifié, et vos réponses enregistrées sont conservées."),
            retry_after=3,
        )
    )


def _failed(error: Exception) -> Response:
    ref = codes.grouped(codes.encode(secrets.token_bytes(5), 6))
    log.get().error("error", ref=ref, path=request.path, exc_info=error)
    return _refused(
        Refused(
            500,
            "error",
            _("Une erreur est survenue de notre côté"),
            _("Réessayez. Si elle revient, donnez la référence %(ref)s à l’organisation.", ref=ref),
            safe=_("Vos réponses enregistrées sont conservées."),
            fields={"ref": ref},
        ),
        ref,
    )
