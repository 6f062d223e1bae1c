"""The application as the production server's workers load it."""

from __future__ import annotations

from quizapp.app import create_app
from quizapp.kit import log
from quizapp.settings import Settings

log.configure()
app = create_app(Settings())
