"""The organiser's desk: what happens now, the edition, the candidates."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp.banks import queries as banks
from quizapp.contests import actions as contest_actions
from quizapp.contests import queries as contests
from quizapp.contests.forms import NothingForm
from quizapp.contests.queries import Phase, Plan
from quizapp.contests.tables import Application, Centre, Edition
from quizapp.contests.views import stage_card
from quizapp.exam.rescue import Rescue, open_file
from quizapp.exam.signing import ProofError
from quizapp.office import queries
from quizapp.office.forms import RescueForm
from quizapp.proof import queries as proof
from quizapp.results import queries as results
from quizapp.sitting import checks, express, rescuing
from quizapp.sitting.rescuing import Fate, Line
from quizapp.sitting.tables import Sitting
from quizapp.web.database import reading, writing
from quizapp.web.guard import allow
from quizapp.web.i18n import moment, ngettext, number, spoken
from quizapp.web.moment import now
from quizapp.web.pager import Pager
from quizapp.web.secret import secret

bp = Blueprint("office", __name__, url_prefix="/organisation")


def _edition() -> Edition:
    return contests.current_edition(reading()) or abort(404)


def _current_stage(edition: Edition) -> Plan | None:
    """The quiz stage that matters now: the first not published, or the last."""
    quizzes = [plan for plan in contests.plans(reading(), edition) if plan.says.kind == "quiz"]
    waiting = [plan for plan in quizzes if plan.phase(now()) is not Phase.PUBLISHED]
    return waiting[0] if waiting else quizzes[-1] if quizzes else None


def _state() -> dict[str, Any]:
    edition, at = _edition(), now()
    plan = _current_stage(edition)
    counts = results.counts(reading(), plan, now=at) if plan else None
    return {
        "stage": stage_card(plan, at) if plan else None,
        "counts": counts,
        "regions": queries.areas(reading(), edition, plan),
        "updated_at": at,
        "sentence": _sentence(plan, counts) if plan and counts else "",
        "checked": _checked(edition),
    }


def _checked(edition: Edition) -> str:
    """How many candidates have tried their machine, and what they met."""
    found = checks.counted(reading(), edition.id or 0)
    if not found.candidates:
        return _("Aucun candidat n’a encore vérifié son poste.")
    told = ngettext(
        "%(num)s candidat a vérifié son poste", "%(num)s candidats ont vérifié leur poste",
        found.candidates,
    )  # fmt: skip
    if not found.troubled:
        return _("%(checked)s : rien à régler.", checked=told)
    parts = ", ".join(f"{_CHECKS[name]} {count}" for name, count in found.by_check)
    troubled = ngettext(
        "%(num)s a quelque chose à régler", "%(num)s ont quelque chose à régler", found.troubled
    )
    return _(
        "%(checked)s ; %(troubled)s (%(parts)s).", checked=told, troubled=troubled, parts=parts
    )


_CHECKS = {
    "browser": _l("navigateur"),
    "storage": _l("mémoire de l’appareil"),
    "network": _l("réseau"),
    "clock": _l("horloge"),
    "cookies": _l("cookies"),
    "width": _l("largeur de l’écran"),
    "zoom": _l("agrandissement"),
}


def _sentence(plan: Plan, counts: results.Counts) -> str:
    phase = plan.phase(now())
    if phase is Phase.FUTURE:
        return ngettext(
            "%(num)s candidature. L’épreuve ouvre le %(moment)s.",
            "%(num)s candidatures. L’épreuve ouvre le %(moment)s.",
            counts.admitted,
            moment=moment(plan.row.opens_at),
        )
    if phase is Phase.OPEN:
        return _(
            "L’épreuve est ouverte : %(running)s en cours, %(handed_in)s, %(absent)s.",
            running=number(counts.running),
            handed_in=ngettext("%(num)s remise", "%(num)s remises", counts.handed_in),
            absent=ngettext(
                "%(num)s pas encore commencée",
                "%(num)s pas encore commencées",
                counts.absent,
            ),
        )
    if phase is Phase.PUBLISHED:
        return _("Le classement est publié.")
    if plan.row.closed_at:
        return _("L’épreuve est close et corrigée : vérifiez le classement, puis publiez-le.")
    return _("L’épreuve est terminée : il reste à la clore pour corriger les copies.")


@bp.get("")
@allow("organiser")
def dashboard() -> str:
    """What happens now, per region and city."""
    return render_template("office/dashboard.html", **_state())


@bp.get("/decompte")
@allow("organiser")
def counts() -> Response:
    """The counts alone, for the dashboard to renew itself."""
    state = _state()
    page = render_template("office/_counts.html", **state)
    answer = make_response(page)
    # The tag stands for the counts, not for the time at which they were read.
    answer.set_etag(
        hashlib.sha256(
            repr((state["regions"], state["sentence"], state["checked"])).encode()
        ).hexdigest()
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@bp.get("/edition")
@allow("organiser")
def edition() -> str:
    """What the edition says, and the banks it draws from."""
    row, at = _edition(), now()
    plans = contests.plans(reading(), row)
    return render_template(
        "office/edition.html",
        document=row.says,
        stages=[
            {
                **stage_card(plan, at),
                "says": plan.says,
                "sections": plan.says.sections,
                "ties": [spoken(key) for key in plan.says.tie_keys("")],
            }
            for plan in plans
        ],
        practice=_practice(row),
        source=row.source,
        banks=[
            {
                "title": version.bank.title,
                "questions": len(version.bank.questions),
                "hash": version.digest,
                "loaded_at": version.loaded_at,
            }
            for version in banks.latest(reading())
        ],
    )


def _practice(edition: Edition) -> Plan | None:
    """The first try of the practice papers, where they can be sat."""
    tries = contests.tries(reading(), edition)
    return tries[0] if tries and banks.banks_of(reading(), tries[0].id) else None


@bp.get("/candidats")
@allow("organiser")
def candidates() -> str:
    """Who applied."""
    edition = _edition()
    words = request.args.get("q", "")[:100].strip()
    pager = Pager(queries.count_candidates(reading(), edition, words), 50)
    found = queries.candidates(
        reading(), edition, _current_stage(edition), words, start=pager.start, size=pager.size
    )
    return render_template(
        "office/candidates.html",
        q=words,
        pager=pager,
        rows=[_candidate(*row) for row in found],
    )


def _candidate(application: Application, centre: Centre, sitting: Sitting | None) -> dict[str, Any]:
    if sitting is None:
        state, label = "none", _("Pas commencée")
    elif sitting.closed_at:
        state, label = "closed", _("Remise")
    else:
        state, label = "running", _("En cours")
    return {
        "number": application.number,
        "name": f"{application.last_name} {application.first_name}".strip() or _("Nom effacé"),
        "email": application.email or "",
        "erased": application.erased_at is not None,
        "city": contests.city_label(application.city),
        "company": centre.company,
        "state": state,
        "sitting_label": label,
    }


@bp.route("/candidats/<number>/code", methods=["GET", "POST"])
@allow("organiser")
def new_code(number: str) -> str:
    """Give a candidate a new code: the effect first, then the code, told once."""
    application = contests.application_by_number(reading(), _edition(), number) or abort(404)
    if application.erased_at is not None:
        abort(404)
    form = NothingForm()
    if not form.validate_on_submit():
        return render_template(
            "results/confirm.html",
            title=_("Nouveau code pour %(name)s", name=application.full_name),
            effect=[
                _("Son ancien code et son ancien lien ne seront plus acceptés."),
                _("Ses appareils seront déconnectés ; ses réponses enregistrées restent."),
            ],
            form=form,
            danger=False,
            submit_label=_("Créer un nouveau code"),
            back_url=url_for(".candidates", q=number),
        )
    with writing() as db:
        row = contests.application(db, application.id or 0) or abort(404)
        access = contest_actions.renew_access(
            db, row, secret=secret(), by=current_user.who, now=now()
        )
    return render_template(
        "office/new_code.html",
        application={
            "number": row.number,
            "full_name": row.full_name,
            "city_label": contests.city_label(row.city),
        },
        code=access.printed,
        link=url_for("contests.access_link", token=access.token, _external=True),
    )


@bp.route("/secours", methods=["GET", "POST"])
@allow("organiser")
def rescue() -> str | tuple[str, int]:
    """Bring the answers of a rescue file, and tell what became of each."""
    form = RescueForm()
    brought: tuple[Line, ...] = ()
    opened: Rescue | None = None
    if form.validate_on_submit():
        try:
            opened = open_file(form.text, proof.rescue_keys(reading(), secret()), secret())
            brought = rescuing.bring(express.answers(), reading(), opened, now=now())
        except ProofError as error:
            form.told.errors = [_(str(error))]
        except rescuing.UnknownSittingError:
            form.told.errors = [_("Ce fichier vient d’une épreuve que cette base ne connaît pas.")]
    if opened and brought:
        with writing() as db:
            rescuing.note(db, opened, brought, by=current_user.who, now=now())
    page = render_template(
        "office/rescue.html", form=form, opened=opened if brought else None, lines=brought,
        fates=_FATES,
    )  # fmt: skip
    return (page, 422) if form.errors else page


_FATES = {
    Fate.NEW: _l("Nouvelle : enregistrée, elle compte"),
    Fate.REPLACED: _l("Enregistrée, elle remplace la précédente"),
    Fate.KNOWN: _l("Déjà enregistrée"),
    Fate.OLDER: _l("Une réponse plus récente compte déjà"),
    Fate.LATE: _l("Arrivée après la fin : gardée, sans compter"),
    Fate.REFUSED: _l("Refusée"),
}
