"""Who is left out of a ranking, as the organiser’s list and the person concerned see it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.results import queries
from quizapp.results.tables import Exclusion
from quizapp.web.database import reading
from quizapp.web.errors import Refused
from quizapp.web.i18n import moment


def rows(plan: Plan) -> list[dict[str, Any]]:
    """Who is left out of a stage’s ranking, and why."""
    return [
        {
            "name": f"{one.last_name} {one.first_name}",
            "number": one.number,
            "city": contests.city_label(one.city),
            "at": why.at,
            "reason": why.reason,
        }
        for why, one in queries.excluded(reading(), plan)
    ]


def told(why: Exclusion) -> Refused:
    """What is said to somebody left out who asks for their result."""
    return Refused(
        403,
        "excluded",
        _("Vous n’êtes pas dans le classement"),
        _(
            "L’organisation en a décidé ainsi le %(moment)s. Motif : %(reason)s",
            moment=moment(why.at),
            reason=why.reason,
        ),
        safe=_("Votre copie et vos réponses enregistrées sont conservées."),
        action=(_("Mon espace"), url_for("sitting.my_page")),
    )
