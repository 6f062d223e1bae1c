"""Banks drawn at random over all types of questions, and what it means that two are the same."""

from __future__ import annotations

import json
import re
from operator import eq
from typing import Any

from hypothesis import strategies as st

from quizapp.exam import bank, markup
from quizapp.exam.bank import Bank
from quizapp.exam.formats.entries import said
from quizapp.exam.keys import folded
from quizapp.exam.questions.base import Question


def _is_seen(line: str) -> bool:
    """Whether a line shows anything: « > » alone is an empty quotation."""
    return bool(re.sub(r"<[^>]+>", "", markup.block(line)).strip())


# Signs that mean something in one of the formats, among ordinary French.
_SIGNS = [*"aébœ’« »&<>{}[]()~=#:%\\*_|`-+.!?;,/\"'$ 129", "\u00a0", " -> ", "::", " => ", "//"]
WORDS = st.sampled_from(["Oslo", "l’été", "vingt-deux", "NPS", "à 5 %", "œuvre", "oui", "12,5"])
LINES = st.lists(st.one_of(WORDS, st.sampled_from(_SIGNS)), min_size=1, max_size=8).map(
    lambda parts: " ".join("".join(parts).split(" ")).strip()
).filter(lambda line: line.strip("\u00a0 ") == line and _is_seen(line))  # fmt: skip
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n\n".join)
SLUGS = st.from_regex(r"[a-z]{1,5}(-[0-9]{1,3})?", fullmatch=True)
SHARES = st.sampled_from(["-1", "-1/2", "-1/3", "-1/4", "0", "1/4", "1/3", "1/2"])
NUMBERS = st.decimals(-9999, 9999, places=2).map(lambda value: f"{value:f}")


