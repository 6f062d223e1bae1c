"""Around every request: its name, its count, its line in the log; written off the request's path."""

from __future__ import annotations

import itertools
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from quizapp.kit import log
from quizapp.kit.metrics import Metrics

# A word as long as a secret is left out of the log: personal links must not be read there.
_SECRET = re.compile(r"/[^/]{20,}")
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class Watch:
    """Counts and logs what ``app`` answers.

    ``kind_of`` sorts requests by method and path. A proxy's ``X-Request-ID`` is kept if there is
    one in front (``proxied``). While the server drains, each answer asks its browser to let go of
    the connection.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        *,
        metrics: Metrics,
        kind_of: Callable[[str, str], str],
        lines: log.Lines | None,
        proxied: bool,
    ) -> None:
        self._app, self._metrics, self._kind_of = app, metrics, kind_of
        self._lines, self._proxied = lines, proxied
        self._prefix, self._number = secrets.token_hex(4), itertools.count(1)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        began = time.perf_counter()
        name = self._name(environ)
        token = log.request.set(name)
        path = environ.get("PATH_INFO", "")
        status = 500

        def started(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            headers.append(("X-Request-ID", name))
            if self._metrics.draining:
                headers.append(("Connection", "close"))
            return start_response(line, headers, *error)

        try:
            return self._app(environ, started)
        finally:
            log.request.reset(token)
            seconds = time.perf_counter() - began
            method = environ.get("REQUEST_METHOD", "")
            kind = self._kind_of(method, path)
            self._metrics.count(kind, status, seconds)
            if self._lines is not None and kind != "health":
                self._lines.add(
                    {
                        "event": "request",
                        "timestamp": time.time(),
                        "request": name,
                        "address": environ.get("REMOTE_ADDR", ""),
                        "method": method,
                        "path": _SECRET.sub("/…", path),
                        "kind": kind,
                        "status": status,
                        "ms": round(seconds * 1000, 2),
                    }
                )

    def _name(self, environ: dict[str, Any]) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._proxied else ""
        if _REQUEST_ID.fullmatch(given):
            return str(given)
        return f"{self._prefix}{next(self._number):08x}"
