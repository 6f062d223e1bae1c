"""Upgrade a database again and again, each time killed one statement later; what was seen, as JSON.

    python -m tests.kit.killed URL

It stands in a process of its own, without threads, so that it may fork: each try is a child that
kills itself. A migration must then not have begun: same revision, same tables, same rows.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Integer, MetaData, event, select

import quizapp.app  # noqa: F401  # the children need not import everything anew
from quizapp.kit import migrate
from quizapp.kit.copying import Digest
from quizapp.kit.store import Store


def state(store: Store) -> tuple[Any, ...]:
    """Revision, shape and rows of a database."""
    found = MetaData()
    found.reflect(store.engine)
    shape, rows = [], []
    with store.engine.connect() as db:
        for name, table in sorted(found.tables.items()):
            columns = [(c.name, str(c.type), c.nullable) for c in table.columns]
            indexes = sorted(str(index.name) for index in table.indexes)
            shape.append((name, columns, indexes))
            digest = Digest()
            for row in db.execute(select(table)):
                digest.add(map(str, row))
            rows.append((name, digest.rows, digest.hex))
    return migrate.current(store), shape, rows


def fill(store: Store) -> None:
    """Put one row into each empty table: number 1 everywhere, so that all refer to each other."""
    found = MetaData()
    found.reflect(store.engine)
    with store.changing() as db:
        for table in found.sorted_tables:
            if table.name != "alembic_version" and not db.execute(select(table)).first():
                db.execute(table.insert().values({c.name: _value(c) for c in table.columns}))


def _value(column: Any) -> Any:
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 1
        case DateTime():
            return datetime(2026, 11, 28, 9)  # noqa: DTZ001  # both databases take it
    return "1"


def try_once(url: str, revision: str, step: int) -> bool:
    """Upgrade in a child that is killed at its ``step``; whether it got through before."""
    child = os.fork()
    if child:
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended not in (0, -signal.SIGKILL):
            raise SystemExit(f"{revision} cannot be resumed after step {step - 1}")
        return ended == 0
    store, seen = Store(url), 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", count)
    event.listen(store.engine, "commit", count)
    try:
        migrate.upgrade(store, revision=revision)
    except BaseException as error:
        print(error, file=sys.stderr)
        os._exit(2)
    os._exit(0)


def main(url: str) -> None:
    """Every migration, killed at each of its steps: it has not begun, or is complete."""
    kills, half_done = {}, []
    store = Store(url)
    for script in reversed([*migrate.scripts().walk_revisions()]):
        before, seen, step = state(store), [], 1
        store.dispose()
        while not try_once(url, script.revision, step):
            seen.append((step, state(store)))
            store.dispose()
            step += 1
        after = state(store)
        half_done += [
            (script.revision, step)
            for step, found in seen
            # The empty table of revisions is made before the first migration begins.
            if found not in (before, after) and found[0] is not None
        ]
        kills[script.revision] = len(seen)
        fill(store)
        store.dispose()
    print(json.dumps({"kills": kills, "half_done": half_done}))


if __name__ == "__main__":
    main(sys.argv[1])
