"""Plain text from strangers, whatever program wrote it."""

from __future__ import annotations

from quizapp.exam.formats.base import Loss, refuse

MAX_BYTES = 2_000_000  # some five thousand questions
MAX_LINES = 100_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(raw: bytes, file: str, losses: list[Loss]) -> str:
    """The text of a file: UTF-8, what its first bytes say, or else Windows’ own, which is told."""
    if len(raw) > MAX_BYTES:
        refuse(file, "Ce fichier dépasse 2 Mo.", "Répartissez ses questions en plusieurs fichiers.")
    mark, encoding = next((one for one in _BOMS if raw.startswith(one[0])), (b"", "utf-8"))
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        losses.append(
            Loss("fichier", "il n’est pas en UTF-8 : lu comme Windows-1252, relisez les accents",
                 whole=False)
        )  # fmt: skip
    if "\0" in text:
        refuse(file, "Ce fichier n’est pas du texte.", "Enregistrez-le en texte, en UTF-8.")
    if text.count("\n") > MAX_LINES:
        refuse(
            file, "Ce fichier a plus de 100 000 lignes.", "Répartissez-le en plusieurs fichiers."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
