"""The doctor: each fault of an installation is named with its mend, and a sound one passes."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from quizapp.cli import doctor
from quizapp.cli.doctor import Finding, findings
from quizapp.kit.store import Store
from quizapp.proof import actions as proof
from quizapp.settings import Settings
from quizapp.sitting import actions
from tests import world as worlds
from tests.lived import plan_of


def _settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings(
        _env_file=None, instance=tmp_path,
        **{"public_url": "https://concours.exemple.fr", "trusted_proxies": 1, **more},
    )  # fmt: skip


def _bad(settings: Settings) -> list[str]:
    return [f"{found.told} : {found.mend}" for found in findings(settings) if not found.fine]


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A sound installation on SQLite."""
    store = Store(f"sqlite:///{tmp_path / 'quizapp.db'}")
    worlds.build(store)
    settings = _settings(tmp_path)
    with store.writing() as db:
        proof.ensure_keys(
            db, secret=settings.secret(), seed=secrets.token_bytes(32), by="test", now=worlds.NOON
        )
    store.dispose()
    monkeypatch.setattr(doctor, "_connections", lambda: iter([]))  # it is the machine's
    monkeypatch.setattr(doctor, "_ROOM", 0)
    return settings


def test_sound_installation_has_nothing_to_mend(sound: Settings) -> None:
    assert _bad(sound) == []
    assert len([*findings(sound)]) > 10


def test_nothing_is_installed_yet(tmp_path: Path) -> None:
    assert any("quizapp db upgrade" in told for told in _bad(_settings(tmp_path / "neuf")))


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"public_url": "http://concours.exemple.fr"}, "https://"),
        ({"trusted_proxies": 0}, "QUIZAPP_TRUSTED_PROXIES=1"),
        ({"secret_key": "court"}, "32 caractères"),
        ({"database_url": "postgresql://p@127.0.0.1:1/x?connect_timeout=2"}, "joignable"),
    ],
)
def test_setting_that_is_wrong_is_named(
    sound: Settings, changes: dict[str, Any], mend: str
) -> None:
    told = _bad(_settings(sound.instance, **changes))

    assert any(mend in one for one in told)
    # Another secret opens no key either; nothing else may be found wrong.
    assert [one for one in told if mend not in one and "clé qui signe" not in one] == []


def test_secret_that_others_can_read_is_named(sound: Settings) -> None:
    (sound.instance / "secret.key").chmod(0o644)

    [told] = _bad(sound)

    assert f"chmod 600 {sound.instance / 'secret.key'}" in told


def test_database_that_others_can_read_is_named(sound: Settings) -> None:
    (sound.instance / "quizapp.db").chmod(0o644)

    [told] = _bad(sound)

    assert "chmod o-rwx" in told


def test_sittings_that_nobody_closes_are_named(sound: Settings) -> None:
    store = Store(sound.database)
    with store.writing() as db:
        row = actions.start(
            db, plan_of(db), application_id=1, seed="g", writer="ici", now=worlds.NOON
        )
        row.started_at = row.ends_at = worlds.OPENS.replace(year=2025)
        db.add(row)
    store.dispose()

    [told] = _bad(sound)

    assert "quizapp serve" in told


def test_full_disk_is_named(sound: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 2**70)

    [told] = _bad(sound)

    assert "libérez 1 Go" in told


@pytest.mark.parametrize("few", [256, 1_024])
def test_too_few_connections_are_named(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (few, few))

    [found] = doctor._connections()

    assert (found.fine, "LimitNOFILE" in found.mend) == (False, True)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_postgresql_that_does_not_wait_for_the_disk_is_named(
    empty_postgres: str, tmp_path: Path
) -> None:
    store = Store(empty_postgres)
    worlds.build(store)
    store.dispose()
    settings = _settings(tmp_path, database_url=empty_postgres)

    def about_commits() -> Finding:
        return next(found for found in findings(settings) if "synchronous_commit" in found.told)

    before = about_commits()
    admin = create_engine(empty_postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        name = make_url(empty_postgres).database
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    admin.dispose()

    assert (before.fine, about_commits().fine) == (True, False)
