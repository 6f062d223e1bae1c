"""One sitting from first to last, in plain French, from stored facts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.exam.clock import Scope, ScopeKind
from quizapp.invigilation.past import Past
from quizapp.invigilation.tables import Kind
from quizapp.people.staff import staff_name
from quizapp.sitting.tables import Answer
from quizapp.web.i18n import duration, hour, hour_s

# Contact is noted by the minute: less than this between two minutes is no silence.
GAP = timedelta(minutes=3)

KINDS = ("copie", "reponses", "contact", "temps", "messages", "notes")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, of what kind, and in words."""

    at: datetime
    kind: str
    text: str


def kind_labels() -> dict[str, str]:
    """The kinds of events, in words."""
    return {
        "copie": _("Copie"),
        "reponses": _("Réponses"),
        "contact": _("Contact"),
        "temps": _("Temps"),
        "messages": _("Messages"),
        "notes": _("Faits notés"),
    }


def events(past: Past, *, now: datetime) -> list[Event]:
    """Everything that is stored of one sitting, in order."""
    found = [
        *_paper(past), *_steps(past), *_answers(past.answers), *_contact(past, now), *_time(past),
        *_pauses(past), *_decisions(past), *_messages(past), *_facts(past),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at)


def _paper(past: Past) -> Iterator[Event]:
    sitting = past.sitting
    if sitting is None:
        return
    yield Event(sitting.started_at, "copie", _("L’épreuve commence."))
    if sitting.closed_at is None:
        return
    told = {
        "candidate": _("Le candidat remet sa copie."),
        "office": _("L’organisation remet la copie."),
    }.get(sitting.closed_by or "", _("Le temps est écoulé : la copie est remise."))
    answered = ngettext(
        "%(num)s réponse enregistrée.", "%(num)s réponses enregistrées.", sitting.answered or 0
    )
    yield Event(sitting.closed_at, "copie", f"{told} {answered}")


def _steps(past: Past) -> Iterator[Event]:
    """The questions and parts of a paced paper, each at the instant from which it was open."""
    if past.pace is None:
        return
    for one in past.openings:
        step = past.pace.steps[one.step - 1]
        if step.begins_part:
            yield Event(
                one.opened_at,
                "copie",
                _("La partie « %(title)s » commence.", title=step.part.title),
            )
        if step.part.forward:
            yield Event(one.opened_at, "copie", _("La question %(n)s s’ouvre.", n=step.first))


def _answers(answers: Sequence[Answer]) -> Iterator[Event]:
    """The answers of each minute on one line; those that came too late on lines of their own."""
    for late, some in groupby(sorted(answers, key=_minute), key=_minute):
        every = list(some)
        numbers = sorted({one.item for one in every})
        listed = ", ".join(map(str, numbers))
        if late[1]:
            text = ngettext(
                "Une réponse arrive trop tard, gardée sans compter : question %(listed)s.",
                "%(num)s réponses arrivent trop tard, gardées sans compter : questions %(listed)s.",
                len(numbers), listed=listed,
            )  # fmt: skip
        else:
            text = ngettext(
                "Une réponse enregistrée : question %(listed)s.",
                "%(num)s réponses enregistrées : questions %(listed)s.",
                len(numbers), listed=listed,
            )  # fmt: skip
        yield Event(every[0].received_at, "reponses", text)


def _minute(one: Answer) -> tuple[datetime, bool]:
    return one.received_at.replace(second=0, microsecond=0), one.late


def _contact(past: Past, now: datetime) -> Iterator[Event]:
    """The stretches of an open sitting in which its page did not reach the server."""
    sitting = past.sitting
    if sitting is None:
        return
    end = min(sitting.closed_at or now, sitting.ends_at, now)
    signs = {sitting.started_at, *past.contacts, *(one.received_at for one in past.answers)}
    if sitting.seen_at:
        signs.add(sitting.seen_at)
    within = sorted(one for one in signs if sitting.started_at <= one <= end)
    for before, after in pairwise([*within, end]):
        if after - before >= GAP:
            text = _(
                "Sans contact de %(first)s à %(last)s, soit %(span)s.",
                first=hour(before), last=hour(after),
                span=duration((after - before).total_seconds()),
            )  # fmt: skip
            yield Event(before, "contact", text)


