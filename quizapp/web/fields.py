"""Form fields that read what people really type."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length


def _tidy(value: str | None) -> str | None:
    """One spelling for what looks the same: composed accents, single spaces, none around."""
    return " ".join(unicodedata.normalize("NFC", value).split()) if value else value


def printable(_form: Any, field: Any) -> None:
    """Refuse characters that cannot be seen, which would make two names look alike."""
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "Cn") for letter in field.data):
        raise ValidationError(_l("Retirez les caractères invisibles."))


def line(label: Any, *, missing: Any, limit: int = 100) -> StringField:
    """A required field of one line."""
    too_long = _l("%(limit)s caractères au plus.", limit=limit)
    return StringField(
        label,
        filters=[_tidy],
        validators=[DataRequired(missing), Length(max=limit, message=too_long), printable],
    )


def _tidy_lines(value: str | None) -> str | None:
    """As ``_tidy``, line by line; no more than one empty line between two others."""
    lines = "\n".join(_tidy(one) or "" for one in value.splitlines()) if value else value
    while lines and "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines.strip("\n") if lines else lines


def text(label: Any, *, missing: Any, limit: int = 1000) -> TextAreaField:
    """A required field of several lines."""
    too_long = _l("%(limit)s caractères au plus.", limit=limit)
    return TextAreaField(
        label,
        filters=[_tidy_lines],
        validators=[DataRequired(missing), Length(max=limit, message=too_long), _readable],
    )


def _readable(_form: Any, field: Any) -> None:
    printable(_form, _Lines(field.data.replace("\n", "")))


class _Lines:
    """The data of a field, as one line."""

    def __init__(self, data: str) -> None:
        self.data = data
