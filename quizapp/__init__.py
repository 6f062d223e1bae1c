"""quizapp: a contest and exam engine."""

__version__ = "0.1.0"
