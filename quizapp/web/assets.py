"""Static files: read and compressed once, then answered from memory, without Flask or database."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

FOLDER = Path(__file__).parents[1] / "static"
YEAR = 31_536_000  # seconds
_BETTER = ("br", "gzip")  # the smaller first
_TEXT = {".css", ".js", ".svg", ".json", ".txt", ".html", ".webmanifest"}
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=11),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file; ``bodies`` has it as it is (under ``""``) and in each encoding that helps."""

    mimetype: str
    version: str
    bodies: dict[str, bytes]


def prepare(instance: Path) -> dict[str, Asset]:
    """All static files by name; what was compressed is kept in the instance folder."""
    return _prepare(FOLDER, instance / "assets")


@cache
def _prepare(folder: Path, kept: Path) -> dict[str, Asset]:
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            body = file.read_bytes()
            digest = hashlib.sha256(body).hexdigest()
            bodies = {"": body}
            if file.suffix in _TEXT:
                for encoding in _BETTER:
                    packed = _packed(body, encoding, kept / f"{digest}.{encoding}")
                    if len(packed) < len(body):
                        bodies[encoding] = packed
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            mimetype = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
            found[file.relative_to(folder).as_posix()] = Asset(mimetype, digest[:10], bodies)
    return found


def _packed(body: bytes, encoding: str, kept: Path) -> bytes:
    try:
        return kept.read_bytes()
    except OSError:
        packed = _compressed(body, encoding)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        whole = kept.with_name(f"{kept.name}.{id(packed):x}")
        whole.write_bytes(packed)
        whole.replace(kept)  # a file with this name is complete
    except OSError:
        pass  # a folder that cannot be written costs time at the next start, no more
    return packed


@cache
def _compressed(body: bytes, encoding: str) -> bytes:
    return _COMPRESS[encoding](body)


@lru_cache(256)
def _wanted(header: str) -> Accept:
    return parse_accept_header(header)


def _encoding(asset: Asset, header: str) -> str:
    """The smallest encoding of a file that the browser takes; as it is otherwise."""
    wanted = _wanted(header)
    return next((one for one in _BETTER if one in asset.bodies and wanted.quality(one) > 0), "")


class Assets:
    """Answers for static files; everything else is for ``app``.

    ``always`` are the headers of every answer. An address with the file's version may be kept
    for a year; without it, or with that of another release, it is asked for again.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        files: dict[str, Asset],
        always: dict[str, str],
    ) -> None:
        self._app, self._always = app, list(always.items())
        self._files = {f"/static/{name}": asset for name, asset in files.items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        asset = self._files.get(environ.get("PATH_INFO", ""))
        method = environ.get("REQUEST_METHOD")
        if asset is None or method not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        encoding = _encoding(asset, environ.get("HTTP_ACCEPT_ENCODING", ""))
        etag = f"{asset.version}-{encoding}" if encoding else asset.version
        current = f"v={asset.version}" in environ.get("QUERY_STRING", "").split("&")
        headers = [
            *self._always,
            ("ETag", f'"{etag}"'),
            ("Cache-Control", f"public, max-age={YEAR}, immutable" if current else "no-cache"),
        ]
        if len(asset.bodies) > 1:
            headers.append(("Vary", "Accept-Encoding"))
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(etag):
            start_response("304 Not Modified", headers)
            return []
        body = asset.bodies[encoding]
        headers += [("Content-Type", asset.mimetype), ("Content-Length", str(len(body)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        start_response("200 OK", headers)
        return [b"" if method == "HEAD" else body]
