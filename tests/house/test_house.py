"""The house about itself: its layers, its routes, its migrations, its size."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from flask import Flask

from quizapp.exam.questions.base import TYPES
from quizapp.kit import migrate
from quizapp.kit.store import Store
from quizapp.web import guard

ROOT = Path(__file__).parents[2]


def test_layers_and_contracts_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")

    run = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout


def test_exam_wakes_neither_flask_nor_a_database() -> None:
    program = (
        "import sys, quizapp.exam.edition, quizapp.exam.grading, quizapp.exam.stages;"
        "print([name for name in ('flask', 'sqlalchemy', 'sqlmodel') if name in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"


def test_route_without_a_policy_keeps_the_application_from_starting() -> None:
    app = Flask(__name__)
    app.add_url_rule("/oublie", "oublie", lambda: "")

    with pytest.raises(RuntimeError, match="oublie"):
        guard.init_app(app, sign_in={}, otherwise="")


def test_migrations_make_exactly_the_tables_of_the_house(store: Store) -> None:
    migrate.upgrade(store)

    command.check(migrate.config(store))
    assert migrate.is_current(store)


def test_every_question_type_has_its_template() -> None:
    templates = ROOT / "quizapp" / "templates" / "questions"

    assert sorted(TYPES) == sorted(file.stem for file in templates.glob("*.html"))


def test_files_stay_short_enough_to_be_read() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for pattern in ("quizapp/**/*.py", "tests/**/*.py", "quizapp/static/**/*.js")
        for file in ROOT.glob(pattern)
        if "vendor" not in file.parts and (lines := file.read_text("utf-8").count("\n")) > 300
    }

    assert long == {}


def test_locked_versions_name_no_download_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
