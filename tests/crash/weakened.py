"""The server with its durability weakened on purpose: commits no longer wait for the disk.

python -m tests.crash.weakened serve …
"""

from __future__ import annotations

from typing import Any

from quizapp.cli import main
from quizapp.kit import store

_as_it_should_be = store._prepare_sqlite


def _weakened(connection: Any, record: Any) -> None:
    _as_it_should_be(connection, record)
    connection.execute("PRAGMA synchronous = NORMAL")


if __name__ == "__main__":
    store._prepare_sqlite = _weakened
    main()
