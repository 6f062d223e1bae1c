"""The fixtures of a real server, and of a bank to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving import environment, start

__all__ = ["environment", "start"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty file ``b.yaml`` in the current folder."""
    monkeypatch.chdir(tmp_path)
    return Path("b.yaml")
