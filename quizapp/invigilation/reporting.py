"""Errors come home: browsers report script errors, failed saves and policy violations.

A report has no form token, since browsers send none with their own, and needs no access: it adds
to a count and does nothing else. What does not have the shape of one of ours is counted under a
common name; no text of a page, no address and no person is ever kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from quizapp.invigilation import actions
from quizapp.invigilation.actions import ELSEWHERE
from quizapp.web.database import writing
from quizapp.web.guard import ANYONE, allow
from quizapp.web.moment import now
from quizapp.web.sieve import Sieve

PATH = "/signalements"
LARGEST = 8_000  # bytes
_MOST = 20  # entries of one report
_TIMES = 100  # what one entry may count for
# Several hundred people may share one company's address.
_EACH, _ALL, _SPAN = 240, 1200, timedelta(minutes=1)

_SCRIPT = re.compile(r"[a-z]+(?:/[a-z]+)?\.js:\d{1,5} (?:[A-Z][A-Za-z]{2,29}|rejet)", re.ASCII)
_SAVE = frozenset({"offline", "refused"})
_DIRECTIVE = re.compile(r"[a-z]{3,12}(?:-[a-z]{3,12}){1,3}", re.ASCII)
_BLOCKED = {"inline", "eval", "data", "blob", "http", "https", "wasm-eval"}

bp = Blueprint("reporting", __name__)


@bp.record_once
def _sieve(state: Any) -> None:
    state.app.extensions["reports"] = Sieve(each=_EACH, all_=_ALL, span=_SPAN)


@bp.post(PATH)
@allow(ANYONE)
def reports() -> Response:
    """Count what a browser reports."""
    if (request.content_length or 0) > LARGEST:
        return Response(status=413)
    try:
        told = json.loads(request.get_data(cache=False)[:LARGEST])
        found = _counted(told)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return Response(status=400)
    sieve: Sieve = current_app.extensions["reports"]
    if found and sieve.take(request.remote_addr or "", 1, now=now()):
        with writing() as db:
            for (kind, place), times in found.items():
                actions.count_fault(db, kind=kind, place=place, times=times, now=now())
    return Response(status=204)


def _counted(told: Any) -> Counter[tuple[str, str]]:
    """Each fault in a report, ours or the browser's own, and how often it was met."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in _listed(told)[:_MOST]:
        if "csp-report" in one:  # report-uri
            body = one["csp-report"]
            directive = body.get("effective-directive") or body.get("violated-directive")
            counts["csp", _violation(directive, body.get("blocked-uri"))] += 1
        elif one.get("type") == "csp-violation":  # report-to
            body = one["body"]
            violation = _violation(body.get("effectiveDirective"), body.get("blockedURL"))
            counts["csp", violation] += 1
        elif one.get("kind") in ("script", "save"):
            times = one.get("times", 1)
            counts[one["kind"], _place(one)] += times if 0 < int(times) <= _TIMES else 1
    return counts


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else told.get("faults", [told])


def _place(one: dict[str, Any]) -> str:
    place = str(one.get("place", ""))
    known = place in _SAVE if one["kind"] == "save" else _SCRIPT.fullmatch(place)
    return place if known else ELSEWHERE


def _violation(directive: Any, blocked: Any) -> str:
    """The directive, and the kind of what was blocked: never its address."""
    name = str(directive or "").split(" ")[0]
    kind = str(blocked or "").partition(":")[0]
    told = f"{name} {kind if kind in _BLOCKED else 'autre'}"
    return told if _DIRECTIVE.fullmatch(name) else ELSEWHERE
