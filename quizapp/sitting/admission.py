"""Whether this request may open a stage: the network it comes from, the browser it shows."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from quizapp.exam.admission import CONFIG_HEADER, EXAM_HEADER, Access, Obstacle
from quizapp.kit import log
from quizapp.web.errors import Refused


def admit(access: Access | None, stage_key: str) -> None:
    """Let the request through, or raise Refused (403): no question leaves before this has passed.

    The address is the one that the application trusts, behind a proxy as well (``app.py``). Answers
    are not asked for it: what somebody has already begun is kept wherever it is sent from.
    """
    if access is None:
        return
    found = access.obstacle(
        address=request.remote_addr or "",
        url=request.url,
        config_hash=request.headers.get(CONFIG_HEADER, ""),
        exam_hash=request.headers.get(EXAM_HEADER, ""),
    )
    if found is None:
        return
    log.get().warning("access.refused", stage=stage_key, why=found.value)
    raise _refused(found, stage_key)


def _refused(found: Obstacle, stage_key: str) -> Refused:
    way_out = (_("Aide et messages"), url_for("helping.help_page", stage_key=stage_key))
    safe = _(
        "Rien n’est commencé ni perdu par ce refus ; les réponses enregistrées sont conservées."
    )
    if found is Obstacle.NETWORK:
        return Refused(
            403,
            "wrong_network",
            _("Cette épreuve ne s’ouvre pas depuis ce réseau"),
            _(
                "Elle se passe depuis les réseaux que l’organisation a indiqués. Rejoignez le réseau "
                "de la salle, sans VPN ni partage de connexion. Adresse vue par le serveur : %(address)s.",
                address=request.remote_addr or "?",
            ),
            safe=safe,
            action=way_out,
        )
    return Refused(
        403,
        "wrong_browser",
        _("Cette épreuve s’ouvre dans Safe Exam Browser"),
        _(
            "Ouvrez le fichier de configuration donné par l’organisation : il lance ce navigateur à la "
            "bonne adresse. Si vous y êtes déjà, ses réglages ne sont pas ceux de cette épreuve."
        ),
        safe=safe,
        action=way_out,
    )
