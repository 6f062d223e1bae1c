"""What was signed against what is stored: every answer that is missing or changed, in French."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from quizapp.exam import chain
from quizapp.exam.receipt_file import FinalReceipt
from quizapp.exam.receipts import Receipt, first_link


@dataclass(frozen=True, slots=True)
class Stored:
    """A version as it is stored now, after the stored link before it, and the link stored with it."""

    receipt: Receipt
    link: str


@dataclass(frozen=True, slots=True)
class Record:
    """A sitting as it is stored now; ``closed_link`` is its last link at the time of its closing."""

    stage: str
    candidate: str
    closed_at: datetime | None
    closed_link: str | None
    rows: Mapping[int, Stored]


def broken(record: Record) -> list[str]:
    """Everything by which the stored chain of a sitting shows that a hand has been in it."""
    rows = record.rows
    found = chain.missing(range(1, max(rows, default=0) + 1), rows)
    for n, row in rows.items():
        # After a gap, nobody knows what the link before was.
        known = n == 1 or n - 1 in rows
        if known and row.receipt.link != row.link:
            found.append(
                f"Le maillon {n} (question {row.receipt.item}) ne correspond plus à ce "
                "qui est enregistré : cette réponse a été modifiée, ou un maillon avant elle."
            )
    ends = {first_link(record.stage, record.candidate), *(row.link for row in rows.values())}
    if record.closed_link is not None and record.closed_link not in ends:
        found.append("Le maillon par lequel la copie a été close n’est plus dans la chaîne.")
    return found


def unlike(shown: Receipt, record: Record | None) -> list[str]:
    """What differs between a receipt that the server signed and what it has stored."""
    where = f"Maillon {shown.n} (question {shown.item})"
    if record is None:
        return [f"{where} : cette copie n’est pas enregistrée."]
    row = record.rows.get(shown.n)
    if row is None:
        return [f"{where} : cette réponse a été enregistrée, et manque."]
    if row.link == shown.link and row.receipt == shown:
        return []
    changed = [
        name
        for field, name in _NAMES.items()
        if getattr(row.receipt, field) != getattr(shown, field)
    ]
    if not changed:
        return [f"{where} : le maillon enregistré n’est pas celui du reçu."]
    return [f"{where} : a été modifié depuis ({', '.join(changed)})."]


def unlike_paper(shown: FinalReceipt, record: Record | None) -> list[str]:
    """The same for a paper handed in, beside its single answers."""
    if record is None:
        return ["Cette copie n’est pas enregistrée."]
    if (record.closed_at, record.closed_link) != (shown.handed_in_at, shown.last_link):
        return ["La copie n’est plus close telle que ce reçu le dit : rouverte, ou modifiée."]
    return []


_NAMES: Mapping[str, str] = {
    "answer": "la réponse",
    "item": "le numéro de la question",
    "seq": "la version",
    "flagged": "la marque « à revoir »",
    "at": "l’heure",
    "previous": "le maillon précédent",
}
