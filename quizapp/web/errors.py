"""Refusals and failures: a French page or problem+json for the person, a line in the log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, jsonify, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as DatabaseTimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from quizapp.exam import codes
from quizapp.kit import log
from quizapp.kit.writer import BusyError

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


_AGAIN = _l("Rechargez la page et recommencez.")
_PLAIN: dict[int, tuple[str, Text, Text]] = {
    400: ("malformed", _l("Envoi incorrect"), _AGAIN),
    404: (
        "not_found",
        _l("Page introuvable"),
        _l("Cette page n’existe pas ou n’est plus disponible."),
    ),
    405: ("method", _l("Page introuvable"), _l("Cette page ne s’ouvre pas de cette façon.")),
    413: ("too_large", _l("Envoi trop volumineux"), _l("Ce que vous envoyez dépasse la limite.")),
    414: ("too_long", _l("Adresse trop longue"), _l("Ouvrez la page depuis le menu du site.")),
    415: ("media_type", _l("Envoi incorrect"), _AGAIN),
    431: (
        "headers",
        _l("Demande trop lourde"),
        _l("Effacez les cookies de ce site dans votre navigateur, puis connectez-vous de nouveau."),
    ),
}
_REFUSED = ("refused", _l("Demande refusée"), _l("Cette demande ne peut pas aboutir."))


def wants_json() -> bool:
    """Whether the asker is a script rather than a person; an application without pages has no other."""
    if current_app.config.get("SCRIPTS_ONLY"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


@dataclass(frozen=True, slots=True)
class Sheltered:
    """The paths under which a person has stored answers: errors say that they are safe, and lead ``out``."""

    paths: tuple[str, ...] = ()
    out: tuple[Text, str] = (_l("Retour à l’accueil"), "/")


def init_app(app: Flask, sheltered: Sheltered | None = None) -> None:
    """Answer every error of ``app`` in the house's way."""
    app.extensions["sheltered"] = sheltered or Sheltered()
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _plain)
    for kind in (OperationalError, DatabaseTimeoutError, BusyError, TimeoutError):
        app.register_error_handler(kind, _not_stored)
    app.register_error_handler(Exception, _failed)


def _refused(error: Refused, ref: str = "") -> Response:
    problem = {
        "status": error.status,
        "code": error.code,
        "title": str(error.title),
        "detail": str(error.detail),
    }
    if wants_json():
        safe = {"safe": str(error.safe)} if error.safe else {}
        answer = jsonify({**problem, **safe, **(error.fields or {})})
        answer.mimetype = "application/problem+json"
    else:
        label, url = error.action or _way_out()
        told = {"safe": str(error.safe), "action": {"label": label, "url": url}, "ref": ref}
        answer = app_response(_page({**problem, **told}))
    answer.status_code = error.status
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _page(problem: dict[str, Any]) -> str:
    """The page of an error; a bare one where the database cannot even say who reads it."""
    try:
        return render_template("errors/problem.html", problem=problem)
    except SQLAlchemyError:
        again = request.full_path.rstrip("?") if request.method == "GET" else ""
        bare = current_app.jinja_env.get_template("errors/bare.html")
        return bare.render(problem=problem, again=again, language=str(get_locale()))


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
            safe=_safe(),
            action=(_("Recharger la page"), before) if (before := _page_before()) else None,
        )
    )


def _page_before() -> str:
    """The page of ours that sent this request, as a path; empty if it is not known."""
    sent_by = urlsplit(request.referrer or "")
    if sent_by.netloc != request.host or not sent_by.path.startswith("/"):
        return ""
    return sent_by.path + (f"?{sent_by.query}" if sent_by.query else "")


def _at_stake() -> bool:
    """Whether a person’s answers are what they will think of first."""
    sheltered: Sheltered = current_app.extensions["sheltered"]
    return request.path.startswith(sheltered.paths)


def _way_out() -> tuple[Text, str]:
    sheltered: Sheltered = current_app.extensions["sheltered"]
    return sheltered.out if _at_stake() else (_("Retour à l’accueil"), "/")


def _kept() -> str:
    """What is safe where something failed on our side: whatever was stored before."""
    if _at_stake():
        return _("Vos réponses enregistrées sont conservées.")
    return _("Ce qui était enregistré est conservé.")


def _safe() -> str:
    """What is safe where a request was refused: nothing was done, and what was stored is."""
    if _at_stake():
        return _kept()
    return "" if request.method in ("GET", "HEAD") else _("Rien n’a été modifié.")


def _plain(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    if status >= 500:
        return _failed(error)
    log.get().info(f"http.{status}", path=request.path, method=request.method)
    code, title, detail = _PLAIN.get(status, _REFUSED)
    answer = _refused(Refused(status, code, title, detail, safe=_safe()))
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _not_stored(error: Exception) -> Response:
    told = getattr(error, "orig", None) or repr(error)
    log.get().error("store.fail", path=request.path, error=str(told)[:200])
    reads = request.method in ("GET", "HEAD")
    return _refused(
        Refused(
            503,
            "not_stored",
            _("Le serveur ne répond pas pour l’instant")
            if reads
            else _("Le serveur n’a pas pu enregistrer"),
            _("Réessayez dans quelques secondes."),
            safe=_kept(),
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
            safe=_kept(),
            fields={"ref": ref},
        ),
        ref,
    )
