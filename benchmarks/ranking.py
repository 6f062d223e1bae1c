"""How long a whole ranking takes beside one plain sort of the same points, as JSON.

python -m benchmarks.ranking [candidates]
"""

from __future__ import annotations

import json
import random
import sys
import time
from fractions import Fraction

from quizapp.exam.ranking.entries import Entry
from quizapp.exam.ranking.ranking import rank, rank_within
from quizapp.exam.ranking.tiebreaks import tie_keys
from quizapp.exam.stages import qualify


def main() -> None:
    """Print the seconds and the ratio, measured in this run."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    chance = random.Random(1)
    entries = [
        Entry(
            f"{number:06}",
            Fraction(chance.randint(0, 40)),
            {"relation-client": Fraction(chance.randint(0, 20))},
            distance=Fraction(chance.randint(0, 900)),
            groups={"city": str(chance.randint(1, count // 30 + 1))},
        )
        for number in range(count)
    ]
    keys = tie_keys(("section:relation-client", "estimate", "lot"), seed="graine")
    began = time.perf_counter()
    sorted(entry.points for entry in entries)
    sort = time.perf_counter() - began
    began = time.perf_counter()
    rank(entries, keys)
    qualify(rank_within(entries, keys, "city"), 3)
    whole = time.perf_counter() - began
    told = {"candidates": count, "sort_s": sort, "ranking_s": whole, "ratio": whole / sort}
    print(json.dumps({key: round(value, 4) for key, value in told.items()}))


if __name__ == "__main__":
    main()
