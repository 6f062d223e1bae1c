"""Measure, print JSON and a table, and write the page on performance.

python -m benchmarks.run --profile smoke|quick|full [--json out.json] [--only NAME …] [--page FILE]
python -m benchmarks.run --from out.json --page docs/performance.md
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import contest, lists, machine, report, scenarios, sizes  # noqa: F401  # they register
from benchmarks.figures import PROFILES, SCENARIOS, Bench, Figures


def main() -> int:
    """Measure what is asked for; 1 if an answer was lost or a request unanswered."""
    asked = _arguments()
    run = json.loads(Path(asked.taken).read_text("utf-8")) if asked.taken else measure(asked)
    if asked.json:
        Path(asked.json).write_text(json.dumps(run, indent=1) + "\n", "utf-8")
    print(report.table(run))
    if asked.page:
        report.write(run, Path(asked.page))
    return int(any(figures.get("lost_or_altered") for figures in run["figures"]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=PROFILES, default="smoke")
    parser.add_argument("--json", help="keep the figures here")
    parser.add_argument("--only", nargs="*", choices=SCENARIOS, help="these scenarios only")
    parser.add_argument("--page", help="write the page on performance here")
    parser.add_argument("--from", dest="taken", help="measure nothing; take these figures")
    parser.add_argument("--port", type=int, default=8110)
    parser.add_argument("--folder", help="where databases are made; a real disk, not memory")
    return parser.parse_args()


def measure(asked: argparse.Namespace) -> Figures:
    """Every scenario asked for, one after the other."""
    profile = PROFILES[asked.profile]
    with TemporaryDirectory(prefix="quizapp-bench-", dir=asked.folder) as name:
        folder = Path(name)
        run: Figures = {"profile": profile.name, "machine": machine.described(folder)}
        made = contest.build(
            f"sqlite:///{folder / 'made.db'}", sitting=profile.people, waiting=profile.people
        )
        bench, found = Bench(profile, folder, asked.port, made), []
        for title in asked.only or SCENARIOS:
            began = time.perf_counter()
            print(f"{title}…", end=" ", flush=True, file=sys.stderr)
            found += [{"scenario": title, **figures} for figures in SCENARIOS[title](bench)]
            print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
        run["figures"] = found
    return run


if __name__ == "__main__":
    sys.exit(main())
