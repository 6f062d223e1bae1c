"""What candidates and desk write to each other."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from quizapp.invigilation.filters import Act
from quizapp.web.fields import line, text


def _key(*, needed: bool = False) -> HiddenField:
    """What makes a second press of the same button the same delivery; a script may give its own."""
    return HiddenField(
        default=lambda: secrets.token_hex(16),
        validators=[
            InputRequired() if needed else Optional(),
            Length(min=8, max=40),
            Regexp(r"^[A-Za-z0-9-]+$"),
        ],
    )


class IncidentForm(FlaskForm):  # type: ignore[misc]
    """The incident button: nothing to fill in. ``ago`` is how many seconds since it was pressed."""

    key = _key()
    ago = IntegerField(validators=[Optional(), NumberRange(min=0, max=86_400)])


class DescribeForm(FlaskForm):  # type: ignore[misc]
    """What happened, said after the button was pressed."""

    body = text(_l("Que s’est-il passé ?"), missing=_l("Décrivez ce qui s’est passé."))


class AskForm(FlaskForm):  # type: ignore[misc]
    """A question to the organisation, about a question of the paper or not."""

    key = _key()
    about = SelectField(_l("À propos de"), coerce=int, validators=[Optional()])
    body = text(_l("Votre message"), missing=_l("Écrivez votre message."))

    def __init__(self, *args: Any, items: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbered = [(n, _l("La question %(n)s de mon sujet", n=n)) for n in range(1, items + 1)]
        self.about.choices = [(0, _l("L’épreuve en général")), *numbered]


class SettleForm(FlaskForm):  # type: ignore[misc]
    """The answer to a report; empty where nothing has to be said."""

    body = TextAreaField(
        _l("Réponse privée"),
        validators=[Length(max=1000, message=_l("%(limit)s caractères au plus.", limit=1000))],
    )


_NONE_OR_MORE = _l("Indiquez un nombre de minutes, de 0 à 600.")
_MINUTES = _l("Indiquez un nombre de minutes, de 1 à 600.")


class ActForm(FlaskForm):  # type: ignore[misc]
    """What an act of the desk asks for; ``seen`` is what the desk knew when it showed the effect."""

    key = _key(needed=True)
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    minutes = IntegerField(
        _l("Minutes"),
        default=10,
        validators=[InputRequired(_MINUTES), NumberRange(1, 600, _MINUTES)],
    )
    body = text(_l("Message"), missing=_l("Écrivez le message."))
    reason = line(
        _l("Motif"), missing=_l("Indiquez un motif : il est inscrit au journal."), limit=300
    )
    announce = BooleanField(_l("Prévenir les candidats par un message"), default=True)

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if act == Act.REOPEN:  # what was left is left: no more has to be given
            self.minutes.validators = [
                InputRequired(_NONE_OR_MORE),
                NumberRange(0, 600, _NONE_OR_MORE),
            ]
        elif act != Act.EXTEND:
            del self.minutes
        if act != Act.EXTEND:
            del self.announce
        if act == Act.MESSAGE:
            del self.reason
        else:
            del self.body
