"""How an answer is kept: one statement checks that it still counts, and stores it.

This is the hot path: it knows rows and values, no objects. ``keep`` is given to the writer of each
process, which hands it all that has arrived meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, text
from sqlmodel import SQLModel

from quizapp.contests.tables import Application
from quizapp.exam import receipts
from quizapp.exam.pace import Judged, Open
from quizapp.sitting.tables import Answer, Sitting

_ANSWER, _SITTING, _APPLICATION = (
    SQLModel.metadata.tables[str(one.__tablename__)] for one in (Answer, Sitting, Application)
)

# A sitting of a hundred questions has no honest use for more versions.
MOST_VERSIONS = 5_000


class Saving(StrEnum):
    """What became of an answer that arrived."""

    KEPT = "kept"
    REPEATED = "repeated"
    STALE = "stale"
    LATE = "late"
    ELSEWHERE = "elsewhere"
    TOO_MANY = "too_many"
    NOBODY = "nobody"
    PAUSED = "paused"
    CLOSED = "closed"
    NOT_OPEN = "not_open"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an answer as it arrived, read by its question’s type.

    ``application``, ``stamp`` and ``writer`` say who sent it, from which device: it is kept only if
    the sitting is theirs, and this device its writer. ``stage`` and ``candidate`` are their names
    in the receipt; ``grace`` is how long after the end it still counts.
    """

    sitting: int
    application: int
    stamp: str
    writer: str
    stage: str
    candidate: str
    item: int
    seq: int
    key: str
    response: str | None
    flagged: bool
    at: datetime
    grace: timedelta

    @property
    def rest(self) -> str:
        """What the link of this version says beside its number."""
        return receipts.rest(
            self.stage, self.candidate, item=self.item, seq=self.seq, flagged=self.flagged,
            at=self.at, answer=receipts.fingerprint(self.response),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """The version that counts for an item: its place in the chain, and what it says."""

    n: int
    seq: int
    response: str | None
    flagged: bool
    at: datetime
    link: str
    previous: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save, and the version that counts for this item now, if there is one."""

    outcome: Saving
    counts: Counted | None = None


_KEEP = """
INSERT INTO answer (sitting_id, n, item, seq, key, response, flagged, received_at, late, link)
SELECT new.sitting, COALESCE(last.n, 0) + 1, new.item, new.seq, new.key, new.response, new.flagged,
       new.at, new.late,
       {sha256}
FROM {new}
JOIN sitting ON sitting.id = new.sitting AND sitting.application_id = new.application
LEFT JOIN answer AS last ON last.sitting_id = new.sitting
     AND last.n = (SELECT MAX(n) FROM answer WHERE sitting_id = new.sitting)
WHERE COALESCE(last.n, 0) < {most}
  AND (new.late OR (
        sitting.closed_at IS NULL AND sitting.paused_at IS NULL
        AND sitting.ends_at >= new.floor AND sitting.writer = new.writer
        AND (sitting.open_first IS NULL
             OR (new.item BETWEEN sitting.open_first AND sitting.open_last
                 AND COALESCE(sitting.open_until, sitting.ends_at) >= new.floor))
        AND EXISTS (SELECT 1 FROM application
                    WHERE application.id = new.application AND application.stamp = new.stamp)
        AND NOT EXISTS (SELECT 1 FROM answer AS newer
                        WHERE newer.sitting_id = new.sitting AND newer.item = new.item
                          AND newer.seq >= new.seq AND NOT newer.late)))
{lock}
ON CONFLICT DO NOTHING
RETURNING sitting_id, n, link, (SELECT before.link FROM answer AS before
                                WHERE before.sitting_id = answer.sitting_id AND before.n = answer.n - 1)
"""
_COLUMNS = (
    ("sitting", "integer"), ("application", "integer"), ("stamp", "text"), ("writer", "text"),
    ("item", "integer"), ("seq", "integer"), ("key", "text"), ("response", "text"),
    ("flagged", "boolean"), ("at", "timestamptz"), ("floor", "timestamptz"), ("late", "boolean"),
    ("root", "text"), ("rest", "text"),
)  # fmt: skip
_LINK = "COALESCE(last.link, new.root) || {newline} || (COALESCE(last.n, 0) + 1) || '|' || new.rest"
_STATEMENTS = {
    "sqlite": text(
        _KEEP.format(
            sha256=f"sha256_hex({_LINK.format(newline='char(10)')})",
            most=MOST_VERSIONS,
            new="(SELECT "  # noqa: S608  # made of the constants above
            + ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name, _ in _COLUMNS)
            + " FROM json_each(:batch)) AS new",
            lock="",
        )
    ),
    "postgresql": text(
        _KEEP.format(
            sha256=f"encode(sha256(convert_to({_LINK.format(newline='chr(10)')}, 'UTF8')), 'hex')",
            most=MOST_VERSIONS,
            new="json_to_recordset(CAST(:batch AS json)) AS new("
            + ", ".join(f"{name} {kind}" for name, kind in _COLUMNS)
            + ")",
            # A sitting that is being closed elsewhere is waited for, and then refuses.
            lock="FOR SHARE OF sitting",
        )
    ),
}


def keep(connection: Connection, versions: Sequence[Version]) -> list[Saved | None]:
    """Keep these versions by one statement; what became of each. None: not in this transaction.

    A version counts if the sitting is open and not paused, its end and the grace have not passed, nor
    those of its question or part where these have their own, this device is its writer, and no
    version of this or a later ``seq`` is kept. A sitting's versions form a
    chain, so one of each is kept at a time; what arrives too late is kept as evidence.
    """
    first: dict[int, Version] = {}
    for version in versions:
        first.setdefault(version.sitting, version)
    kept = _insert(connection, list(first.values()), late=False)
    fates: list[Saved | None] = []
    for version in versions:
        if first[version.sitting] is not version:
            fates.append(None)
        elif version.sitting in kept:
            fates.append(Saved(Saving.KEPT, kept[version.sitting]))
        else:
            fates.append(_refused(connection, version))
    return fates


def _insert(
    connection: Connection, versions: Sequence[Version], *, late: bool
) -> dict[int, Counted]:
    sent = {version.sitting: version for version in versions}
    lite = connection.dialect.name == "sqlite"
    rows = connection.execute(
        _STATEMENTS[connection.dialect.name],
        {"batch": json.dumps([_posted(version, late, lite) for version in versions])},
    )
    return {
        sitting: Counted(
            n, one.seq, one.response, one.flagged, one.at, link,
            previous or receipts.first_link(one.stage, one.candidate),
        )
        for sitting, n, link, previous in rows
        if (one := sent[sitting])
    }  # fmt: skip


def _posted(version: Version, late: bool, lite: bool) -> dict[str, Any]:
    at = version.at.astimezone(UTC)
    floor = at - version.grace
    return {
        "sitting": version.sitting, "application": version.application, "stamp": version.stamp,
        "writer": version.writer, "item": version.item, "seq": version.seq, "key": version.key,
        "response": version.response, "flagged": version.flagged, "late": late,
        "at": _instant(at, lite), "floor": _instant(floor, lite),
        "root": receipts.first_link(version.stage, version.candidate), "rest": version.rest,
    }  # fmt: skip


def _instant(at: datetime, lite: bool) -> str:
    """An instant as the database compares it: SQLite keeps UTC as text, without a zone."""
    return f"{at:%Y-%m-%d %H:%M:%S.%f}" + ("" if lite else "+00")


def _refused(connection: Connection, version: Version) -> Saved | None:
    """Why the statement refused a version; None if only another transaction came first."""
    same = _one(connection, version, _ANSWER.c.key == version.key)
    if same is not None and not same.late:
        return Saved(Saving.REPEATED, _counted(connection, version, same))
    newest = _one(connection, version, _ANSWER.c.item == version.item, ~_ANSWER.c.late)
    counts = _counted(connection, version, newest) if newest else None
    standing = connection.execute(
        select(
            _SITTING.c.closed_at,
            _SITTING.c.ends_at,
            _SITTING.c.paused_at,
            _SITTING.c.writer,
            _SITTING.c.open_first,
            _SITTING.c.open_last,
            _SITTING.c.open_until,
            _APPLICATION.c.stamp,
        )
        .join_from(_SITTING, _APPLICATION)
        .where(_SITTING.c.id == version.sitting, _APPLICATION.c.id == version.application)
    ).first()
    if standing is None or standing.stamp != version.stamp:
        return Saved(Saving.NOBODY)
    if standing.closed_at is None and standing.paused_at is not None:
        return Saved(Saving.PAUSED, counts)
    if standing.closed_at is not None or standing.ends_at < version.at - version.grace:
        _insert(connection, [version], late=True)
        return Saved(Saving.LATE, counts)
    if standing.writer != version.writer:
        return Saved(Saving.ELSEWHERE, counts)
    if standing.open_first is not None:
        opened = Open(standing.open_first, standing.open_last, standing.open_until)
        judged = opened.judge(
            version.item, received=version.at, ends=standing.ends_at, grace=version.grace
        )
        if judged is Judged.NOT_OPEN:
            return Saved(Saving.NOT_OPEN)
        if judged is Judged.CLOSED:
            _insert(connection, [version], late=True)
            return Saved(Saving.CLOSED, counts)
    if counts is not None and counts.seq >= version.seq:
        return Saved(Saving.STALE, counts)
    last = _one(connection, version)
    return Saved(Saving.TOO_MANY, counts) if last and last.n >= MOST_VERSIONS else None


def _one(connection: Connection, version: Version, *conditions: Any) -> Any:
    """The last version of this sitting that meets the conditions."""
    return connection.execute(
        select(_ANSWER)
        .where(_ANSWER.c.sitting_id == version.sitting, *conditions)
        .order_by(_ANSWER.c.n.desc())
        .limit(1)
    ).first()


def _counted(connection: Connection, version: Version, row: Any) -> Counted:
    before = connection.execute(
        select(_ANSWER.c.link).where(
            _ANSWER.c.sitting_id == version.sitting, _ANSWER.c.n == row.n - 1
        )
    ).scalar()
    root = receipts.first_link(version.stage, version.candidate)
    return Counted(
        row.n, row.seq, row.response, row.flagged, row.received_at, row.link, before or root
    )
