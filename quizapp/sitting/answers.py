"""The way of an answer into the store, for the express counter and for the pages alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from quizapp.banks.queries import banks_of
from quizapp.exam.bank import Bank
from quizapp.exam.problems import NotAnAnswerError
from quizapp.kit.store import Store
from quizapp.kit.writer import GroupWriter
from quizapp.sitting import queries
from quizapp.sitting.keeping import Saved, Version, keep
from quizapp.sitting.passes import Pass
from quizapp.sitting.queries import Seat

# Seats known at once: a few thousand bytes each.
_MOST = 5_000


class Answers:
    """Reads answers by their question's type, and keeps them through this process's one writer.

    What never changes about a sitting (its seat, the banks of its stage) is read once per process,
    so that keeping an answer costs one statement.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writer: GroupWriter[Version, Saved] = GroupWriter(store, keep)
        self._seats: dict[int, Seat] = {}
        self._banks: dict[int, Mapping[str, Bank]] = {}

    @property
    def alive(self) -> bool:
        """Whether this process still stores what it is given."""
        return self._writer.alive

    def seat(self, sitting_id: int, application_id: int) -> Seat | None:
        """The seat of this candidate's sitting; somebody else's does not exist."""
        seat = self._seats.get(sitting_id)
        if seat is None:
            with self._store.reading() as db:
                seat = queries.seat_of(db, sitting_id)
            if seat is None:
                return None
            if len(self._seats) >= _MOST:
                self._seats.clear()
            self._seats[sitting_id] = seat
        return seat if seat.application_id == application_id else None

    def read(self, seat: Seat, *, item: int, posted: Sequence[str]) -> str | None:
        """What was posted for an item, as it is stored; raises NotAnAnswerError, in French."""
        found = seat.paper.item(item)
        if found is None:
            raise NotAnAnswerError("Cette question ne fait pas partie de votre sujet.")
        return self.bank(seat, found.bank).by_id[found.question].read(posted, found.order)

    def bank(self, seat: Seat, slug: str) -> Bank:
        """A bank of the seat's stage: pinned for good, since somebody sits."""
        if seat.stage_id not in self._banks:
            with self._store.reading() as db:
                self._banks[seat.stage_id] = banks_of(db, seat.stage_id)
        return self._banks[seat.stage_id][slug]

    def keep(
        self,
        seat: Seat,
        holder: Pass,
        *,
        item: int,
        response: str | None,
        flagged: bool,
        seq: int,
        key: str,
        at: datetime,
    ) -> Saved:
        """What became of an answer, once that is stored; raises as ``GroupWriter.put``."""
        return self._writer.put(
            Version(
                sitting=holder.sitting, application=holder.application, stamp=holder.stamp,
                writer=holder.writer, stage=seat.stage, candidate=seat.candidate, item=item,
                seq=seq, key=key, response=response, flagged=flagged, at=at, grace=seat.grace,
            )
        )  # fmt: skip
