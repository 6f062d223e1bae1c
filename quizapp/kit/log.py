"""The log: one JSON object a line on standard error, for the operator."""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from multiprocessing.util import Finalize
from typing import Any

import structlog

# The request that is being answered; what is logged meanwhile bears its name.
request: ContextVar[str] = ContextVar("request", default="")

# What must never reach a log, whatever a caller passes.
_SECRET = {"password", "code", "token", "link", "answer", "email", "name", "csrf_token"}


def _hide_secrets(_logger: Any, _method: str, entry: Any) -> Any:
    return {key: "•" if key in _SECRET else value for key, value in entry.items()}


def _name_request(_logger: Any, _method: str, entry: Any) -> Any:
    if name := request.get():
        entry["request"] = name
    return entry


def configure(*, readable: bool = False) -> None:
    """Set the log up; ``readable`` writes for a person at a terminal instead of JSON."""
    renderer: Any = (
        # The renderer's own tracebacks would show the values of variables, secrets among them.
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
        if readable
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide_secrets,
            renderer,
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get() -> Any:
    """The logger: ``log.get().warning("code.fail", address=…)``."""
    return structlog.get_logger()


class JsonLine(logging.Formatter):
    """What a library tells its logger, in the form of the other lines."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        line = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": _told(record.created),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


# For logging.config.dictConfig: the server's own words go where ours go.
FOR_LIBRARIES: dict[str, Any] = {
    "formatters": {"line": {"()": JsonLine}},
    "handlers": {
        "line": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "stream": "ext://sys.stderr",
        }
    },
    "loggers": {"_granian": {"handlers": ["line"], "propagate": False}},
}


class Lines:
    """Lines written by a thread of their own, many at once: whoever adds one never waits.

    A process that is killed loses those of its last moments; one that ends writes them all.
    """

    _PAUSE = 0.2  # seconds between two writings

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._begun = False

    def add(self, line: dict[str, Any]) -> None:
        """Have a line written soon; its ``timestamp`` is in seconds since 1970."""
        self._waiting.put(line)
        if not self._begun:  # not before the first line: a thread does not outlive a fork
            self._begun = True
            threading.Thread(target=self._run, name="log", daemon=True).start()
            Finalize(None, self.flush, exitpriority=0)  # the server's workers run no atexit

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(self._PAUSE):
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._writing:
            lines = []
            while not self._waiting.empty():
                line = self._waiting.get()
                line["timestamp"] = _told(line["timestamp"])
                lines.append(json.dumps(line, ensure_ascii=False))
            if lines:
                print("\n".join(lines), file=sys.stderr, flush=True)


def _told(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
