"""What an author writes under a key, where plain text is not enough."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer


def _written_date(value: Any) -> Any:
    """Refuse a bare number, which would be read as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError(
            f"« {value[:60]} » n’est pas une date.|"
            " Écrivez l’année, le mois et le jour, par exemple « 2027-12-31 »."
        )
    return value


def _yes_or_no(value: Any) -> Any:
    if value in ("yes", "no"):
        return value == "yes"
    if isinstance(value, bool):
        return value
    raise ValueError("« yes » ou « no » est attendu ici.| Écrivez « yes » (oui) ou « no » (non).")


_LOCAL = re.compile(r"2\d{3}-\d\d-\d\d[ T]\d\d:\d\d", re.ASCII)


def local_time(value: Any) -> datetime:
    """A date and a time on the wall of the edition's zone."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _LOCAL.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(
        f"« {str(value)[:60]} » n’est pas une date et une heure.| Écrivez « 2026-11-28 10:00 »."
    )


LocalTime = Annotated[datetime, BeforeValidator(local_time)]
WrittenDate = Annotated[date, BeforeValidator(_written_date)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
# A mapping is kept as its pairs: their order is part of its meaning, since answers count by it.
IN_ORDER = PlainSerializer(lambda mapping: list(mapping.items()), return_type=list)


def folded(text: str) -> str:
    """A text without case and spacing: two of an author's texts that fold alike are one."""
    return " ".join(text.casefold().split())
