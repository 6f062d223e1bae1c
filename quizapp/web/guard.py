"""Who may use a route. A route that does not say so keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.kit import log
from quizapp.web.errors import Refused, wants_json

ANYONE = "anyone"
_POLICY = "allowed_roles"

View = TypeVar("View", bound=Callable[..., Any])


def allow(*roles: str) -> Callable[[View], View]:
    """Let these roles use a view: ``@allow("organiser")``, or ``@allow(ANYONE)``."""

    def decorate(view: View) -> View:
        setattr(view, _POLICY, frozenset(roles))
        return view

    return decorate


def init_app(app: Flask, *, sign_in: dict[str, str], otherwise: str) -> None:
    """Guard every route of ``app``; ``sign_in`` names the page where each role signs in.

    Raises RuntimeError for a route without a policy.
    """
    open_routes = {"static"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in open_routes and not hasattr(
            app.view_functions[rule.endpoint], _POLICY
        ):
            raise RuntimeError(f"route {rule.endpoint!r} states no policy: add @allow(...)")

    @app.before_request
    def _check() -> Response | None:
        if request.endpoint is None or request.endpoint in open_routes:
            return None
        allowed: frozenset[str] = getattr(current_app.view_functions[request.endpoint], _POLICY)
        if ANYONE in allowed or (current_user.is_authenticated and allowed & current_user.roles):
            return None
        if current_user.is_authenticated:
            log.get().warning("authz.role", person=current_user.who)
            raise Refused(
                403,
                "role",
                _("Cette page n’est pas pour vous"),
                _(
                    "Elle est réservée à d’autres personnes : vous êtes connecté avec un autre accès."
                ),
            )
        if wants_json():
            raise Refused(
                401,
                "signed_out",
                _("Votre session a expiré"),
                _("Vos réponses sont gardées sur cet appareil. Reconnectez-vous pour les envoyer."),
            )
        page = next((sign_in[role] for role in allowed if role in sign_in), otherwise)
        onward = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for(page, next=onward), 303)


def onward(target: str | None, default: str) -> str:
    """Where to go after signing in: ``target`` if it is a path of this site."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        return target if target.isprintable() else default
    return default
