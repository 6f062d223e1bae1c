"""Security headers, on every answer; static files alone may be cached."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, request, url_for
from werkzeug.wrappers import Response

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
_YEAR = 31_536_000


def init_app(app: Flask, *, https: bool) -> None:
    """Set the headers of every answer of ``app``, and give templates ``asset()``."""

    @app.after_request
    def _set(answer: Response) -> Response:
        for name, value in _ALWAYS.items():
            answer.headers.setdefault(name, value)
        if https:
            answer.headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
        if request.endpoint == "static" and "v" in request.args:
            answer.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        elif request.endpoint != "static":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    app.jinja_env.globals["asset"] = asset


def asset(path: str) -> str:
    """The address of a static file, with a version that changes with its contents."""
    return url_for("static", filename=path, v=_version(f"{current_app.static_folder}/{path}"))


@cache
def _version(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]
