"""Requests sorted into a few kinds, for the metrics and the access log."""

from __future__ import annotations

KINDS = (
    "save", "save_page", "hand_in", "paper", "waiting", "poll", "start", "sign_in", "apply",
    "office", "download", "static", "health", "page",
)  # fmt: skip
_BY_FIRST_WORD = {
    "static": "static",
    "healthz": "health",
    "readyz": "health",
    "metrics": "health",
    "acces": "sign_in",
    "connexion": "sign_in",
    "candidature": "apply",
}


def kind_of(method: str, path: str) -> str:
    """The kind of a request; what is nothing special is a page."""
    first, _, rest = path[1:].partition("/")
    if first == "composition":
        return _of_sitting(method, rest)
    if first == "epreuve":
        if method == "POST":
            return "start"
        return "poll" if rest.endswith("/etat") else "waiting"
    if first == "organisation":
        return "download" if "/listes/" in rest else "office"
    return _BY_FIRST_WORD.get(first, "page")


def _of_sitting(method: str, rest: str) -> str:
    if method != "POST":
        return "paper"
    if "/reponses/" in rest:
        return "save"
    if rest.endswith("/faits"):
        return "poll"
    return "save_page" if rest.endswith(("/page", "/suite")) else "hand_in"
