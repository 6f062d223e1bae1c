"""The log: one JSON object a line on standard error, for the operator."""

from __future__ import annotations

import sys
from typing import Any

import structlog

# What must never reach a log, whatever a caller passes.
_SECRET = {"password", "code", "token", "link", "answer", "email", "name", "csrf_token"}


def _hide_secrets(_logger: Any, _method: str, entry: Any) -> Any:
    return {key: "•" if key in _SECRET else value for key, value in entry.items()}


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
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide_secrets,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def get() -> Any:
    """The logger: ``log.get().warning("code.fail", address=…)``."""
    return structlog.get_logger()
