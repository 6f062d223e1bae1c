"""The request's database: one reading connection while it lasts, and writing when something is done."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack

from flask import Flask, current_app, g
from sqlalchemy import Connection
from sqlmodel import Session

from quizapp.kit.store import Store


def init_app(app: Flask, store: Store) -> None:
    """Give ``app`` its store; the reading session ends with the request."""
    app.extensions["store"] = store
    app.teardown_appcontext(_close)


def store() -> Store:
    """The store of this application."""
    found: Store = current_app.extensions["store"]
    return found


def connection() -> Connection:
    """The request's connection for reading, opened on first use: for plain statements."""
    if "connection" not in g:
        g.stack = ExitStack()
        g.connection = g.stack.enter_context(store().engine.connect())
    line: Connection = g.connection
    return line


def reading() -> Session:
    """The request's session for reading, on the same connection, made on first use."""
    if "reading" not in g:
        line = connection()
        g.reading = g.stack.enter_context(Session(line, autoflush=False))
    session: Session = g.reading
    return session


def writing() -> AbstractContextManager[Session]:
    """One change, stored when the block has ended; what was read before is read anew after it."""
    _close()
    return store().writing()


def _close(_error: BaseException | None = None) -> None:
    g.pop("reading", None)
    g.pop("connection", None)
    if stack := g.pop("stack", None):
        stack.close()
