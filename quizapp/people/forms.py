"""The staff's sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class StaffForm(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = StringField(
        _l("Adresse électronique"),
        validators=[InputRequired(_l("Indiquez votre adresse.")), Length(max=254)],
    )
    password = PasswordField(
        _l("Mot de passe"),
        validators=[InputRequired(_l("Indiquez votre mot de passe.")), Length(max=500)],
    )
