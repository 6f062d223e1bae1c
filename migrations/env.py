"""Alembic's way to the tables of the house."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import quizapp.banks.tables
import quizapp.contests.tables
import quizapp.kit.journal
import quizapp.kit.throttle
import quizapp.people.tables
import quizapp.proof.tables
import quizapp.results.tables
import quizapp.sitting.tables  # noqa: F401  # importing a table makes it known

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
