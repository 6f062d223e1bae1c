"""Files made to do harm are refused before they do, with a sentence that says what is wrong."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam.formats import FORMATS
from quizapp.exam.formats.archives import Package
from quizapp.exam.formats.base import format_of
from quizapp.exam.problems import RefusedError

MOODLE = '<quiz><question type="essay"><name><text>a</text></name>{}</question></quiz>'
STEM = '<questiontext format="html"><text><![CDATA[{}]]></text></questiontext>'
BOMB = '<!DOCTYPE quiz [<!ENTITY a "ha">{}]>'.format(
    "".join(f'<!ENTITY {one} "{10 * f"&{other};"}">' for one, other in zip("bcdefgh", "abcdefg", strict=True))
)  # fmt: skip
DTD = "Ce fichier contient un élément non autorisé : une déclaration de type (DTD)."


def refused(raw: bytes, file: str) -> str:
    """Why nothing of a file is read: one sentence."""
    with pytest.raises(RefusedError) as error:
        format_of(raw, file).read(raw, file)
    [problem] = error.value.problems
    assert 0 < len(problem.what) < 200
    return problem.what


def left_out(stem: str) -> str:
    """Why a question with this text is left out."""
    made = FORMATS["moodle"].read(MOODLE.format(STEM.format(stem)).encode(), "q.xml")
    assert made.count == 0
    [loss] = [loss for loss in made.losses if loss.whole]
    return loss.what


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "prolog",
    [
        BOMB,
        '<!DOCTYPE quiz SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "http://localhost/x">]>',
        "<!DOCTYPE quiz>",
    ],
)
def test_a_document_type_is_refused_before_it_is_read(prolog: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    raw = (head + prolog + MOODLE.format("&a;")).encode(encoding)

    with pytest.raises(RefusedError) as error:
        FORMATS["moodle"].read(raw, "q.xml")

    assert [problem.what for problem in error.value.problems] == [DTD]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"<quiz>" + b"<a>" * 100_000, "Ce fichier n’est plus du XML valide"),
        (b"<quiz>" + b"<a/>" * 300_000 + b"</quiz>", "Ce fichier contient trop d’éléments."),
        (b"<quiz>" + b" " * 10_000_000 + b"</quiz>", "Ce fichier dépasse 10 Mo."),
        (b"<quiz>&unknown;</quiz>", "Ce fichier n’est plus du XML valide"),
        (b"<quiz\x00>", "Ce fichier n’est pas du XML"),
        (b"<quiz><question></quiz>", "Ce fichier n’est plus du XML valide"),
        (b"<quizz/>", "Ce XML n’est pas un export de Moodle"),
    ],
)
def test_xml_that_is_none_or_too_much_is_refused(raw: bytes, what: str) -> None:
    assert refused(raw, "q.xml").startswith(what)


@pytest.mark.parametrize(
    ("stem", "why"),
    [
        ("<p>a</p><script>alert(1)</script>", "son texte contient un élément actif (« script »)"),
        ("<p onclick='x()'>a</p>", "son texte contient un script"),
        ("<a href='java\nscript:x()'>a</a>", "son texte contient un script"),
        ("<iframe src='https://a.fr'></iframe>", "son texte contient un élément actif (« iframe »)"),
        ("<svg onload='x()'><path/></svg>", "son texte contient un script"),
        ("<svg><path/></svg>", "elle contient un dessin"),
        ("<img src='x' alt='y'>", "elle contient une image"),
        ("<object data='x'></object>", "son texte contient un élément actif (« object »)"),
        ("<div>" * 200 + "a", "son texte est imbriqué trop profondément"),
        ("<b>" * 200 + "a", "son texte est imbriqué trop profondément"),
        ("a" * 300_000, "son texte est trop long"),
        ("<p>" + "*a" * 20_000 + "</p>", "son texte est trop long"),
        ("a\u202eb", "Caractère invisible U+202E."),
    ],
)  # fmt: skip
def test_html_that_acts_or_shows_what_we_cannot_leaves_the_question_out(
    stem: str, why: str
) -> None:
    assert left_out(stem).startswith(why)


@pytest.mark.parametrize("number", ["NaN", "inf", "1e999", "9" * 100_000, "1e-30", "0x10", "１２"])
@pytest.mark.parametrize("place", ["answer", "tolerance", "defaultgrade", "fraction"])
def test_numbers_that_are_none_leave_the_question_out(number: str, place: str) -> None:
    given = {"answer": "5", "tolerance": "0", "defaultgrade": "1", "fraction": "100", place: number}
    raw = (
        f'<quiz><question type="numerical"><questiontext><text>a</text></questiontext>'
        f"<defaultgrade>{given['defaultgrade']}</defaultgrade>"
        f'<answer fraction="{given["fraction"]}"><text>{given["answer"]}</text>'
        f"<tolerance>{given['tolerance']}</tolerance></answer></question></quiz>"
    )

    made = FORMATS["moodle"].read(raw.encode(), "q.xml")

    assert made.count == 0
    assert len(made.losses) == 1
    assert len(made.losses[0].what) < 120


def packed(*members: tuple[str, bytes], links: bool = False) -> bytes:
    """A zip file; its members are symbolic links where that is asked."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK if links else stat.S_IFREG) << 16
            archive.writestr(info, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "name", ["../x.xml", "a/../../x.xml", "/etc/x.xml", "C:x.xml", "a\\..\\x.xml", "..\\x.xml"]
)
def test_a_path_that_leaves_the_package_is_refused(name: str) -> None:
    what = refused(packed(("imsmanifest.xml", b"<manifest/>"), (name, b"<a/>")), "p.zip")

    assert what == f"Ce paquet contient un élément non autorisé : un chemin : {name}."


