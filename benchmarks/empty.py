"""An empty Flask view, served by ``quizapp serve`` itself: the yardstick of every ratio.

The command, its settings and its background work are the real ones; only the application that its
workers load is replaced before it starts.

python -m benchmarks.empty serve --port 8001
"""

from __future__ import annotations

import multiprocessing
import sys
from types import ModuleType

from flask import Flask

from quizapp.cli import main


def empty() -> Flask:
    """An application that answers nothing, to everything."""
    app = Flask("empty", static_folder=None)

    @app.route("/", methods=["GET", "POST"])
    def nothing() -> str:
        return ""

    @app.route("/healthz")
    def healthz() -> str:
        return "ok"

    return app


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # so that the workers find what stands here
    instead = ModuleType("quizapp.serving")
    instead.app = empty()  # type: ignore[attr-defined]
    sys.modules["quizapp.serving"] = instead
    main()
