"""Every list one can take away, by its name: what its columns are, and what its rows.

To add a list of people in a ranking, add a line at the end; to add another kind of list, add
a function with ``@sheet``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from sqlalchemy import String, type_coerce
from sqlmodel import Session, col

from quizapp.contests.queries import Plan, city_label
from quizapp.contests.tables import Application, Centre
from quizapp.exam.stages import Reason, Status
from quizapp.results import drafts, likeness
from quizapp.results.queries import points_of, region_name
from quizapp.results.tables import Draft

# A cell is text, a whole number, or a fraction as text such as ``25/2``; None is empty.
Cell = str | int | None
Kind = Literal["text", "whole", "exact"]
_AT_ONCE = 2_000  # rows held in memory


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for programs, its heading for people, and what its cells are.

    ``printed`` is its heading on paper; a column without one is not printed.
    """

    key: str
    heading: str
    kind: Kind = "text"
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its title, its columns, and its rows, which are read as they are taken.

    On paper, a new table begins where the value of column ``group`` changes, with it as heading.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    group: str = ""

    def chunks(self) -> Iterator[list[Sequence[Cell]]]:
        """Its rows, some thousands at a time."""
        rows = iter(self.rows)
        while chunk := list(islice(rows, _AT_ONCE)):
            yield chunk


Sheet = Callable[[Session, Plan], Table]
SHEETS: dict[str, tuple[str, Sheet]] = {}


def sheet(name: str, title: str) -> Callable[[Sheet], Sheet]:
    """Register a list under ``name``."""

    def known(function: Sheet) -> Sheet:
        SHEETS[name] = (title, function)
        return function

    return known


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column of a ranking: where its cells are read, and how what is read is told."""

    column: Column
    read: Any
    told: Callable[[Any], Cell] | None = None


def _columns(plan: Plan, kind: str) -> list[_Shown]:
    """All columns of a ranking; on paper, only the rank within ``kind``, and no address."""
    points = type_coerce(col(Draft.points), String)
    shown = [
        _Shown(Column("number", "Numéro", printed="N°"), Application.number),
        _Shown(Column("last_name", "Nom", printed="Nom"), Application.last_name),
        _Shown(Column("first_name", "Prénom", printed="Prénom"), Application.first_name),
        _Shown(Column("email", "Adresse électronique"), Application.email),
        _Shown(Column("company", "Entreprise"), Centre.company),
        _Shown(Column("city_code", "Code INSEE"), Draft.city),
        _Shown(
            Column("city", "Ville", printed="" if kind == "city" else "Ville"),
            Draft.city,
            city_label,
        ),
        _Shown(Column("region", "Région"), Draft.region, region_name),
        _Shown(Column("points", "Points", "exact", "Points"), points),
        _Shown(Column("maximum", "Sur", "whole"), Draft.maximum),
    ]
    shown += [
        _Shown(Column(part.bank, part.title, "exact"), Draft.sections, _in_section(part.bank))
        for part in plan.says.sections
        if part.scored
    ]
    distance = Column("distance", "Écart à la question subsidiaire", "exact")
    shown.append(_Shown(distance, type_coerce(col(Draft.distance), String)))
    for group, heading in (
        ("nation", "national"),
        ("region", "régional"),
        ("city", "dans la ville"),
    ):
        shown += [
            _Shown(
                Column(
                    f"{group}_rank", f"Rang {heading}", "whole", "Rang" if group == kind else ""
                ),
                getattr(Draft, f"{group}_rank"),
            ),
            _Shown(
                Column(f"{group}_tied", f"Ex æquo {heading}"),
                getattr(Draft, f"{group}_tied"),
                {True: "oui", False: "non"}.__getitem__,
            ),
        ]
    return [
        *shown,
        _Shown(Column("status", "Statut", printed="Suite"), Draft.status, _STATUS.__getitem__),
        _Shown(Column("place", "Place", "whole"), Draft.place),
        _Shown(Column("decided_by", "Décidé par"), Draft.reason, _REASON.__getitem__),
    ]


_STATUS = {Status.QUALIFIED.value: "qualifié", Status.RESERVE.value: "liste complémentaire"}
_REASON = {
    Reason.RANK.value: "rang",
    Reason.LOT.value: "tirage au sort",
    Reason.TIE.value: "ex æquo à la dernière place",
}


def _in_section(bank: str) -> Callable[[str], Cell]:
    """The points of a section, out of those of all."""
    return lambda sections: points_of(sections).get(bank)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Whom a list of a ranking shows, and in which groups."""

    kind: str
    status: Status | None = None
    where_it_meets: bool = False

    def __call__(self, db: Session, plan: Plan, title: str) -> Table:
        """The list as it stands."""
        shown = _columns(plan, self.kind)
        by_region = self.where_it_meets and plan.says.meets == "region"
        groups = drafts.groups(db, plan, self.kind, status=self.status, by_region=by_region)
        rows = drafts.rows(
            db, plan, [one.read for one in shown], self.kind, groups, status=self.status
        )  # fmt: skip
        return Table(
            f"{plan.title} : {title}",
            [one.column for one in shown],
            _told(rows, [one.told for one in shown]),
            group="" if self.kind == "nation" else self.kind,
        )


