"""What a QTI item declares of its responses, and what its processing makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry, decimal_text
from quizapp.exam.formats.numerals import decimal, part
from quizapp.exam.formats.xml import Element


@dataclass(frozen=True, slots=True)
class Response:
    """A declared response: its right values, and what each value earns where that is said."""

    cardinality: str
    base: str
    right: tuple[str, ...]
    parts: dict[str, Fraction]
    default: Fraction
    sensitive: bool

    @classmethod
    def of(cls, element: Element) -> Response:
        """The response of a declaration."""
        values = element.iterfind("correctResponse/value")
        entries = element.findall("mapping/mapEntry")
        found = element.find("mapping")
        default = "0" if found is None else found.get("defaultValue", "0")
        return cls(
            element.get("cardinality", "single"),
            element.get("baseType", "identifier"),
            tuple("".join(value.itertext()).strip() for value in values),
            {
                " ".join(entry.get("mapKey", "").split(" ")): part(
                    entry.get("mappedValue", "0"), of=1
                )
                for entry in entries
            },
            part(default, of=1),
            all(entry.get("caseSensitive", "true") != "false" for entry in entries),
        )

    def rule(self, scored: Scored) -> str:
        """The scoring rule of a response of several values; empty for all or nothing."""
        if not self.parts or not scored.mapped:
            return ""
        return "right-minus-wrong" if self.default < 0 else "per-option"


@dataclass(frozen=True, slots=True)
class Scored:
    """How an item is marked: by the sum of what is mapped, or by a comparison."""

    mapped: bool
    comparison: Element | None = None

    def tolerance(self, number: Decimal) -> Entry:
        """How near a number has to be."""
        found = self.comparison
        if found is None or found.get("toleranceMode", "exact") == "exact":
            return {} if found is None or found.tag == "equal" else self._bounds()
        sizes = [decimal(text) for text in found.get("tolerance", "0").split()] or [Decimal(0)]
        below, above = abs(sizes[0]), abs(sizes[-1])
        if found.get("toleranceMode") == "relative":
            if below == above:
                return {"within": f"{decimal_text(below)} %"}
            below, above = (abs(number) * size / 100 for size in (below, above))
        if below == above:
            return {"within": decimal_text(below)} if below else {}
        return {"between": [decimal_text(number - below), decimal_text(number + above)]}

    def _bounds(self) -> Entry:
        found = () if self.comparison is None else self.comparison
        bounds = {str(one.tag): decimal(one.findtext("baseValue") or "") for one in found}
        if bounds.keys() != {"gte", "lte"}:
            raise NotCarriedError("sa notation n’est pas prise en charge")
        return {"between": [decimal_text(bounds["gte"]), decimal_text(bounds["lte"])]}


def scored_by(processing: Element | None) -> Scored:
    """How a response processing marks, as far as a question of ours can do the same."""
    if processing is None:
        return Scored(mapped=False)
    name = processing.get("template", "").rpartition("/")[2].removesuffix(".xml")
    if name:
        return Scored(mapped=name == "map_response")
    comparison = processing.find(".//equal")
    if comparison is None:
        both = processing.find(".//and")
        comparison = both if both is not None and both.find("gte/variable") is not None else None
    mapped = processing.find(".//mapResponse") is not None
    all_of_it = (
        processing.find(".//gte/sum") is not None
        or processing.find(".//gte/mapResponse") is not None
    )
    return Scored(mapped and not all_of_it, comparison)
