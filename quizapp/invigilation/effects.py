"""The acts of the desk in words: what each is called, what it changes, how it is undone."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.invigilation.filters import Act, State


def title(what: Act, *, people: int = 0) -> str:
    """What the act is called, for one person or for several."""
    return {
        Act.EXTEND: _("Donner du temps"),
        Act.PAUSE: _("Mettre en pause"),
        Act.RESUME: _("Reprendre"),
        Act.MESSAGE: _("Écrire"),
        Act.REOPEN: _("Rouvrir"),
        Act.HAND_IN: _("Remettre à sa place") if people == 1 else _("Remettre à leur place"),
        Act.EXCLUDE: _("Exclure du classement"),
        Act.READMIT: _("Remettre au classement"),
    }[what]


def submit(what: Act, *, people: int = 0) -> str:
    """What its button says."""
    return {
        Act.EXTEND: _("Donner ce temps"),
        Act.PAUSE: _("Mettre en pause"),
        Act.RESUME: _("Reprendre"),
        Act.MESSAGE: _("Envoyer"),
        Act.REOPEN: _("Rouvrir"),
        Act.HAND_IN: _("Remettre la copie") if people == 1 else _("Remettre les copies"),
        Act.EXCLUDE: _("Exclure"),
        Act.READMIT: _("Remettre au classement"),
    }[what]


def undo(what: Act, *, people: int = 0) -> str:
    """How the act is undone."""
    return {
        Act.EXTEND: _("Vous pourrez retirer ce temps depuis « Temps donné »."),
        Act.PAUSE: _("« Reprendre » relance le temps où il s’est arrêté."),
        Act.RESUME: _("« Mettre en pause » arrête de nouveau le temps."),
        Act.MESSAGE: _("Vous pourrez retirer ce message depuis « Messages »."),
        Act.REOPEN: _("« %(act)s » referme la copie.", act=title(Act.HAND_IN, people=people)),
        Act.HAND_IN: _("« Rouvrir » rend la copie avec le temps qui restait."),
        Act.EXCLUDE: _("« Remettre au classement » annule l’exclusion."),
        Act.READMIT: _("« Exclure du classement » annule ce retour."),
    }[what]


def lines(what: Act, counts: dict[State, int]) -> list[str]:
    """What an act changes for those who are in these states."""
    under_way = counts[State.RUNNING] + counts[State.SILENT]
    over = counts[State.HANDED_IN] + counts[State.EXPIRED]
    return [line for line in _EFFECTS[what](counts, under_way, over) if line]


def _some(count: int, one: str, many: str) -> str:
    """A line about ``count`` people, unless there are none."""
    return ngettext(one, many, count) if count else ""


def _extended(counts: dict[State, int], under_way: int, over: int) -> list[str]:
    return [
        _some(under_way, "%(num)s composition en cours dure plus longtemps.",
              "%(num)s compositions en cours durent plus longtemps."),
        _some(counts[State.PAUSED], "%(num)s composition en pause aura ce temps à la reprise.",
              "%(num)s compositions en pause auront ce temps à la reprise."),
        _some(counts[State.NONE], "%(num)s candidat qui n’a pas commencé aura ce temps.",
              "%(num)s candidats qui n’ont pas commencé auront ce temps."),
        _some(over, "%(num)s copie déjà terminée ne change pas : rouvrez-la au besoin.",
              "%(num)s copies déjà terminées ne changent pas : rouvrez-les au besoin."),
    ]  # fmt: skip


def _paused(counts: dict[State, int], under_way: int, over: int) -> list[str]:
    rest = counts[State.NONE] + counts[State.PAUSED] + over
    return [
        _some(under_way, "%(num)s composition en cours s’arrête : son temps attend.",
              "%(num)s compositions en cours s’arrêtent : leur temps attend."),
        _("Rien ne peut être répondu pendant la pause ; tout ce qui est enregistré reste."),
        _some(rest, "%(num)s autre ne change pas.", "%(num)s autres ne changent pas."),
    ]  # fmt: skip


def _resumed(counts: dict[State, int], _under_way: int, _over: int) -> list[str]:
    paused = counts[State.PAUSED]
    return [
        _some(paused, "%(num)s composition en pause reprend ; sa fin recule d’autant.",
              "%(num)s compositions en pause reprennent ; leur fin recule d’autant."),
        "" if paused else _("Aucune de ces compositions n’est en pause."),
    ]  # fmt: skip


def _written(counts: dict[State, int], _under_way: int, _over: int) -> list[str]:
    return [
        _some(sum(counts.values()), "%(num)s candidat lira ce message.",
              "%(num)s candidats liront ce message."),
        _("Il paraît sur les épreuves ouvertes en moins de 30 secondes, et reste lisible."),
    ]  # fmt: skip


def _reopened(_counts: dict[State, int], _under_way: int, over: int) -> list[str]:
    return [
        _some(over, "%(num)s copie est rouverte : son temps restant, plus les minutes données.",
              "%(num)s copies sont rouvertes : leur temps restant, plus les minutes données."),
        _("Le reçu de cette copie ne vaut plus ; un nouveau est donné à la prochaine remise.")
        if over else _("Aucune de ces copies n’est terminée."),
    ]  # fmt: skip


def _handed_in(counts: dict[State, int], under_way: int, over: int) -> list[str]:
    return [
        _some(under_way + counts[State.PAUSED],
              "%(num)s copie est remise maintenant, avec ses réponses enregistrées.",
              "%(num)s copies sont remises maintenant, avec leurs réponses enregistrées."),
        _some(counts[State.NONE], "%(num)s candidat qui n’a pas commencé n’est pas concerné.",
              "%(num)s candidats qui n’ont pas commencé ne sont pas concernés."),
        _some(over, "%(num)s copie est déjà terminée.", "%(num)s copies sont déjà terminées."),
    ]  # fmt: skip


def _left_out(counts: dict[State, int], _under_way: int, _over: int) -> list[str]:
    return [
        _some(sum(counts.values()), "%(num)s candidat n’a plus de rang.",
              "%(num)s candidats n’ont plus de rang."),
        ngettext("Ses réponses et sa copie restent. Il lira ce motif à la place de son résultat.",
                 "Leurs réponses et leurs copies restent. Ils liront ce motif à la place de leur "
                 "résultat.", sum(counts.values())),
        _("Un classement déjà publié ne change qu’à la publication suivante."),
    ]  # fmt: skip


def _taken_back(counts: dict[State, int], _under_way: int, _over: int) -> list[str]:
    return [
        _some(sum(counts.values()), "%(num)s candidat, s’il est exclu, retrouve son rang.",
              "%(num)s candidats, s’ils sont exclus, retrouvent leur rang."),
        _("Un classement déjà publié ne change qu’à la publication suivante."),
    ]  # fmt: skip


_EFFECTS = {
    Act.EXTEND: _extended,
    Act.PAUSE: _paused,
    Act.RESUME: _resumed,
    Act.MESSAGE: _written,
    Act.REOPEN: _reopened,
    Act.HAND_IN: _handed_in,
    Act.EXCLUDE: _left_out,
    Act.READMIT: _taken_back,
}


def done(what: Act, count: int, rest: int) -> str:
    """What was done to how many, and how many did not change."""
    after = {
        Act.EXTEND: ngettext("%(num)s candidat a plus de temps.",
                             "%(num)s candidats ont plus de temps.", count),
        Act.PAUSE: ngettext("%(num)s composition en pause.",
                            "%(num)s compositions en pause.", count),
        Act.RESUME: ngettext("%(num)s composition reprise.",
                             "%(num)s compositions reprises.", count),
        Act.MESSAGE: ngettext("Message envoyé à %(num)s candidat.",
                              "Message envoyé à %(num)s candidats.", count),
        Act.REOPEN: ngettext("%(num)s copie rouverte.", "%(num)s copies rouvertes.", count),
        Act.HAND_IN: ngettext("%(num)s copie remise.", "%(num)s copies remises.", count),
        Act.EXCLUDE: ngettext("%(num)s candidat exclu.", "%(num)s candidats exclus.", count),
        Act.READMIT: ngettext("%(num)s candidat remis au classement.",
                              "%(num)s candidats remis au classement.", count),
    }[what]  # fmt: skip
    unchanged = ngettext("%(num)s sans changement.", "%(num)s sans changement.", rest)
    return f"{after} {unchanged}" if rest else after
