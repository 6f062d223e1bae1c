"""The figures as a Markdown table, and the page on performance that is written from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figures

_MARK = "<!-- figures: written by `make bench` -->"


@dataclass(frozen=True, slots=True)
class Target:
    """What issue 4 asks of the figures whose name begins so; ``least`` or ``most`` bounds a value."""

    name: str
    says: str
    value: Callable[[Figures], float | None]
    least: float | None = None
    most: float | None = None

    def met(self, figures: Figures) -> bool | None:
        """Whether it is met; None if the run does not say."""
        value = self.value(figures)
        if value is None:
            return None
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )


def _of(*path: str) -> Callable[[Figures], float | None]:
    def value(figures: Figures) -> float | None:
        found: object = figures
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return float(found) if isinstance(found, (int, float)) else None

    return value


_RATIO, _RATE, _P99 = _of("ratio", "median"), _of("per_second"), _of("p99_ms")

TARGETS = (
    Target("save, closed loop", "≥ 1/4 of an empty view", _RATIO, least=0.25),
    Target("save, closed loop, 50", "≥ 2,680/s (20 × 134)", _RATE, least=2_680),
    Target("page with one question", "≥ 1/3 of an empty view", _RATIO, least=1 / 3),
    Target("all questions of a paper", "≥ 1/4 of an empty view", _RATIO, least=0.25),
    Target("save, 500 a second", "p99 ≤ 15 ms", _P99, most=15),
    Target("save, 1000 a second", "p99 ≤ 30 ms", _P99, most=30),
    Target("start herd: 1500 in 10 s", "p99 ≤ 50 ms", _P99, most=50),
    Target("start herd: 1500 in 2 s", "p99 ≤ 250 ms", _P99, most=250),
    Target("start herd: 1500 in 2 s", "≥ 430 starts/s (10 × 43)", _RATE, least=430),
    Target("finish herd: 1500 in 2 s", "≥ 370/s (10 × 37)", _RATE, least=370),
    Target("sign-ins", "≤ 15 s for all (2.5 minutes / 10)", _of("seconds_for_all"), most=15),
    Target("first answer after start", "≤ 0.6 s", _of("seconds", "median"), most=0.6),
    Target("memory of the largest worker", "≤ 90 MB", _of("mb", "median"), most=90),
    Target("regrade", "≤ 3 s", _of("seconds"), most=3),
    Target("ranking from the stored scores, 1,500", "≤ 30.8 ms (308 / 10)", _of("seconds"), most=0.0308),
    Target("ranking and CSV, 1,500", "≤ 67.5 ms (675 / 10)", _of("seconds"), most=0.0675),
    Target("ranks alone, 1,500,000", "≤ 4 s", _of("seconds"), most=4),
    Target("save, 100 times", "≤ 1.2 times the cost", _of("cost", "median"), most=1.2),
    Target("page, 100 times", "≤ 1.2 times the cost", _of("cost", "median"), most=1.2),
)  # fmt: skip


def table(run: Figures) -> str:
    """Every figure on a line, with its targets."""
    lines = [
        "| measured | figure | beside an empty view | errors, unanswered, lost | target | valid |",
        "|---|---|---|---|---|---|",
    ]
    for figures in run["figures"]:
        cells = (
            figures["name"], _figure(figures), _beside(figures), _wrong(figures), _targets(figures),
            _valid(figures),
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _figure(figures: Figures) -> str:
    told = []
    if "offered_per_second" in figures or "slip_p99_ms" in figures:
        told.append(f"p50 {figures.get('p50_ms', '–')}, p99 {figures.get('p99_ms', '–')} ms")
    if "per_second" in figures and "steps" not in figures:
        told.append(f"{figures['per_second']:,.0f}/s")
    for name, unit in (("seconds_for_all", " s for all"), ("seconds", " s")):
        if name in figures:
            told.append(f"{_spread(figures[name])}{unit}")
    if "mb" in figures:
        told.append(f"{_spread(figures['mb'])} MB")
    if "microseconds" in figures:
        told.append(f"{_spread(figures['microseconds'])} µs of CPU")
    if "cost" in figures:
        told.append(f"{_spread(figures['cost'])} times the CPU")
    if figures.get("peak_mb_over_start") is not None:
        told.append(f"{figures['peak_mb_over_start']} MB over the start")
    if figures.get("server_cpu_ms"):
        told.append(f"{figures['server_cpu_ms']:.2f} ms of server CPU each")
    return ", ".join(told)


def _spread(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['median']:g} [{value['least']:g}–{value['most']:g}]"
    return f"{value:g}"


def _beside(figures: Figures) -> str:
    if "ratio" not in figures:
        return ""
    return f"{_spread(figures['ratio'])} of its rate; CPU {_spread(figures['cpu_ratio'])}"


def _wrong(figures: Figures) -> str:
    if "errors" not in figures:
        return ""
    lost = figures.get("lost_or_altered")
    stored = "" if lost is None else f", {lost} of {figures['acknowledged']:,}"
    return f"{figures['errors']}, {figures['unanswered']}{stored}"


def _targets(figures: Figures) -> str:
    told = []
    for target in TARGETS:
        if figures["name"].startswith(target.name) and (met := target.met(figures)) is not None:
            told.append(f"{target.says}: {'met' if met else '**missed**'}")
    return "; ".join(told)


def _valid(figures: Figures) -> str:
    return "yes" if figures.get("valid") else "no: " + "; ".join(figures.get("why_invalid", []))


def write(run: Figures, page: Path) -> None:
    """Put the figures into the page, between its marks; the prose around them stays."""
    machine = run["machine"]
    build = "with" if machine["python_optimised"] else "**without**"
    invalid = sum(not figures.get("valid") for figures in run["figures"])
    told = "\n".join((
        _MARK,
        "",
        f"Measured on {machine['date']} at commit {machine['commit']}, profile `{run['profile']}`: "
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, "
        f"{machine['system']}; Python {machine['python']} {build} PGO, SQLite {machine['sqlite']}, "
        f"Flask {machine['flask']}, granian {machine['granian']}, SQLAlchemy {machine['sqlalchemy']}; "
        f"a flush to this disk takes {machine['flush_p50_ms']} ms (p99 {machine['flush_p99_ms']}).",
        "",
        f"**{invalid} of {len(run['figures'])} figures are not valid** by the rules above "
        f"(load of the machine before: {machine['load_before']})."
        if invalid else "All figures are valid by the rules above.",
        "",
        table(run),
        "",
        _MARK,
    ))  # fmt: skip
    text = page.read_text("utf-8")
    before, _, rest = text.partition(_MARK)
    _old, _, after = rest.partition(_MARK)
    page.write_text(before + told + after, "utf-8")
