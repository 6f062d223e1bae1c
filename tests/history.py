"""The history checker: is everything that was acknowledged stored, once, and as it was sent?

It reads the tables with plain SQL and knows nothing of the code that it checks.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from quizapp.kit.store import Store


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One acknowledgement: a delivery by its key, with the version and the answer that it bore."""

    sitting: int
    key: str
    item: int
    seq: int
    response: str | None


def problems(store: Store, acknowledged: Iterable[Acknowledged]) -> list[str]:
    """What is lost, doubled, altered or out of its chain; empty if all is well."""
    with store.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT answer.*, edition.slug AS edition, stage.key AS stage, application.number "
                "FROM answer JOIN sitting ON sitting.id = answer.sitting_id "
                "JOIN stage ON stage.id = sitting.stage_id "
                "JOIN edition ON edition.id = stage.edition_id "
                "JOIN application ON application.id = sitting.application_id "
                "ORDER BY answer.sitting_id, answer.n"
            )
        ).all()
    stored = {(row.sitting_id, row.key): row for row in rows}
    found = [
        f"doubled: {key}"
        for key, times in Counter((row.sitting_id, row.key) for row in rows).items()
        if times > 1
    ]
    for ack in acknowledged:
        row = stored.get((ack.sitting, ack.key))
        if row is None:
            found.append(f"lost: {ack}")
        elif (row.item, row.seq, row.response) != (ack.item, ack.seq, ack.response):
            found.append(f"altered: {ack}")
        elif row.late:
            found.append(f"acknowledged though late: {ack}")
    return found + _broken_links(rows)


def _broken_links(rows: Iterable[object]) -> list[str]:
    found, last = [], {}
    for row in rows:
        name = f"{row.edition}/{row.stage}|{row.number}"
        n, link = last.get(row.sitting_id, (0, _hash(f"quizapp|{name}")))
        at = str(row.received_at).replace(" ", "T")[:26] + "Z"
        answer = "-" if row.response is None else _hash(row.response)
        said = f"{name}|{row.item}|{row.seq}|{bool(row.flagged):d}|{at}|{answer}"
        if row.n != n + 1 or row.link != _hash(f"{link}\n{row.n}|{said}"):
            found.append(f"broken link: sitting {row.sitting_id}, n {row.n}")
        last[row.sitting_id] = (row.n, row.link)
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
