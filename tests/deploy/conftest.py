"""The fixtures of a real server."""

from __future__ import annotations

from tests.serving import environment, start

__all__ = ["environment", "start"]
