"""What happened to simulated advisers: counts, times, and what the server acknowledged."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """What happened: how long each kind of request took (seconds), and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    # Per sitting: item -> the last posted value that was acknowledged.
    kept: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, kind: str, seconds: float) -> None:
        """Count one answered request."""
        with self.lock:
            self.times.setdefault(kind, []).append(seconds)

    def acknowledge(self, sitting: str, item: int, posted: list[str]) -> None:
        """Count one answer that the server said is stored."""
        with self.lock:
            self.acknowledged += 1
            self.kept.setdefault(sitting, {})[item] = posted

    def failed(self, why: str) -> None:
        """Count what ended an adviser's way."""
        with self.lock:
            self.errors[why[:120]] += 1

    def quantile(self, kind: str, share: float) -> float:
        """The time within which this share of the requests of a kind were answered."""
        ordered = sorted(self.times[kind])
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def lines(self, seconds: float) -> Iterator[str]:
        """The final table, for a run that took so long."""
        yield f"{'requêtes':>14} {'nombre':>8} {'médiane':>9} {'p99':>9} {'max':>9}"
        for kind, times in self.times.items():
            middle, high = self.quantile(kind, 0.5), self.quantile(kind, 0.99)
            yield (
                f"{kind:>14} {len(times):>8} {middle * 1000:>6.0f} ms {high * 1000:>6.0f} ms "
                f"{max(times) * 1000:>6.0f} ms"
            )
        yield (
            f"{self.acknowledged} réponses enregistrées en {seconds:.0f} s "
            f"({self.acknowledged / seconds:.0f} par seconde), {self.errors.total()} erreur(s)."
        )
