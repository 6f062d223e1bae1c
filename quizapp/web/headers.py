"""Security headers, on every answer; static files alone may be cached."""

from __future__ import annotations

from flask import Flask, current_app, request, url_for
from werkzeug.wrappers import Response

from quizapp.web.assets import YEAR, Asset

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def always(*, https: bool) -> dict[str, str]:
    """The headers of every answer."""
    if not https:
        return _ALWAYS
    return {**_ALWAYS, "Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"}


def init_app(app: Flask, *, https: bool, reports: str = "") -> None:
    """Set the headers of every answer of ``app``, and give templates ``asset()``.

    Browsers report violations of the policy to the path ``reports``, if there is one.
    """
    everywhere = dict(always(https=https))
    if reports:
        # Older browsers know report-uri only; the newer ones need the endpoint's name.
        everywhere["Content-Security-Policy"] += f"; report-uri {reports}; report-to faults"
        everywhere["Reporting-Endpoints"] = f'faults="{reports}"'

    @app.after_request
    def _set(answer: Response) -> Response:
        # Asked once which there are: each ``setdefault`` would look through all of them.
        known = {name.lower() for name in answer.headers.keys()}  # noqa: SIM118  # no mapping
        answer.headers.extend(
            [(name, value) for name, value in everywhere.items() if name.lower() not in known]
        )
        if request.endpoint != "static":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    app.jinja_env.globals["asset"] = asset


def asset(path: str) -> str:
    """The address of a static file, with a version that changes with its contents."""
    files: dict[str, Asset] = current_app.extensions["assets"]
    return url_for("static", filename=path, v=files[path].version)
