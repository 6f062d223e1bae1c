"""What is wrong with an edition as a whole: its hours, its names, and what practice would betray."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quizapp.exam import source as yaml_source
from quizapp.exam.clock import utc

if TYPE_CHECKING:
    from quizapp.exam.edition import Edition
    from quizapp.exam.edition_stage import Span, Stage

# What the keys of the practice stages begin with; the bank that comes with the program bears it too.
PRACTICE = "entrainement"


def times(source: yaml_source.Source, edition: Edition) -> None:
    """Each hour exists, each window closes after it opens, and the stages follow one another."""
    spans: list[tuple[yaml_source.Path, Span | Stage]] = [(("applications",), edition.applications)]
    spans += [(("stages", place), stage) for place, stage in enumerate(edition.stages)]
    dated = [
        ((*path, name), local)
        for path, span in spans
        for name, local in (("opens", span.opens), ("closes", span.closes))
    ]
    dated += [
        (("stages", place, "shows", name), local)
        for place, stage in enumerate(edition.stages)
        for name, local in stage.shows.dates
    ]
    for where, local in dated:
        try:
            utc(local, edition.zone)
        except ValueError as error:
            source.refuse(where, str(error))
    for path, span in spans:
        if span.closes <= span.opens:
            source.refuse(
                (*path, "closes"),
                "La fermeture ne suit pas l’ouverture.",
                "Mettez « closes » après « opens ».",
            )
    for place, (earlier, later) in enumerate(
        zip(edition.stages, edition.stages[1:], strict=False), start=1
    ):
        if later.opens < earlier.closes:
            source.refuse(
                ("stages", place, "opens"),
                f"« {later.title} » ouvre avant la fin de « {earlier.title} ».",
                "Les étapes se suivent : retardez l’ouverture.",
            )


def keys(source: yaml_source.Source, edition: Edition) -> None:
    """No two stages bear one name, and none that of a try."""
    seen: set[str] = set()
    for place, stage in enumerate(edition.stages):
        if stage.stage in seen:
            source.refuse(
                ("stages", place, "stage"),
                f"Deux étapes se nomment « {stage.stage} ».",
                "Donnez à chacune son nom.",
            )
        if re.fullmatch(rf"{PRACTICE}-\d+", stage.stage):
            source.refuse(
                ("stages", place, "stage"),
                f"« {stage.stage} » est le nom d’un essai d’entraînement.",
                "Donnez à cette étape un autre nom.",
            )
        seen.add(stage.stage)


def practice(source: yaml_source.Source, edition: Edition) -> None:
    """Practice has hours that exist, and a bank of its own."""
    own = edition.practice
    if own is None:
        return
    for name, local in (("opens", own.opens), ("closes", own.closes)):
        try:
            if local is not None:
                utc(local, edition.zone)
        except ValueError as error:
            source.refuse(("practice", name), str(error))
    if own.opens and own.closes and own.closes <= own.opens:
        source.refuse(
            ("practice", "closes"),
            "La fermeture de l’entraînement ne suit pas son ouverture.",
            "Mettez « closes » après « opens ».",
        )
    for place, stage in enumerate(edition.stages):
        for number, section in enumerate(stage.sections):
            if section.bank == own.bank:
                source.refuse(
                    ("stages", place, "sections", number, "bank"),
                    f"La banque « {section.bank} » sert aussi à l’entraînement, qui en montre les "
                    "réponses.",
                    "Donnez à l’entraînement une banque à part, ou écrivez « practice: no ».",
                )
