"""The application as the production server's workers load it."""

from __future__ import annotations

import gc

from quizapp.app import create_app
from quizapp.kit import log
from quizapp.settings import Settings

log.configure()
app = create_app(Settings())

# What stands now stands for good: the collector need not walk it again in the middle of a request.
gc.collect()
gc.freeze()
