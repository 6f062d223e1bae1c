"""``bank preview``: a page on this machine that shows a bank as candidates will see it, and reloads on save."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click
from flask import Flask, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from quizapp.cli import door, stats
from quizapp.exam import sidecar as sidecars
from quizapp.exam.lint.entries import Entry, Shelf
from quizapp.exam.lint.linting import lint_shelves
from quizapp.exam.lint.rules import Finding
from quizapp.exam.lots import Stream
from quizapp.exam.problems import NotAnAnswerError, Problem, RefusedError
from quizapp.exam.questions.base import Question
from quizapp.exam.sidecar import Fared, Sidecar
from quizapp.settings import Settings
from quizapp.sitting.pages import Sheet
from quizapp.web import assets, guard, headers, i18n
from quizapp.web.guard import ANYONE, allow

_PACKAGE = Path(__file__).parents[1]


@click.command()
@click.argument("file", metavar="FICHIER", type=door.FILE)
@click.option("--port", default=8001, show_default=True)
def preview(file: Path, port: int) -> None:
    """Voir FICHIER comme les candidats le verront, avec la clé et les remarques ; s’essayer.

    La page ne s’ouvre que sur cette machine. Elle se recharge quand le fichier est enregistré.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, create_preview(file, door.today), threaded=True)
    click.echo(f"{file} se lit sur http://localhost:{server.server_port} ; Ctrl+C pour arrêter.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("")
    finally:
        server.server_close()


@dataclass
class Seen:
    """A file at one moment: what it says, or why it cannot be read, and what has been tried."""

    version: str
    shelf: Shelf | None = None
    problems: tuple[Problem, ...] = ()
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    sidecar: Sidecar | None = None
    tried: dict[str, str | None] = field(default_factory=dict)

    @property
    def entries(self) -> OrderedDict[str, Entry]:
        """The questions by their identifier, in the order of the file."""
        found = self.shelf.entries if self.shelf else ()
        return OrderedDict((entry.question.id, entry) for entry in found)

    def fared(self, question: Question) -> Fared | None:
        """How this question fared in a round, if a file beside the bank says so."""
        return sidecars.fared(self.sidecar, question) if self.sidecar else None


class Desk:
    """One bank file, read again whenever it has changed."""

    def __init__(self, file: Path, today: Callable[[], date]) -> None:
        self.file = file
        self.today = today
        self._seen = Seen("")

    def seen(self) -> Seen:
        """The file as it is now."""
        body = self.file.read_bytes() if self.file.exists() else b""
        version = hashlib.sha256(body).hexdigest()[:16]
        if version != self._seen.version:
            self._seen = self._look(version, body)
        return self._seen

    def _look(self, version: str, body: bytes) -> Seen:
        name = str(self.file)
        text = body.decode("utf-8", errors="replace").replace("\r\n", "\n")
        try:
            shelf = Shelf.of(text, name, self.today())
        except RefusedError as error:
            return Seen(version, problems=error.problems)
        findings: dict[str, list[Finding]] = {}
        for finding in lint_shelves({name: shelf}):
            findings.setdefault(finding.question, []).append(finding)
        sidecar = stats.beside(self.file)
        for finding in sidecars.findings(sidecar, shelf) if sidecar else ():
            findings.setdefault(finding.question, []).append(finding)
        return Seen(version, shelf, findings=findings, sidecar=sidecar)


def create_preview(file: Path, today: Callable[[], date]) -> Flask:
    """The application of one bank file."""
    app = Flask("quizapp", root_path=str(_PACKAGE))
    app.config.update(
        SECRET_KEY=secrets.token_hex(16),
        SESSION_COOKIE_NAME="quizapp-preview",
        SESSION_COOKIE_SAMESITE="Strict",
        TRUSTED_HOSTS=["localhost", "127.0.0.1"],
        MAX_CONTENT_LENGTH=100_000,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions.update(desk=Desk(file, today), assets=assets.prepare(Settings().instance))
    CSRFProtect(app)
    i18n.init_app(app, lambda: "Europe/Paris")
    app.before_request(_french)
    headers.init_app(app, https=False)
    app.add_url_rule("/", view_func=first)
    app.add_url_rule("/question/<name>", view_func=question)
    app.add_url_rule("/question/<name>", view_func=attempt, methods=["POST"])
    app.add_url_rule("/version", view_func=version)
    guard.init_app(app, sign_in={}, otherwise="first")
    return app


def _french() -> None:
    """In French whatever the browser asks: so are the remarks, as everywhere on the command line."""
    g.language = "fr"


def _seen() -> Seen:
    desk: Desk = current_app.extensions["desk"]
    return desk.seen()


@allow(ANYONE)
def version() -> Response:
    """What the page's script asks, to know whether the file has changed."""
    return jsonify(version=_seen().version)


@allow(ANYONE)
def first() -> Response | str:
    """The first question, or what keeps the file from being read."""
    seen = _seen()
    if seen.shelf is None:
        return render_template("preview/refused.html", seen=seen)
    return redirect(url_for("question", name=next(iter(seen.entries))))


@allow(ANYONE)
def question(name: str) -> Response | str:
    """One question as a candidate sees it, as the key answers it, and what the rules say."""
    seen = _seen()
    entry = seen.entries.get(name)
    if entry is None:
        return redirect(url_for("first"))
    asked = entry.question
    shuffle = request.args.get("shuffle", 0, type=int)
    order = _order(asked, shuffle)
    answer = seen.tried.get(name)
    return render_template(
        "preview/question.html",
        seen=seen,
        entry=entry,
        shuffle=shuffle,
        sheet=Sheet("1", asked.topic, "0", "", "", asked.show(order, answer)),
        reviewed=asked.review(order, answer),
        tried=name in seen.tried,
        told=asked.told(answer),
        fared=seen.fared(asked),
        mark=_mark(asked, answer),
        counts=Counter({at: len(found) for at, found in seen.findings.items()}),
    )


@allow(ANYONE)
def attempt(name: str) -> Response:
    """Mark what was answered; nothing is kept beyond the next change of the file."""
    seen = _seen()
    shuffle = request.args.get("shuffle", 0, type=int)
    if entry := seen.entries.get(name):
        asked = entry.question
        try:
            seen.tried[name] = asked.read(request.form.getlist("answer-1"), _order(asked, shuffle))
        except NotAnAnswerError as error:
            flash(str(error), "error")
    return redirect(url_for("question", name=name, shuffle=shuffle, _anchor="essai"), 303)


def _order(asked: Question, shuffle: int) -> tuple[int, ...]:
    return asked.order(Stream(f"preview/{shuffle}/{asked.id}"))


def _mark(asked: Question, answer: str | None) -> str:
    """The points, as the candidate would read them."""
    if not asked.earns:
        return "Sans points"
    part = asked.mark(answer)
    if part is None:
        return "À noter par une personne"
    return f"{i18n.points(part * asked.weight)}/{asked.weight}"
