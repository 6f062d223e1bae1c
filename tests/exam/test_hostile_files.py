"""Files made to do harm are refused early, in bounded work, with a sentence that says what to do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.cli import main
from quizapp.exam import bank, source
from quizapp.exam.comments import comments
from quizapp.exam.layout import laid_out
from quizapp.exam.lint.linting import lint
from quizapp.exam.problems import RefusedError

HEAD = "bank: b\ntitle: t\nquestions:\n"
LIMIT = source.MAX_PROBLEMS + 1


def refused(text: str) -> list[str]:
    """Why ``text`` is no bank; never more than anyone reads, never an empty sentence."""
    with pytest.raises(RefusedError) as error:
        bank.parse(text)
    told = [problem.what for problem in error.value.problems]
    assert 0 < len(told) <= LIMIT
    assert all(0 < len(what) < 400 for what in told)
    return told


@pytest.mark.parametrize("open_", ["[", "{a: ", "- ", "{a: ["])
def test_nesting_is_refused_at_its_depth_whatever_follows(open_: str) -> None:
    assert refused(open_ * 500_000) == ["Trop de niveaux imbriqués."]


def test_reading_stops_where_nesting_is_too_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    pulled = []
    parse = yaml.parse
    monkeypatch.setattr(
        yaml, "parse", lambda *given, **named: (pulled.append(1) or one for one in parse(*given, **named))
    )  # fmt: skip

    refused("[" * 1_000_000)

    assert len(pulled) < 2 * source.MAX_DEPTH


@pytest.mark.parametrize(
    ("piece", "what"),
    [
        ("b{0}: [*a, *a]\n", "Le renvoi « *a » n’est pas permis."),
        ("b{0}: &a x\n", "L’ancre « &a » n’est pas permise."),
        ("b{0}: !!python/object/apply:os.system [x]\n",
         "L’étiquette « tag:yaml.org,2002:python/object/apply:os.system » n’est pas permise."),
        ("a: x\n", "La clé « a » apparaît deux fois"),
        ('b{0}: "\\u202e"\n', "Ce texte cache le caractère invisible U+202E."),
    ],
)  # fmt: skip
def test_a_hundred_problems_are_enough(piece: str, what: str) -> None:
    told = refused("".join(piece.format(number) for number in range(50_000)))

    assert len(told) == LIMIT
    assert told[-2].startswith(what) or told[-1].startswith(what)
    assert "Il peut y en avoir d’autres après : corrigez d’abord ceux-ci." in told


@pytest.mark.parametrize("text", ["k{0}: x\n", HEAD + "  - x\n", "- []\n"])
def test_more_values_than_any_bank_has_are_refused(text: str) -> None:
    head, _, piece = text.rpartition("questions:\n")
    many = "".join(piece.format(number) for number in range(source.MAX_VALUES + 2))

    assert refused(head + ("questions:\n" if head else "") + many) == [
        "Trop de valeurs. Répartissez-les en plusieurs banques."
    ]


QUESTION = "  - {{id: q, topic: a, difficulty: {0}, text: b, answer: c, wrong: d, explanation: e, source: f}}\n"


@pytest.mark.parametrize(
    "number", ["9" * 1_000_000, "1e999999999", "NaN", "inf", "-0", "0x1", "１", "1_0", "²", "1.0.0"]
)
def test_numbers_that_are_none_are_refused(number: str) -> None:
    assert len(refused(HEAD + QUESTION.format(number))) == 1


@pytest.mark.parametrize(
    "number", ["9" * 1_000_000, "1e9", "NaN", "Infinity", "sNaN", "0x1", "1_0"]
)
def test_estimates_that_are_no_numbers_are_refused(number: str) -> None:
    text = QUESTION.replace("answer: c, wrong: d", f"estimate: {number}").format(1)

    assert len(refused(HEAD + text)) == 1


@pytest.mark.parametrize("size", [5_000, 1_000_000])
@pytest.mark.parametrize(
    "place", ["id: q", "topic: a", "text: b", "answer: c", "wrong: d", "source: f"]
)
def test_huge_texts_are_refused(place: str, size: int) -> None:
    key = place.partition(":")[0]

    told = refused(HEAD + QUESTION.format(1).replace(place, f"{key}: {'x' * size}", 1))

    assert len(told) == 1


UNSEEN = st.sampled_from(
    [chr(code) for code in (0, 7, 0x1B, 0x7F, 0x85, 0x9F, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x202A, 0x202E,
                            0x2060, 0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xFFFE, 0xD800, 0xE0001, 0xE0041)]
)  # fmt: skip
SAFE = QUESTION.format(1)


@given(st.integers(0, len(SAFE) - 1), UNSEEN)
@settings(deadline=None, max_examples=200)
def test_unseen_characters_are_refused_wherever_they_stand(place: int, unseen: str) -> None:
    told = refused(HEAD + SAFE[:place] + unseen + SAFE[place:])

    assert told == [f"Caractère invisible U+{ord(unseen):04X}."]


@given(UNSEEN.filter(lambda one: not 0xD800 <= ord(one) < 0xE000))
@settings(deadline=None, max_examples=50)
def test_unseen_characters_are_refused_behind_an_escape(unseen: str) -> None:
    told = refused(HEAD + SAFE.replace("text: b", f'text: "x\\U{ord(unseen):08x}x"'))

    assert told == [f"Ce texte cache le caractère invisible U+{ord(unseen):04X}."]


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: text.encode("utf-16")))
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_checked_or_refused(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    file = tmp_path_factory.mktemp("bytes") / "b.yaml"
    file.write_bytes(body)

    for command in (["check"], ["fmt"], ["fmt", "--check"]):
        answer = CliRunner().invoke(main, ["bank", *command, str(file)])
        assert answer.exit_code == 1
        assert str(file) in answer.output
    assert file.read_bytes() == body


def test_a_folder_or_nothing_is_no_bank(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.yaml"):
        assert CliRunner().invoke(main, ["bank", "check", str(path)]).exit_code == 2


PIECES = st.sampled_from(
    ["[", "]", "{", "}", "- ", ": ", "a", "é", "&a ", "*a", "!x ", "|\n", ">\n", "'", '"', "#", " #", "\n",
     "\n  ", "\t", "---\n", "...\n", "%TAG ! x\n", "? ", "<<: ", "\\", "id: q", "text: b",
     "bank: b\n", "questions:\n", "\r", "\r\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(deadline=None, max_examples=400)
def test_any_heap_of_yaml_is_read_or_refused_and_its_comments_found(text: str) -> None:
    try:
        read = source.read(text, "b.yaml")
    except RefusedError:
        return
    if not read.problems:
        found = comments(text)
        plain = text.removeprefix("\ufeff").splitlines()
        assert all(plain[one.line - 1][one.column - 1 :].startswith("#") for one in found)
        if isinstance(read.value, dict) and read.value:  # a bank has keys
            assert source.read(laid_out(text, read), "b.yaml").value == read.value


@given(
    st.dictionaries(
        st.sampled_from(["text", "answer", "explanation", "source", "topic"]), st.text(max_size=60)
    )
)
@settings(deadline=None, max_examples=200)
def test_rules_have_something_or_nothing_to_say_about_any_words(said: dict[str, str]) -> None:
    question = {"id": "q", "topic": "a", "difficulty": "1", "text": "b", "answer": "c", "wrong": ["d", "e"],
                "explanation": "f", "source": "g", **said}  # fmt: skip
    text = json.dumps({"bank": "b", "title": "t", "questions": [question]}, ensure_ascii=False)
    try:
        found = lint({"b.yaml": text}, date(2026, 11, 28))
    except RefusedError:
        return

    assert all(one.what and one.place.line >= 1 for one in found)
