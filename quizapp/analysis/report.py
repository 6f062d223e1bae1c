"""An item analysis in writing, in French, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.analysis.queries import Round
from quizapp.exam.advice import advise
from quizapp.exam.statistics import Analysis, Item

_HEADINGS = (
    "question", "réponses", "facilité", "discrimination", "corrélation au reste", "poids effectif",
    "sans réponse", "à revoir",
)  # fmt: skip


def page(title: str, found: Round) -> str:
    """The report in Markdown: the round, then a table of questions, then what to look at."""
    lines = [f"# {title} : analyse des questions", "", *map(_bullet, summary(found)), ""]
    lines += [_line(_HEADINGS), _line("---" for _ in _HEADINGS)]
    for name, item in found.analysis.items.items():
        lines.append(_line([name, str(item.asked), *figures(item), str(len(advise(item)) or "")]))
    for name, item in found.analysis.items.items():
        if told := advise(item):
            lines += ["", f"## {name}", "", *map(_bullet, told), ""]
            lines += [_line(("réponse", "part", "meilleurs 27 %", "plus faibles 27 %"))]
            lines += [_line(("---", "---", "---", "---"))]
            lines += [
                _line((f"{'✓ ' if one.right else ''}{one.label}", percent(one.share),
                       percent(one.upper), percent(one.lower)))
                for one in item.choices
            ]  # fmt: skip
    return "\n".join(lines) + "\n"


def summary(found: Round) -> Iterator[str]:
    """What is said of the whole round."""
    told: Analysis = found.analysis
    yield f"{told.papers} copies analysées sur {found.sittings}, {len(told.items)} questions."
    yield f"Moyenne {decimal(told.mean)}, écart-type {decimal(told.deviation)} points."
    if told.alpha is not None and told.error is not None:
        yield (
            f"Fidélité (alpha de Cronbach, KR-20) : {decimal(told.alpha)} ; "
            f"erreur type de mesure : {decimal(told.error)} points."
        )


def figures(item: Item) -> list[str]:
    """The figures of a question as a reader of French reads them."""
    return [
        percent(item.facility),
        decimal(item.index),
        decimal(item.item_rest),
        percent(item.effective),
        percent(item.omitted),
    ]


def percent(share: float | None) -> str:
    """A part as a percentage."""
    return "–" if share is None else f"{round(share * 100)}\u202f%"


def decimal(value: float | None) -> str:
    """A figure with two decimals."""
    return "–" if value is None else f"{value:.2f}".replace(".", ",").replace("-", "−")


def _bullet(text: str) -> str:
    return f"- {text}"


def _line(cells: Any) -> str:
    return (
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    )
