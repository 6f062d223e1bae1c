"""Sabotages: each weakens one control on purpose, and a named test must turn red.

    python -m tests.sabotage                    # all of them, and a table
    python -m tests.sabotage writer desk        # those whose name, file or group holds one of these words
    python -m tests.sabotage -j 2 --as markdown # two at a time; the table as Markdown, or as JSON
    python -m tests.sabotage --control          # first that their tests are green on the code as it is

Each runs in a copy of the tree. It leaves with code 1 if a sabotage goes unnoticed, no longer fits
the code, lasts too long, or breaks the tests instead of failing one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.sabotages import Sabotage, day, desk, rooms, saving, walls

ROOT = Path(__file__).parents[1]

# The list of forty-eight comes first, then the desk of the day, then what each other control adds.
SABOTAGES = (
    *day.SABOTAGES,
    *walls.SABOTAGES,
    *desk.SABOTAGES,
    *rooms.SABOTAGES,
    *saving.SABOTAGES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sabotage: ``word`` is ``red`` if a test failed; ``seconds`` it took."""

    sabotage: Sabotage
    word: str
    seconds: float
    why: str = ""


class Copy:
    """A copy of the tree, in which one sabotage after the other is tried and undone."""

    _changes = itertools.count(int(time.time()) - 1_000_000)

    def __init__(self, folder: Path) -> None:
        self._root = folder / "quizapp"
        left = shutil.ignore_patterns(".venv", ".git", "instance", ".*_cache", "__pycache__")
        shutil.copytree(ROOT, self._root, ignore=left)

    def tried(self, sabotage: Sabotage, limit: float) -> Outcome:
        """What its tests say of a sabotage, within ``limit`` seconds."""
        begun, file = time.monotonic(), self._root / sabotage.file
        text = file.read_text("utf-8") if file.is_file() else ""
        if problem := sabotage.problem(text):
            return Outcome(sabotage, "does not fit", 0, problem)
        self._write(file, text.replace(sabotage.old, sabotage.new))
        try:
            word, said = self.run([sabotage.tests], limit)
        finally:
            self._write(file, text)
        return Outcome(sabotage, word, time.monotonic() - begun, "" if word == "red" else said)

    def _write(self, file: Path, text: str) -> None:
        """Each change has a time of its own: Python knows by its second what it has to read anew."""
        file.write_text(text, "utf-8")
        at = next(Copy._changes)
        os.utime(file, (at, at))

    def run(self, tests: list[str], limit: float) -> tuple[str, str]:
        """Whether these tests are red, and the last that they said; all they started ends with them."""
        command = ["-m", "pytest", "-x", "-p", "no:cacheprovider", "-m", "not postgres", *tests]
        run = subprocess.Popen(
            [sys.executable, *command], cwd=self._root, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            said, _ = run.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
            return "too slow", f"longer than {limit:g} s"
        words = {0: "GREEN", 1: "red"}
        return words.get(run.returncode, "no test ran"), "\n".join(said.splitlines()[-8:])


def outcomes(chosen: list[Sabotage], *, jobs: int, limit: float) -> Iterator[Outcome]:
    """Each sabotage tried, in the order of the table, ``jobs`` at a time."""
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        free: SimpleQueue[Copy] = SimpleQueue()
        for number in range(jobs):
            free.put(Copy(Path(folder) / str(number)))

        def tried(sabotage: Sabotage) -> Outcome:
            copy = free.get()
            try:
                return copy.tried(sabotage, limit)
            finally:
                free.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(tried, chosen)


def control(chosen: list[Sabotage]) -> str:
    """What is red already on the code as it is: such a test notices nothing. Empty if none is."""
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        tests = list(dict.fromkeys(one.tests for one in chosen))
        word, said = Copy(Path(folder)).run(tests, limit=3600)
        return "" if word == "GREEN" else said


_HEADS = ("n°", "group", "sabotage", "outcome", "s", "test")


def _cells(one: Outcome) -> tuple[str, ...]:
    number = str(one.sabotage.number or "")
    test = one.sabotage.tests.removeprefix("tests/")
    return number, one.sabotage.group, one.sabotage.name, one.word, f"{one.seconds:.0f}", test


def told(one: Outcome, form: str) -> str:
    """A line of the table; empty where the table is told as a whole."""
    if form == "json":
        return ""
    if form == "markdown":
        return f"| {' | '.join(_cells(one))} |"
    number, group, name, word, seconds, test = _cells(one)
    line = f"{number:>3}  {group:12} {name:52} {word:12} {seconds:>4}  {test}"
    return line + "".join(f"\n        {said}" for said in one.why.splitlines())


def main() -> None:
    """Run them, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="*", help="in the name, file or group; all without any")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="how many at a time")
    parser.add_argument("--limit", type=float, default=300, help="seconds for each")
    parser.add_argument("--as", dest="form", choices=("table", "markdown", "json"), default="table")
    parser.add_argument("--control", action="store_true", help="first, are the tests green?")
    given = parser.parse_args()
    chosen = [
        one
        for one in SABOTAGES
        if not given.words
        or any(word in f"{one.name} {one.file} {one.group}" for word in given.words)
    ]
    if given.control and (red := control(chosen)):
        sys.exit(f"red without any sabotage:\n{red}")
    if given.form == "markdown":
        print(f"| {' | '.join(_HEADS)} |\n|{'---|' * len(_HEADS)}")
    done = []
    for one in outcomes(chosen, jobs=max(given.jobs, 1), limit=given.limit):
        done.append(one)
        if line := told(one, given.form):
            print(line, flush=True)
    if given.form == "json":
        rows = [dict(zip(_HEADS, _cells(one), strict=True)) for one in done]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    red_ones = sum(one.word == "red" for one in done)
    print(f"{red_ones} of {len(done)} red", file=sys.stderr)
    sys.exit(red_ones != len(done))


if __name__ == "__main__":
    main()