def _told(
    rows: Iterator[tuple[Any, ...]], tellers: Sequence[Callable[[Any], Cell] | None]
) -> Iterator[Sequence[Cell]]:
    """Rows as they are shown: a column at a time, since a value comes back many times."""
    known = [lru_cache(maxsize=100_000)(teller) if teller else None for teller in tellers]
    while chunk := list(islice(rows, _AT_ONCE)):
        told = [
            map(teller, column) if teller else column
            for teller, column in zip(known, zip(*chunk, strict=True), strict=True)
        ]
        yield from zip(*told, strict=True)


def _ranked_sheet(name: str, title: str, ranking: _Ranking) -> None:
    @sheet(name, title)
    def _made(db: Session, plan: Plan) -> Table:
        return ranking(db, plan, title)


# everyone in national order, region by region, city by city
_ranked_sheet("national", "Classement national", _Ranking("nation"))
_ranked_sheet("regions", "Classement par région", _Ranking("region"))
_ranked_sheet("villes", "Classement par ville", _Ranking("city"))
# who goes on, by region where the next stage meets there; who is next in line, city by city
_ranked_sheet("qualifies", "Qualifiés", _Ranking("city", Status.QUALIFIED, where_it_meets=True))
_ranked_sheet("complementaire", "Liste complémentaire", _Ranking("city", Status.RESERVE))


_ALIKE = (
    Column("first", "Numéro", printed="N°"), Column("first_name", "Nom"),
    Column("second", "Autre numéro", printed="Autre n°"), Column("second_name", "Autre nom"),
    Column("common", "Questions communes", "whole", "Communes"),
    Column("both_wrong", "Fausses pour les deux", "whole", "Fausses"),
    Column("alike", "Dont identiques", "whole", "Identiques"),
    Column("expected", "Par hasard, en moyenne", "exact", "Par hasard"),
    Column("false_alarms", "Paires attendues par hasard"), Column("place", "Lieu", printed="Lieu"),
    Column("warning", "À savoir"),
)  # fmt: skip


@sheet("ressemblances", "Copies semblables")
def alike(db: Session, plan: Plan) -> Table:
    """The pairs that share more identical wrong answers than chance gives: clues, and no proof."""
    pairs = likeness.likeness(db, plan).report.pairs
    people = likeness.people(db, plan, {one for pair in pairs for one in (pair.first, pair.second)})
    rows: list[tuple[Cell, ...]] = []
    for pair in pairs:
        first, second = people[pair.first].application, people[pair.second].application
        together = first.centre_id == second.centre_id, first.city == second.city
        place = {(True, True): "même centre", (False, True): "même ville"}
        rows.append((
            pair.first, f"{first.last_name} {first.first_name}", pair.second,
            f"{second.last_name} {second.first_name}", pair.common, pair.both_wrong, pair.alike,
            f"{round(pair.expected * 10)}/10", f"{pair.false_alarms:.1e}".replace(".", ","),
            place.get(together, "villes différentes"), "indice à examiner, jamais une preuve",
        ))  # fmt: skip
    return Table(f"{plan.title} : Copies semblables", _ALIKE, rows)
