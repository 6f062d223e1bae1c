"""Moodle XML, as Moodle 4 and 5 write it and read it."""

from quizapp.exam.formats.base import Format, register
from quizapp.exam.formats.moodle.reading import read
from quizapp.exam.formats.moodle.writing import write

register(
    Format("moodle", "Moodle XML", (".xml",), lambda raw: b"<quiz" in raw, read, write)
)  # fmt: skip
