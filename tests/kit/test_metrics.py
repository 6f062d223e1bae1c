"""The counts: of all processes together, never going down."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

from quizapp.kit.metrics import Metrics

KINDS = ("save", "page")


def _lines(metrics: Metrics) -> dict[str, float]:
    return {
        name: float(value)
        for line in metrics.exposition()
        if not line.startswith("#")
        for name, value in [line.rsplit(" ", 1)]
    }


def test_answers_are_counted_by_kind_and_status() -> None:
    metrics = Metrics(kinds=KINDS)

    for status, seconds in ((200, 0.0004), (200, 0.3), (409, 0.02), (418, 9.0)):
        metrics.count("save", status, seconds)

    found = _lines(metrics)
    assert {key: value for key, value in found.items() if key.startswith("quizapp_requests")} == {
        'quizapp_requests_total{kind="save",status="200"}': 2,
        'quizapp_requests_total{kind="save",status="409"}': 1,
        'quizapp_requests_total{kind="save",status="other"}': 1,
    }
    buckets = [value for key, value in found.items() if 'bucket{kind="save"' in key]
    assert buckets == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4]
    assert found['quizapp_request_seconds_count{kind="save"}'] == 4
    assert found['quizapp_request_seconds_sum{kind="save"}'] == 9.3204
    assert found['quizapp_request_seconds_count{kind="page"}'] == 0


def test_bound_of_a_bucket_belongs_to_it() -> None:
    metrics = Metrics(kinds=KINDS)

    metrics.count("page", 200, 0.005)

    found = _lines(metrics)
    assert found['quizapp_request_seconds_bucket{kind="page",le="0.0025"}'] == 0
    assert found['quizapp_request_seconds_bucket{kind="page",le="0.005"}'] == 1


def test_exposition_is_well_formed() -> None:
    metrics = Metrics(kinds=KINDS)
    metrics.count("save", 200, 0.001)

    line = re.compile(r'(# (HELP|TYPE) \w+ .+)|(\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e-]+)')

    assert [text for text in metrics.exposition() if not line.fullmatch(text)] == []


def test_processes_count_together_and_the_dead_still_count(tmp_path: Path) -> None:
    mine = Metrics(tmp_path, KINDS)
    mine.count("save", 200, 0.001)
    child = os.fork()
    if child == 0:
        Metrics(tmp_path, KINDS).count("save", 200, 0.001)
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)

    found = _lines(mine)

    assert found['quizapp_requests_total{kind="save",status="200"}'] == 2
    assert found["quizapp_processes"] == 2


def test_threads_lose_no_count() -> None:
    metrics = Metrics(kinds=KINDS)

    def count() -> None:
        for _ in range(5_000):
            metrics.count("save", 200, 0.001)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert metrics.answers() == {("save", "200"): 20_000}


def test_draining_is_told_to_every_process(tmp_path: Path) -> None:
    parent, worker = Metrics(tmp_path), Metrics(tmp_path, KINDS)
    before = worker.draining

    parent.draining = True

    assert (before, worker.draining) == (False, True)
