"""The form in which a receipt is shown."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, TextAreaField
from wtforms.validators import Length, ValidationError


class ReceiptForm(FlaskForm):  # type: ignore[misc]
    """A receipt, as a file or pasted."""

    file = FileField(_l("Fichier du reçu"))
    text = TextAreaField(
        _l("Ou texte du reçu"),
        validators=[Length(max=400_000, message=_l("Ce texte est trop long pour un reçu."))],
    )

    def validate_file(self, field: Any) -> None:
        """One of the two, and readable."""
        if not field.data and not (self.text.data or "").strip():
            raise ValidationError(_l("Choisissez le fichier d’un reçu, ou collez son texte."))
        if field.data:
            try:
                self.text.data = field.data.read().decode()
            except UnicodeDecodeError:
                raise ValidationError(
                    _l(
                        "Ce fichier n’est pas un texte : choisissez le reçu tel qu’il a été téléchargé."
                    )
                ) from None
