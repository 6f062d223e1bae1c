"""The banks that come with the program."""

from __future__ import annotations

from pathlib import Path

import quizapp
from quizapp.exam.bank import Bank, parse


def folder() -> Path:
    """Where they lie: in the package once it is installed, beside it in the repository."""
    package = Path(quizapp.__file__).parent
    installed = package / "_question_banks"
    return installed if installed.is_dir() else package.parent / "question_banks"


def examples() -> Bank:
    """One question of each type, and a case."""
    file = folder() / "examples" / "types.yaml"
    return parse(file.read_text("utf-8"), file.name)