def lines(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """So many lines, no two alike."""
    return st.lists(LINES, min_size=least, max_size=most, unique_by=folded)


def _optional(draw: Any, entry: dict[str, Any], key: str, values: st.SearchStrategy[Any]) -> None:
    if draw(st.integers(0, 2)) == 0:
        entry[key] = draw(values)


def _split(draw: Any, least: int = 2) -> tuple[list[str], list[str]]:
    every = draw(lines(least, 6))
    at = draw(st.integers(1, len(every) - 1))
    return every[:at], every[at:]


@st.composite
def singles(draw: Any) -> dict[str, Any]:
    """One right choice, some with a part for each choice or with choices that stay."""
    answer, *wrong = draw(lines(2, 5))
    entry = {"answer": answer, "wrong": wrong}
    _optional(
        draw, entry, "last", st.sampled_from([[wrong[-1]], [answer, *wrong], [*wrong, answer]])
    )
    how = draw(st.integers(0, 3))
    if how == 0:
        entry["fractions"] = {answer: "1", **{one: draw(SHARES) for one in wrong}}
    elif how == 1:
        entry["scoring"] = {"wrong": draw(SHARES.filter(lambda share: share[0] == "-"))}
    return entry


@st.composite
def multiples(draw: Any) -> dict[str, Any]:
    """Several right choices, by each rule."""
    answers, wrong = _split(draw, 3)
    entry: dict[str, Any] = {"answers": answers, "wrong": wrong}
    how = draw(st.integers(0, 3))
    if how == 0:
        share = f"1/{len(answers)}"
        entry["fractions"] = {**dict.fromkeys(answers, share), wrong[0]: draw(SHARES)}
    elif how < 3:
        entry["scoring"] = ["right-minus-wrong", "per-option"][how - 1]
    return entry


@st.composite
def rows(draw: Any) -> dict[str, Any]:
    """Things to join, to sort, to order, to judge."""
    kind = draw(st.sampled_from(["pairs", "groups", "steps", "statements"]))
    entry: dict[str, Any]
    if kind == "pairs":
        left, right = draw(lines(2, 5)), draw(lines(5, 7))
        entry = {"pairs": dict(zip(left, right, strict=False))}
        _optional(draw, entry, "extra", st.just(right[len(left) :] or ["rien de cela"]))
    elif kind == "groups":
        left, right = _split(draw, 4)
        entry = {"groups": {"Un": left, "Deux": right}}
    elif kind == "steps":
        entry = {"steps": draw(lines(3, 6))}
    else:
        truths = st.sampled_from(["yes", "no"])
        entry = {"statements": {line: draw(truths) for line in draw(lines(4, 4))}}
    _optional(draw, entry, "scoring", st.sampled_from(["per-option", "right-minus-wrong"]))
    return entry


@st.composite
def typed(draw: Any) -> dict[str, Any]:
    """Short answers, numbers, gaps."""
    kind = draw(st.sampled_from(["short", "number", "gaps"]))
    if kind == "number":
        number = draw(NUMBERS)
        entry: dict[str, Any] = {"number": number}
        how = draw(st.integers(0, 3))
        if how == 1:
            entry["within"] = draw(st.sampled_from(["0,5", "5 %", "12"]))
        elif how == 2:
            entry["between"] = [f"{float(number) - 1:.2f}", f"{float(number) + 2.5:.2f}"]
        _optional(draw, entry, "unit", st.sampled_from(["minutes", "%", "°C"]))
        return entry
    if kind == "short":
        accept, refuse = _split(draw)
        entry = {"accept": accept}
        _optional(draw, entry, "refuse", st.just(refuse))
    else:
        answer, *wrong = draw(lines(2, 4))
        entry = {
            "passage": f"{draw(LINES)} a {{1}} b {{2}}, {draw(LINES)}",
            "gaps": [draw(lines(1, 3)), {"answer": answer, "wrong": wrong}],
        }
        _optional(draw, entry, "scoring", st.just("per-option"))
    _optional(draw, entry, "ignore", st.sampled_from([["case"], [], ["accents"]]))
    _optional(draw, entry, "typos", st.just("1"))
    return entry


@st.composite
def others(draw: Any) -> dict[str, Any]:
    """True or false, estimates, situations, words, free texts, surveys."""
    first, second, third = draw(lines(3, 3))
    entry: dict[str, Any] = draw(
        st.sampled_from([
            {"true": "yes"}, {"true": "no"}, {"estimate": "324", "unit": "m"},
            {"reactions": {first: "4", second: "1", third: "0"}},
            {"reactions": {first: "2", second: "1", third: "-1"}, "ask": "best-and-worst"},
            {"find": "Nous vous [rapellerons] demain matin, [promi]."},
            {"rubric": first}, {"rubric": second, "limit": "800"},
            {"survey": [first, second]}, {"survey": [first, second, third], "many": "yes"},
        ])
    )  # fmt: skip
    return dict(entry)


@st.composite
def entries(draw: Any) -> dict[str, Any]:
    """A question as its author writes it."""
    entry = draw(st.one_of(singles(), multiples(), rows(), typed(), others()))
    entry["topic"], entry["text"] = draw(LINES), draw(TEXTS)
    entry["difficulty"] = draw(st.sampled_from("123"))
    if "survey" not in entry:
        entry["explanation"], entry["source"] = draw(TEXTS), draw(LINES)
    if not {"survey", "estimate"} & entry.keys():
        _optional(draw, entry, "weight", st.sampled_from(["2", "10"]))
    _optional(draw, entry, "tags", st.lists(WORDS, min_size=1, max_size=3, unique=True))
    _optional(draw, entry, "exclude", st.lists(SLUGS, min_size=1, max_size=2, unique=True))
    _optional(draw, entry, "true_until", st.just("2027-12-31"))
    return entry


@st.composite
def banks(draw: Any) -> Bank:
    """A bank that loads, at times with a case."""
    made = draw(st.lists(entries().filter(_loads), min_size=1, max_size=4))
    ids = draw(st.lists(SLUGS, min_size=len(made) + 1, max_size=len(made) + 1, unique=True))
    whole = [{"id": name, **entry} for name, entry in zip(ids, made, strict=False)]
    if draw(st.integers(0, 3)) == 0:
        parts = draw(st.lists(entries().filter(_loads), min_size=2, max_size=3))
        shared = ("topic", "difficulty", "tags", "exclude")
        case = {"id": ids[-1], "topic": "Cas", "difficulty": "2", "text": draw(TEXTS)}
        case["parts"] = [{key: one[key] for key in one if key not in shared} for one in parts]
        whole.append(case)
    return loaded(whole, slug=draw(SLUGS), title=draw(LINES))


def loaded(whole: list[dict[str, Any]], slug: str = "b", title: str = "B") -> Bank:
    """The bank of these entries."""
    return bank.parse(json.dumps({"bank": slug, "title": title, "questions": whole}))


def _loads(entry: dict[str, Any]) -> bool:
    try:
        loaded([{"id": "x", **entry}])
    except ValueError:
        return False
    return True


def differing(one: Question, other: Question, *, shown: bool = False) -> set[str]:
    """The keys that differ; ``shown``: texts are the same if candidates see the same."""
    keys = {*said(one), *said(other)} - {"scoring"}
    differ = {key for key in keys if not _alike(_value(one, key), _value(other, key), shown)}
    if _marks(one) != _marks(other):
        differ.add("scoring")
    if (one.stimulus is None) != (other.stimulus is None) or (
        one.stimulus
        and other.stimulus
        and not _alike(one.stimulus.text, other.stimulus.text, shown)
    ):
        differ.add("stimulus")
    return differ


def _value(question: Question, key: str) -> Any:
    value = getattr(question, key, None)
    return _fractions(question) if key == "fractions" else value


def _fractions(question: Question) -> Any:
    """The parts that say something: a choice without one earns none, and a right one alone all."""
    given = getattr(question, "fractions", None) or {}
    in_order = sorted(given.items(), key=lambda pair: markup.plain(pair[0]))
    said = {choice: part for choice, part in in_order if part}
    return None if list(said) == [getattr(question, "answer", None)] else said or None


def _marks(question: Question) -> Any:
    rule = question.rules and question.rule
    if rule == "fractions" and question.kind == "single" and not _fractions(question):
        rule = "all-or-nothing"
    return rule, question.rules and question.scoring.model_copy(update={"rule": None})


def _alike(one: Any, other: Any, shown: bool) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        alike = one.strip() == other.strip()
        return alike or (shown and any(map(eq, _seen(one), _seen(other))))
    if isinstance(one, dict) and isinstance(other, dict):
        return _alike(list(one.items()), list(other.items()), shown)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other, [shown] * len(one)))
    if hasattr(one, "accept") and hasattr(other, "accept"):
        pairs = ((getattr(one, key), getattr(other, key)) for key in ("accept", "answer", "wrong"))
        return all(_alike(left, right, shown) for left, right in pairs)
    return one == other


def _seen(text: str) -> list[str]:
    """A text as paragraphs, and as one line."""
    seen = (shown(text).replace("<p>", " ") for shown in (markup.block, markup.inline))
    return [" ".join(text.replace("</p>", " ").split()) for text in seen]
