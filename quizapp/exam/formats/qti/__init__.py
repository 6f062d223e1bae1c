"""QTI 2.1, 2.2 and 3.0: items and packages, read alike and written in the names of each version."""

from quizapp.exam.formats.archives import is_package
from quizapp.exam.formats.base import Format, register
from quizapp.exam.formats.qti.packages import read, writer
from quizapp.exam.formats.qti.versions import VERSIONS


def _is_it(raw: bytes) -> bool:
    return is_package(raw) or b"assessmentItem" in raw or b"qti-assessment-item" in raw


for _version in VERSIONS.values():
    register(
        Format(_version.name, _version.label, (".zip", ".xml"), _is_it, read, writer(_version))
    )