def _time(past: Past) -> Iterator[Event]:
    for grant in past.grants:
        minutes = duration(grant.seconds)
        if grant.outage_from and grant.outage_to:
            text = _(
                "%(who)s rend %(minutes)s pour la panne de %(first)s à %(last)s.",
                who=staff_name(grant.by), minutes=minutes,
                first=hour(grant.outage_from), last=hour(grant.outage_to),
            )  # fmt: skip
        else:
            text = _(
                "%(who)s donne %(minutes)s %(whom)s. Motif : %(why)s",
                who=staff_name(grant.by), minutes=minutes,
                whom=_to(Scope(ScopeKind(grant.scope), grant.target)), why=grant.reason,
            )  # fmt: skip
        yield Event(grant.at, "temps", text)
        if grant.undone_at:
            yield Event(
                grant.undone_at, "temps",
                _("%(who)s retire ces %(minutes)s.", who=staff_name(grant.undone_by or ""),
                  minutes=minutes),
            )  # fmt: skip


def _to(scope: Scope) -> str:
    return {
        ScopeKind.EVERYONE: _("à tous"),
        ScopeKind.REGION: _("à sa région"),
        ScopeKind.CITY: _("à sa ville"),
        ScopeKind.CENTRE: _("à son centre"),
        ScopeKind.PERSON: _("à cette personne"),
    }[scope.kind]


def _pauses(past: Past) -> Iterator[Event]:
    for one in past.pauses:
        # Reopening a paper keeps the time in between as a pause; the journal tells it better.
        if one.ends_at == one.begins_at or (one.begins_at, one.ends_at) in past.reopened:
            continue
        text = _("%(who)s met en pause. Motif : %(why)s", who=staff_name(one.by), why=one.reason)
        yield Event(one.begins_at, "temps", text)
        if one.ends_at:
            yield Event(
                one.ends_at, "temps", _("%(who)s relance.", who=staff_name(one.ended_by or ""))
            )


def _decisions(past: Past) -> Iterator[Event]:
    labels = {
        "sitting.reopen": ("copie", _("%(who)s rouvre la copie. Motif : %(why)s")),
        "sitting.hand_in": ("copie", _("%(who)s remet la copie à sa place. Motif : %(why)s")),
        "candidate.exclude": ("copie", _("%(who)s exclut du classement. Motif : %(why)s")),
        "candidate.readmit": ("copie", _("%(who)s remet au classement. Motif : %(why)s")),
        "late.accept": ("copie", _("%(who)s accepte des réponses tardives. Motif : %(why)s")),
        "late.undo": (
            "copie",
            _("%(who)s revient sur des réponses tardives acceptées. Motif : %(why)s"),
        ),
    }
    for entry in past.entries:
        if entry.what in labels:
            kind, text = labels[entry.what]
            yield Event(entry.at, kind, text % {"who": staff_name(entry.who), "why": entry.why})


def _messages(past: Past) -> Iterator[Event]:
    for one in past.messages:
        told = _("répond en privé") if one.report_id else _("écrit %(whom)s", whom=_to(one.scope))
        text = _(
            "%(who)s %(told)s : « %(body)s »", who=staff_name(one.by), told=told, body=one.body
        )
        yield Event(one.sent_at, "messages", text)
        if one.withdrawn_at:
            yield Event(one.withdrawn_at, "messages", _("Ce message est retiré."))
    for report in past.reports:
        told = {
            Kind.INCIDENT.value: _("Le candidat signale un incident"),
            Kind.ITEM.value: _("Le candidat signale la question %(n)s", n=report.item),
        }.get(report.kind, _("Le candidat écrit"))
        noted = (
            _(", noté sur son appareil à %(hour)s", hour=hour_s(report.noted_at))
            if report.noted_at
            else ""
        )
        words = f" : « {report.body} »" if report.body else "."
        receipt = _("Reçu n° %(code)s.", code=report.code)
        yield Event(report.received_at, "messages", f"{told}{noted}{words} {receipt}")


def _facts(past: Past) -> Iterator[Event]:
    for one in past.facts:
        if one.kind == "device":
            text = _("L’épreuve continue sur un autre appareil.")
        elif one.kind == "copying":
            text = _("Texte copié depuis la page.")
        else:
            text = _("Page quittée pendant %(span)s.", span=duration(one.seconds or 0))
        yield Event(one.at, "notes", text)
