"""As much of a browser as a simulated adviser needs: one kept connection, cookies, redirects.

On the standard library's client: a general one spends more on each request than the server does,
and would measure itself.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

_MOST_REDIRECTS = 5
_PATIENCE = 60.0  # seconds for one answer
_GONE = (HTTPException, ConnectionError)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the path that it came from once redirects were followed."""

    status: int
    path: str
    text: str


class Browser:
    """One browser on one site, such as ``http://127.0.0.1:8000``."""

    def __init__(self, site: str) -> None:
        address = urlsplit(site)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"« {site} » n’est pas une adresse web.")
        self._connection = (
            HTTPSConnection(address.hostname, address.port, timeout=_PATIENCE, context=_tls())
            if address.scheme == "https"
            else HTTPConnection(address.hostname, address.port, timeout=_PATIENCE)
        )
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Reply:
        """Open a page."""
        return self._follow("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, str]) -> Reply:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._follow("POST", path, urlencode(form).encode(), kind)

    def send(self, path: str, body: object, headers: Mapping[str, str]) -> Reply:
        """Send JSON, as a page’s script does."""
        kind = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        return self._follow("POST", path, json.dumps(body).encode(), kind)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _follow(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        for _ in range(_MOST_REDIRECTS):
            answer, text = self._ask(method, path, body, headers)
            if answer.status not in (301, 302, 303, 307, 308):
                return Reply(answer.status, urlsplit(path).path, text)
            target = urlsplit(urljoin(path, answer.headers["Location"]))
            path = target.path + (f"?{target.query}" if target.query else "")
            if answer.status == 303:
                method, body, headers = "GET", None, {}
        raise HTTPException("too many redirects")

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, str]:
        """One request; again on a new connection where the server has closed an idle one."""
        reused = self._connection.sock is not None
        try:
            return self._once(method, path, body, headers)
        except _GONE:
            self._connection.close()
            if not reused:
                raise
            return self._once(method, path, body, headers)

    def _once(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, str]:
        if self._cookies:
            pairs = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            headers = {**headers, "Cookie": pairs}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.coded_value
        return answer, text


@cache
def _tls() -> ssl.SSLContext:
    """One TLS context for all: to load the authorities takes longer than a request."""
    return ssl.create_default_context()
