"""The schema: brought up to date by Alembic, forward only."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from quizapp.kit.store import Store


def _home() -> Path:
    package = Path(__file__).resolve().parents[1]
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def config(store: Store) -> Config:
    """Alembic's configuration for this database."""
    settings = Config()
    settings.set_main_option("script_location", str(_home()))
    settings.attributes["engine"] = store.engine
    return settings


def upgrade(store: Store) -> None:
    """Bring the schema to this version of the program; does nothing if it is there already."""
    command.upgrade(config(store), "head")


def is_current(store: Store) -> bool:
    """Whether the schema is that of this version of the program."""
    with store.engine.connect() as connection:
        stands = MigrationContext.configure(connection).get_current_revision()
    return stands == ScriptDirectory.from_config(config(store)).get_current_head()
