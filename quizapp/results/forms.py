"""Why something that moves results is done, and what a correction says."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from quizapp.exam.correcting import Kind
from quizapp.web.fields import line


def _reason() -> Any:
    return line(
        _l("Motif"), missing=_l("Indiquez un motif : il est inscrit au journal."), limit=300
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """The reason, kept in the journal."""

    reason = _reason()


class KeyedReasonForm(ReasonForm):
    """A reason, and what makes a second press of the button the same act."""

    key = HiddenField(
        default=lambda: secrets.token_hex(16),
        validators=[DataRequired(), Length(min=8, max=40), Regexp(r"^[A-Za-z0-9-]+$")],
    )


class DecisionForm(ReasonForm):
    """A decision and its reason; ``seen`` is the state of things when the page showed its effect."""

    seen = HiddenField(validators=[InputRequired()])


class PublishForm(ReasonForm):
    """The reason of a version; ``after`` is the version that was the last when this was shown."""

    after = IntegerField(widget=HiddenInput(), validators=[Optional()])


class SeenForm(FlaskForm):  # type: ignore[misc]
    """``seen`` is the fingerprint of what was shown to whoever presses."""

    seen = HiddenField(validators=[DataRequired(), Length(max=64)])


class CheckForm(ReasonForm):
    """A ranking that was checked: the reason, and the fingerprint of what was shown."""

    seen = HiddenField(validators=[DataRequired(), Length(max=64)])


class CommitForm(FlaskForm):  # type: ignore[misc]
    """What will decide a public draw, and when it will be known, in the edition’s time."""

    source = line(
        _l("La valeur publique qui décidera"),
        missing=_l("Dites quelle valeur publique décidera."),
        limit=300,
    )
    due_at = DateTimeLocalField(
        _l("Connue à partir de"),
        validators=[InputRequired(_l("Indiquez la date et l’heure."))],
    )


class ValueForm(FlaskForm):  # type: ignore[misc]
    """The value, and where it was read."""

    value = line(_l("La valeur"), missing=_l("Entrez la valeur."), limit=200)
    found_at = line(_l("Où elle a été lue"), missing=_l("Dites où vous l’avez lue."), limit=300)


class ProposeForm(KeyedReasonForm):
    """What a correction says of a question, as far as the question can bear it.

    Another answer is one of those ``given``, or ``typed``.
    """

    kind = RadioField(
        _l("Que faire ?"), validators=[InputRequired(_l("Choisissez une correction."))]
    )
    given = SelectField(_l("L’autre réponse"), validators=[Optional()])
    typed = StringField(_l("L’autre réponse"), validators=[Length(max=200)])
    rule = SelectField(_l("La règle"), validators=[Optional()])
    weight = IntegerField(_l("Le nombre de points"), validators=[Optional()])

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, str]],
        given: Sequence[tuple[str, str]],
        rules: Sequence[tuple[str, str]],
        typed: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(kinds)
        names = {name for name, _label in kinds}
        answers = names & {Kind.ACCEPT, Kind.REPLACE}
        if typed or not answers:
            del self.given
        else:
            self.given.choices = [("", "—"), *given]
        if not typed or not answers:
            del self.typed
        if Kind.RULE in names:
            self.rule.choices = [("", "—"), *rules]
        else:
            del self.rule
        if Kind.WEIGHT not in names:
            del self.weight

    @property
    def value(self) -> str:
        """What the chosen correction needs, as text."""
        wanted = {
            Kind.ACCEPT: self.given or self.typed,
            Kind.REPLACE: self.given or self.typed,
            Kind.RULE: self.rule,
            Kind.WEIGHT: self.weight,
        }.get(Kind(self.kind.data))
        return str(wanted.data or "") if wanted is not None else ""
