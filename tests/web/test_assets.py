"""Static files: compressed beforehand, negotiated, kept for a year, without touching the database."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from quizapp.web import assets

SHEET = "/static/css/base.css"
BODY = (assets.FOLDER / "css/base.css").read_bytes()
YEAR = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("*", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0, *;q=0", None),
        ("GZIP", "gzip"),
        ("x" * 5_000, None),
    ],
)
def test_encoding_is_the_smallest_that_the_browser_takes(
    client: FlaskClient, accepted: str, encoding: str | None
) -> None:
    answer = client.get(SHEET, headers={"Accept-Encoding": accepted})

    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[encoding]
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == encoding
    assert unpack(answer.data) == BODY
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_each_encoding_has_a_tag_of_its_own(client: FlaskClient) -> None:
    tags = [
        client.get(SHEET, headers={"Accept-Encoding": accepted}).headers["ETag"]
        for accepted in ("", "gzip", "br")
    ]

    assert len(set(tags)) == 3
    for accepted, tag in zip(("", "gzip", "br"), tags, strict=True):
        asked = {"Accept-Encoding": accepted, "If-None-Match": f'"autre", W/{tag}'}
        again = client.get(SHEET, headers=asked)
        assert (again.status_code, again.data) == (304, b"")
        assert (again.headers["ETag"], again.headers["Vary"]) == (tag, "Accept-Encoding")
    crossed = client.get(SHEET, headers={"Accept-Encoding": "br", "If-None-Match": tags[1]})
    assert crossed.status_code == 200


def test_address_with_its_version_is_kept_for_a_year_and_no_other(client: FlaskClient) -> None:
    page = client.get("/").text
    version = re.search(r"css/base\.css\?v=(\w+)", page)
    assert version is not None

    kept = [
        client.get(f"{SHEET}{query}").headers["Cache-Control"]
        for query in (f"?v={version[1]}", "", "?v=ancienne", f"?w={version[1]}")
    ]

    assert kept == [YEAR, "no-cache", "no-cache", "no-cache"]


def test_head_says_the_same_without_the_file(client: FlaskClient) -> None:
    full, head = client.get(SHEET), client.head(SHEET)

    assert head.data == b""
    assert {k: v for k, v in head.headers if k != "X-Request-ID"} == {
        k: v for k, v in full.headers if k != "X-Request-ID"
    }


def test_picture_is_not_compressed_twice(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG" + bytes(2_000))
    (tmp_path / "court.css").write_text("a{}")

    found = assets._prepare(tmp_path, tmp_path / "gardes")

    assert [*found["a.png"].bodies] == [""]
    assert [*found["court.css"].bodies] == [""]  # packed it would be longer


@pytest.mark.parametrize(
    "path", ["/static/", "/static/nulle.css", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_static_file_cannot_be_written(client: FlaskClient) -> None:
    assert client.post(SHEET).status_code in (403, 405)


def test_static_file_asks_the_database_nothing(app: Flask, client: FlaskClient) -> None:
    sent: Counter[str] = Counter()
    event.listen(
        app.extensions["store"].engine,
        "before_cursor_execute",
        lambda *told: sent.update([told[2]]),
    )

    client.get(SHEET)
    assert sent.total() == 0
    client.get("/")
    assert sent.total() > 0


def test_compressed_files_are_kept_for_the_next_start(tmp_path: Path) -> None:
    folder, kept = tmp_path / "static", tmp_path / "gardes"
    folder.mkdir()
    (folder / "a.css").write_text("a { color: red }\n" * 50)
    first = assets._prepare(folder, kept)["a.css"]
    for file in kept.iterdir():
        assert file.suffix in (".br", ".gzip")
        file.write_bytes(b"!")  # so that it shows where it was read
    assets._prepare.cache_clear()

    again = assets._prepare(folder, kept)["a.css"]

    assert len(first.bodies) == 3
    assert (again.bodies["br"], again.bodies["gzip"]) == (b"!", b"!")


def test_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { color: red }\n" * 50)

    found = assets._prepare(tmp_path, tmp_path / "a.css" / "impossible")

    assert len(found["a.css"].bodies) == 3
