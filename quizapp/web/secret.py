"""The secret key, as the actions that sign or trace something need it."""

from __future__ import annotations

from flask import current_app


def secret() -> bytes:
    """The secret key of this installation."""
    key = current_app.secret_key
    return key if isinstance(key, bytes) else str(key).encode()
