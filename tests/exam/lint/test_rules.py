"""Every rule names its bad example and not its good one, and the shipped page says the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from quizapp.exam.lint import pages
from quizapp.exam.lint.linting import lint
from quizapp.exam.lint.rules import RULES, Example, Rule, Severity

ROOT = Path(__file__).parents[3]
TODAY = date(2025, 11, 28)


def codes(example: Example) -> set[str]:
    """The codes of all rules that find something in an example."""
    texts = {f"{number}.yaml": text for number, text in enumerate(pages.banks(example))}
    return {finding.code for finding in lint(texts, TODAY)}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_names_its_bad_example(rule: Rule) -> None:
    assert rule.code in codes(rule.bad)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_lets_its_good_example_pass(rule: Rule) -> None:
    assert rule.code not in codes(rule.good)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.good.times == 1], ids=lambda rule: rule.code
)
def test_good_example_is_good_in_every_way(rule: Rule) -> None:
    assert codes(rule.good) == set()


def test_rule_says_why_it_matters() -> None:
    assert [rule.code for rule in RULES.values() if len(rule.why) < 60 or not rule.title] == []


def test_page_of_rules_is_what_the_command_writes() -> None:
    assert (ROOT / "docs/lint-rules.md").read_text("utf-8") == pages.page()


@pytest.mark.parametrize(
    ("days", "told"), [(-1, {"QA403"}), (0, {"QA404"}), (90, {"QA404"}), (91, set())]
)
def test_true_until_is_told_on_its_last_ninety_days_and_after(days: int, told: set[str]) -> None:
    until = TODAY + timedelta(days=days)

    assert codes(Example(f"- true_until: {until}\n")) == told


def test_severity_has_a_french_word() -> None:
    assert [one.word for one in Severity] == ["erreur", "alerte", "conseil"]
