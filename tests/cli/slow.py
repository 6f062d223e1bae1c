"""The application, with one page that takes its time: what ``serve`` is tested with.

It touches ``asked`` in the instance folder when it has begun, and answers once ``go`` is there.
While ``hold`` is there, the application takes its time to load, and touches ``loading``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from quizapp.serving import app as _app

_folder = Path(os.environ["QUIZAPP_INSTANCE"])
_inner = _app.wsgi_app

while (_folder / "hold").exists():
    (_folder / "loading").touch()
    time.sleep(0.01)


def _wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/lent":
        (_folder / "asked").touch()
        while not (_folder / "go").exists():
            time.sleep(0.01)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"fini"]
    if environ["PATH_INFO"] == "/processus":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(os.getpid()).encode()]
    return _inner(environ, start_response)


_app.wsgi_app = _wsgi
app = _app
