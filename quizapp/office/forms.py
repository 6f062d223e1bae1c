"""What an organiser brings to the desk."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, TextAreaField
from wtforms.validators import ValidationError

from quizapp.exam.rescue_parts import CodesError, join
from quizapp.web.i18n import spoken


class RescueForm(FlaskForm):  # type: ignore[misc]
    """A rescue file, as a candidate's page sealed it, or the texts of its QR codes."""

    file = FileField(_l("Fichier de secours"))
    codes = TextAreaField(_l("Ou le texte des codes QR"))
    text = ""

    @property
    def told(self) -> Any:
        """The field that what is wrong belongs to."""
        return self.file if self.file.data or not self.codes.data else self.codes

    def validate_file(self, field: Any) -> None:
        """A text; what it holds is judged when it is opened."""
        if not field.data and self.codes.data:
            return
        if not field.data:
            raise ValidationError(_l("Choisissez le fichier que le candidat a téléchargé."))
        try:
            self.text = field.data.read().decode()
        except UnicodeDecodeError:
            raise ValidationError(_l("Ce fichier n’est pas un fichier de secours.")) from None

    def validate_codes(self, field: Any) -> None:
        """All codes of one file; a file that was chosen goes first."""
        if field.data and not self.file.data:
            try:
                self.text = join(field.data)
            except CodesError as error:
                raise ValidationError(spoken(error)) from None