def test_links_doubles_and_crowds_in_a_package_are_refused() -> None:
    told = "Ce paquet contient un élément non autorisé : "

    assert (
        refused(packed(("a.xml", b"/etc/passwd"), links=True), "p.zip") == f"{told}un lien : a.xml."
    )
    assert (
        refused(packed(("a.xml", b""), ("A.xml", b"")), "p.zip") == f"{told}deux fois le nom A.xml."
    )
    many = packed(*((f"{number}.xml", b"") for number in range(2_001)))
    assert refused(many, "p.zip") == f"{told}plus de 2 000 fichiers."


def test_a_bomb_in_a_package_is_refused_unopened() -> None:
    told = "Ce paquet contient un élément non autorisé : "
    bomb = packed(("imsmanifest.xml", b" " * 20_000_000))

    assert refused(bomb, "p.zip").startswith(f"{told}un fichier comprimé plus de cent fois")
    whole = packed(*((f"{number}.xml", b" " * 9_000_000) for number in range(6)))
    assert refused(whole, "p.zip") == f"{told}plus de 50 Mo une fois ouvert."


def test_a_member_larger_than_it_says_is_refused() -> None:
    """The size that a package states is what was checked; more is never read."""
    raw = bytearray(packed(("imsmanifest.xml", b"<manifest/>" + b" " * 500_000)))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", raw, raw.index(mark) + offset, 11)

    package = Package(bytes(raw), "p.zip")

    with pytest.raises(RefusedError):
        package.read("imsmanifest.xml")


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, packed(("a.txt", b"x"))[:-10]]
)
def test_a_package_that_is_none_is_refused(raw: bytes) -> None:
    assert refused(raw, "p.zip").startswith("Ce")


def test_a_cell_far_away_is_refused() -> None:
    """A spreadsheet with one cell at its far corner would be seventeen thousand million cells."""
    sheet = '<worksheet><sheetData><row r="1"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    raw = packed(("xl/worksheets/sheet1.xml", sheet.encode()))

    assert refused(raw, "t.xlsx") == "Ce tableau a plus de 500 colonnes."


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"a\0b", "Ce fichier n’est pas du texte."),
        (b'\xc3\xa9nonc\xc3\xa9;source\n"a', "Des guillemets ne sont pas fermés"),
        (b'\xc3\xa9nonc\xc3\xa9\n"' + b"a" * 200_000 + b'"', "Des guillemets ne sont pas fermés"),
        (b"a;b\n1;2\n", "Aucune colonne ne se nomme « énoncé »."),
    ],
)
def test_tables_that_are_none_are_refused(raw: bytes, what: str) -> None:
    with pytest.raises(RefusedError) as error:
        FORMATS["csv"].read(raw, "t.csv")

    assert error.value.problems[0].what.startswith(what)


@pytest.mark.parametrize(
    ("name", "piece", "what"),
    [
        ("amc", "* a\n", "Ce fichier contient plus de 5 000 questions."),
        ("amc", "+ a\n", "Ce fichier a plus de 100 000 lignes."),
        ("gift", "a\n\n", "Ce fichier contient plus de 5 000 questions."),
        ("aiken", "a\n\n", "Ce fichier a plus de 100 000 lignes."),
        ("csv", "énoncé;", "Ce tableau a plus de 500 colonnes."),
        ("gift", "a" * 100, "Ce fichier dépasse 2 Mo."),
    ],
)
def test_more_than_any_bank_has_is_refused(name: str, piece: str, what: str) -> None:
    count = 21_000 if len(piece) == 100 else 6_000 if "questions" in what else 110_000

    with pytest.raises(RefusedError) as error:
        FORMATS[name].read((piece * count).encode(), "fichier")

    assert error.value.problems[0].what == what


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("aiken", "Quoi ?\n" + "A. a\n" * 60 + "ANSWER: A\n"),
        ("amc", "* Quoi ?\n" + "+ a\n" * 60),
        ("gift", "Quoi ? {=" + "a" * 30_000 + "}"),
    ],
)
def test_a_question_with_more_than_anyone_reads_is_left_out(name: str, text: str) -> None:
    made = FORMATS[name].read(text.encode(), "fichier")

    assert (made.count, len(made.losses)) == (0, 1)


@pytest.mark.parametrize("name", FORMATS)
@given(
    raw=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")),
    )
)
@settings(max_examples=60, deadline=None)  # fmt: skip
def test_whatever_is_read_is_refused_or_told(name: str, raw: bytes) -> None:
    told: list[str] = []
    try:
        told += (loss.what for loss in FORMATS[name].read(raw, "fichier").losses)
    except RefusedError as error:
        told += (problem.what for problem in error.problems)

    assert all(told)
