"""Alembic's way to the tables of the house."""

from __future__ import annotations

from alembic import context
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

import quizapp.banks.tables
import quizapp.contests.tables
import quizapp.invigilation.tables
import quizapp.kit.journal
import quizapp.kit.lease
import quizapp.kit.throttle
import quizapp.people.tables
import quizapp.proof.tables
import quizapp.results.tables
import quizapp.sitting.tables  # noqa: F401  # importing a table makes it known

engine = context.config.attributes["engine"].execution_options(writing=True)


def migrate(connection: Connection) -> None:
    """Run what is due, each migration in a transaction of its own."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_server_default=True,
        transactional_ddl=True,
        transaction_per_migration=True,
        on_version_apply=check_links,
    )
    with context.begin_transaction():
        context.run_migrations()


def check_links(*, ctx: MigrationContext, **_rest: object) -> None:
    """SQLite changes a table by making it anew: no row may have lost what it refers to."""
    if ctx.dialect.name == "sqlite":
        broken = ctx.bind.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"rows that refer to nothing: {broken[:5]}")


with engine.connect() as connection:
    if connection.dialect.name != "sqlite":
        migrate(connection)
    else:
        # Must be said outside a transaction: dropping the old table would count as emptying it.
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            migrate(connection)
        finally:
            raw.execute("PRAGMA foreign_keys = ON")
