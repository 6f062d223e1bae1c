"""The application for any WSGI server."""

from quizapp.app import create_app
from quizapp.settings import Settings

app = create_app(Settings())
