"""The shipped examples, one question of each type at least."""

from pathlib import Path

from quizapp.exam import bank

FILE = Path(__file__).parents[2] / "question_banks/examples/types.yaml"
EXAMPLES = bank.parse(FILE.read_text("utf-8"), FILE.name)
