"""What an organiser brings to the desk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField
from wtforms.validators import ValidationError


class RescueForm(FlaskForm):  # type: ignore[misc]
    """A rescue file, as a candidate's page sealed it."""

    file = FileField(_l("Fichier de secours"))
    text = ""

    def validate_file(self, field: Any) -> None:
        """A text; what it holds is judged when it is opened."""
        if not field.data:
            raise ValidationError(_l("Choisissez le fichier que le candidat a téléchargé."))
        try:
            self.text = field.data.read().decode()
        except UnicodeDecodeError:
            raise ValidationError(_l("Ce fichier n’est pas un fichier de secours.")) from None
