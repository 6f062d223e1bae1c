"""Every list one can take away, by its name: what its columns are, and what its rows.

To add a list, add a function here with ``@sheet``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from quizapp.contests.queries import Plan, city_label
from quizapp.exam.stages import Reason, Status
from quizapp.people import names
from quizapp.results.queries import Result, ranking, region_name

Cell = str | int | Fraction | None


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its title, its columns (key and heading), and its rows."""

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Cell, ...]]


SHEETS: dict[str, tuple[str, Callable[[Session, Plan], Table]]] = {}


def sheet(name: str, title: str) -> Callable[[Any], Any]:
    """Register a list under ``name``."""

    def known(function: Callable[[Plan, list[Result]], Iterable[Result]]) -> Any:
        def made(db: Session, plan: Plan) -> Table:
            chosen = list(function(plan, ranking(db, plan)))
            columns = _columns(plan)
            return Table(
                f"{plan.title} : {title}",
                tuple((key, heading) for key, heading, _ in columns),
                [tuple(cell(one) for _, _, cell in columns) for one in chosen],
            )

        SHEETS[name] = (title, made)
        return function

    return known


def _columns(plan: Plan) -> list[tuple[str, str, Callable[[Result], Cell]]]:
    columns: list[tuple[str, str, Callable[[Result], Cell]]] = [
        ("number", "Numéro", lambda one: one.number),
        ("last_name", "Nom", lambda one: one.last_name),
        ("first_name", "Prénom", lambda one: one.first_name),
        ("email", "Adresse électronique", lambda one: one.email),
        ("company", "Entreprise", lambda one: one.company),
        ("city_code", "Code INSEE", lambda one: one.city),
        ("city", "Ville", lambda one: city_label(one.city)),
        ("region", "Région", lambda one: region_name(one.region)),
        ("points", "Points", lambda one: one.points),
        ("maximum", "Sur", lambda one: one.maximum),
    ]
    columns += [
        (part.bank, part.title, lambda one, bank=part.bank: one.sections.get(bank))  # type: ignore[misc]
        for part in plan.says.sections
        if part.scored
    ]
    columns.append(("distance", "Écart à la question subsidiaire", lambda one: one.distance))
    for group, heading in (
        ("nation", "national"),
        ("region", "régional"),
        ("city", "dans la ville"),
    ):
        columns += [
            (f"{group}_rank", f"Rang {heading}", lambda one, g=group: one.places[g].rank),  # type: ignore[misc]
            (
                f"{group}_tied",
                f"Ex æquo {heading}",
                lambda one, g=group: "oui" if one.places[g].tied else "non",  # type: ignore[misc]
            ),
        ]
    return [
        *columns,
        ("status", "Statut", lambda one: _STATUS[one.decision.status]),
        ("place", "Place", lambda one: one.decision.place),
        ("decided_by", "Décidé par", lambda one: _REASON[one.decision.reason]),
    ]


_STATUS = {Status.QUALIFIED: "qualifié", Status.RESERVE: "liste complémentaire"}
_REASON = {
    Reason.RANK: "rang",
    Reason.LOT: "tirage au sort",
    Reason.TIE: "ex æquo à la dernière place",
}


@sheet("national", "Classement national")
def national(_plan: Plan, results: list[Result]) -> Iterable[Result]:
    """Everyone, in national order."""
    return results


@sheet("regions", "Classement par région")
def by_region(_plan: Plan, results: list[Result]) -> Iterable[Result]:
    """Everyone, region by region."""
    return sorted(results, key=lambda one: names.fold(region_name(one.region)))


@sheet("villes", "Classement par ville")
def by_city(_plan: Plan, results: list[Result]) -> Iterable[Result]:
    """Everyone, city by city."""
    return sorted(results, key=lambda one: names.fold(city_label(one.city)))


@sheet("qualifies", "Qualifiés")
def qualified(plan: Plan, results: list[Result]) -> Iterable[Result]:
    """Who goes on: by region where the next stage meets there, then by city and place."""
    chosen = [one for one in results if one.decision.status is Status.QUALIFIED]
    return sorted(
        chosen,
        key=lambda one: (
            names.fold(region_name(one.region)) if plan.says.meets == "region" else "",
            names.fold(city_label(one.city)),
            one.decision.place,
        ),
    )


@sheet("complementaire", "Liste complémentaire")
def reserve(_plan: Plan, results: list[Result]) -> Iterable[Result]:
    """Who is next in line, city by city, in order."""
    chosen = [one for one in results if one.decision.status is Status.RESERVE]
    return sorted(chosen, key=lambda one: (names.fold(city_label(one.city)), one.decision.place))
