"""Packages from strangers: read in memory, member by member, and never more than was promised."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping

from quizapp.exam.formats.base import MAX_BYTES, refuse

MAX_MEMBERS = 2_000
MAX_UNPACKED = 50_000_000
MAX_RATIO = 100
_MEMBER = b"PK\x01\x02"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Package:
    """A zip file whose members have been looked at before any of them is read."""

    def __init__(self, raw: bytes, file: str) -> None:
        self.file = file
        if len(raw) > MAX_BYTES:
            refuse(
                file, "Ce paquet dépasse 10 Mo.", "Répartissez ses questions en plusieurs paquets."
            )
        if raw.count(_MEMBER) > 2 * MAX_MEMBERS:
            self._not_allowed("plus de 2 000 fichiers")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            refuse(file, "Ce fichier n’est pas un paquet zip lisible.", "Exportez-le de nouveau.")
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._check(len(raw))

    def _check(self, size: int) -> None:
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            self._not_allowed("plus de 2 000 fichiers")
        if sum(member.file_size for member in members) > MAX_UNPACKED:
            self._not_allowed("plus de 50 Mo une fois ouvert")
        if sum(member.compress_size for member in members) > size:
            self._not_allowed("des fichiers qui se recouvrent")
        known: set[str] = set()
        for member in members:
            name = member.orig_filename
            if name.casefold() in known:
                self._not_allowed(f"deux fois le nom {name[:80]}")
            known.add(name.casefold())
            if name.startswith("/") or "\\" in name or ":" in name or "\0" in name:
                self._not_allowed(f"un chemin : {name[:80]}")
            if ".." in name.split("/"):
                self._not_allowed(f"un chemin : {name[:80]}")
            if stat.S_ISLNK(member.external_attr >> 16):
                self._not_allowed(f"un lien : {name[:80]}")
            if member.flag_bits & 1:
                self._not_allowed(f"un fichier chiffré : {name[:80]}")
            if member.file_size > MAX_RATIO * max(member.compress_size, 1_000):
                self._not_allowed(f"un fichier comprimé plus de cent fois : {name[:80]}")
            if not member.is_dir():
                self._members[name] = member

    def names(self) -> list[str]:
        """Its files, in the order of the package."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """A member; refuses the package where it holds more than it says, or is damaged."""
        if name not in self._members:
            refuse(self.file, f"Il manque au paquet le fichier {name[:80]}.")
        member = self._members[name]
        try:
            with self._zip.open(member) as stream:
                content = stream.read()  # never more than the size that was checked
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
            refuse(self.file, f"Ce paquet est abîmé : {name[:80]}.", "Exportez-le de nouveau.")
        return content

    def _not_allowed(self, what: str) -> None:
        refuse(self.file, f"Ce paquet contient un élément non autorisé : {what}.")


def is_package(raw: bytes) -> bool:
    """Whether the bytes begin as a zip file does."""
    return raw.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def packed(members: Mapping[str, bytes]) -> bytes:
    """A package, the same for the same members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()
