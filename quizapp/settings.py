"""Everything an operator can set, read once from the environment (``QUIZAPP_…``) or a ``.env`` file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one installation.

    ``instance`` holds what belongs to this machine: the SQLite database, unless ``database_url``
    names another, and the secret key, unless ``secret_key`` is given. ``/metrics`` answers who shows
    ``metrics_token``, or asks from this machine itself (``metrics_loopback``), and nobody by default.
    ``run`` is where the processes of one server count together; ``serve`` sets it.
    """

    model_config = SettingsConfigDict(env_prefix="QUIZAPP_", env_file=".env", extra="ignore")

    instance: Path = Path("instance")
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    public_url: str = "http://localhost:8000"
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    contact: str = ""
    access_log: bool = True
    metrics_loopback: bool = False
    metrics_token: SecretStr = SecretStr("")
    run: Path | None = None
    styleguide: bool = False
    testing: bool = False

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{(self.instance / 'quizapp.db').absolute()}"

    @property
    def https(self) -> bool:
        """Whether people reach this installation over TLS; cookies are then marked secure."""
        return urlsplit(self.public_url).scheme == "https"

    def secret(self) -> bytes:
        """The secret key; made on first use, readable by its owner only, and kept from then on."""
        if given := self.secret_key.get_secret_value():
            return given.encode()
        file = self.instance / "secret.key"
        self.instance.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_bytes()
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_hex(32).encode())
        return file.read_bytes()
