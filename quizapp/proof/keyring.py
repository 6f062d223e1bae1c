"""The keys in use, held by each server process for a moment, so that signing asks no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app

from quizapp.exam.rescue import RescueKey
from quizapp.exam.signing import SigningKey
from quizapp.kit.store import Store
from quizapp.proof import queries

# A server goes on with a key that was replaced for no longer than this.
FRESH = timedelta(seconds=30)


class NoKeyError(RuntimeError):
    """The installation has no key that its secret opens."""


@dataclass(frozen=True, slots=True)
class _Held:
    signing: SigningKey
    rescue: dict[str, RescueKey]
    until: datetime


class Keyring:
    """The keys of one installation, as one process knows them."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store, self._secret = store, secret
        self._held: _Held | None = None

    def signing(self, *, now: datetime) -> SigningKey:
        """The key that signs receipts; raises NoKeyError."""
        return self._fresh(now).signing

    def sealing(self, *, now: datetime) -> RescueKey:
        """The key to which pages seal rescue files; raises NoKeyError."""
        return next(iter(self._fresh(now).rescue.values()))

    def _fresh(self, now: datetime) -> _Held:
        held = self._held
        if held is None or now >= held.until or now < held.until - FRESH:
            held = self._held = self._read(now)
        return held

    def _read(self, now: datetime) -> _Held:
        with self._store.reading() as db:
            signing = queries.signing_key(db, self._secret)
            rescue = queries.rescue_keys(db, self._secret)
        if signing is None or not rescue:
            raise NoKeyError("no signing key: run « quizapp db upgrade »")
        return _Held(signing, rescue, now + FRESH)


def init_app(app: Flask, store: Store, secret: bytes) -> None:
    """Give ``app`` its keyring."""
    app.extensions["keyring"] = Keyring(store, secret)


def keyring() -> Keyring:
    """The keyring of this application."""
    found: Keyring = current_app.extensions["keyring"]
    return found
