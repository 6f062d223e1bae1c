"""The forms of applying and of getting in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Email, InputRequired, Length

from quizapp.web.fields import line

_EMAIL = _l("Écrivez une adresse comme prenom.nom@exemple.fr.")


class ApplicationForm(FlaskForm):  # type: ignore[misc]
    """What a candidate says of themselves: no more than the contest needs."""

    last_name = line(_l("Nom"), missing=_l("Indiquez votre nom."))
    first_name = line(_l("Prénom"), missing=_l("Indiquez votre prénom."))
    email = StringField(
        _l("Adresse électronique"),
        filters=[lambda value: value.strip() if value else value],
        validators=[
            InputRequired(_EMAIL),
            Length(max=254, message=_l("%(limit)s caractères au plus.", limit=254)),
            Email(_EMAIL),
        ],
    )
    company = line(
        _l("Entreprise"), missing=_l("Indiquez l’entreprise de votre centre de contact.")
    )
    city = line(
        _l("Ville du centre de contact"),
        missing=_l("Indiquez la ville de votre centre de contact."),
        limit=120,
    )
    city_code = HiddenField()
    rules = BooleanField(
        _l("J’ai lu le règlement et je l’accepte"),
        validators=[InputRequired(_l("Acceptez le règlement pour vous inscrire."))],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The access code."""

    code = StringField(
        _l("Code d’accès"),
        validators=[
            InputRequired(_l("Recopiez le code de votre convocation.")),
            Length(max=40, message=_l("Le code compte 10 caractères.")),
        ],
    )


class NothingForm(FlaskForm):  # type: ignore[misc]
    """A button: what was asked for is in the address."""
