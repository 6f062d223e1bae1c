"""Why something that moves results is done."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from quizapp.web.fields import line


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """The reason, kept in the journal."""

    reason = line(
        _l("Motif"), missing=_l("Indiquez un motif : il est inscrit au journal."), limit=300
    )


class DecisionForm(ReasonForm):
    """A decision and its reason; ``seen`` is the state of things when the page showed its effect."""

    seen = HiddenField(validators=[InputRequired()])
