"""The receipt file of a paper: whatever is changed in it is named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import chain, codes, receipts, signing
from quizapp.exam.receipt_file import RULE, FinalReceipt, code, verify_file, write
from quizapp.exam.receipts import Receipt
from quizapp.exam.signing import SigningKey
from tests.exam.test_receipts import CANDIDATE, KEY, KEYS, NOON, STAGE

HEAD = "REÇU DE COPIE\n\nPremier tour\nCandidat 000123"
# Item, version, response: question 2 changes twice, question 3 is taken back.
GIVEN = [(1, 1, "0"), (2, 1, "1"), (2, 2, "0,2"), (3, 1, "12.5"), (3, 2, None), (2, 3, "3")]


def chained(given, *, stage=STAGE, candidate=CANDIDATE) -> tuple[Receipt, ...]:
    """The chain of these versions, a second apart."""
    links: list[Receipt] = []
    previous = receipts.first_link(stage, candidate)
    for n, (item, seq, response) in enumerate(given, 1):
        links.append(
            Receipt(
                stage,
                candidate,
                n=n,
                item=item,
                seq=seq,
                flagged=False,
                at=NOON + timedelta(seconds=n),
                answer=receipts.fingerprint(response),
                previous=previous,
            )
        )
        previous = links[-1].link
    return tuple(links)


PAPER = FinalReceipt(STAGE, CANDIDATE, NOON + timedelta(minutes=20), chained(GIVEN))
FILE = write(PAPER, KEY, head=HEAD)
LINES = FILE.split("\n")
FIRST = next(place for place, line in enumerate(LINES) if line.startswith("1: "))


def problems(text: str) -> tuple[str, ...]:
    """What is said of a file."""
    return verify_file(text, KEYS).problems


def test_file_reads_as_it_was_written():
    verdict = verify_file(FILE, KEYS)

    assert (verdict.problems, verdict.says, verdict.authentic) == ((), PAPER, True)
    assert FILE.startswith(f"{HEAD}\n\n{RULE}\n")


def test_empty_paper_has_a_receipt_too():
    nothing = FinalReceipt(STAGE, CANDIDATE, NOON, ())
    verdict = verify_file(write(nothing, KEY, head=""), KEYS)

    assert (verdict.problems, verdict.says, nothing.answered) == ((), nothing, 0)


def test_code_is_one_that_anyone_computes_from_the_file():
    last = FILE.split("dernier-maillon: ")[1].split("\n")[0]
    bits = hashlib.sha256(f"{last}\n2026-11-28T11:20:00.000000Z".encode()).digest()

    assert PAPER.code == code(last, PAPER.handed_in_at) == codes.encode(bits, 12)
    assert f"\ncode: {codes.grouped(PAPER.code)}\n" in FILE


def test_only_the_last_version_in_time_counts():
    late = replace(PAPER, late=frozenset({6}))
    taken_back = replace(PAPER, chain=chained([*GIVEN, (1, 2, None)]))

    assert (PAPER.answered, late.answered, taken_back.answered) == (2, 2, 1)
    assert replace(PAPER, late=frozenset({2, 3, 6})).answered == 1
    assert verify_file(write(late, KEY, head=HEAD), KEYS).says == late


def test_delivery_out_of_order_does_not_decide_which_version_counts():
    paper = replace(PAPER, chain=chained([(1, 2, None), (1, 1, "0")]))

    assert paper.answered == 0


@given(st.data())
@settings(deadline=None, max_examples=400)
def test_any_changed_character_is_told(data):
    place = data.draw(st.integers(0, len(FILE.rstrip()) - 1))
    letters = st.one_of(st.characters(), st.sampled_from("aZ09-_.: \n"), st.just(""))
    letter = data.draw(letters.filter(lambda one: one != FILE[place]))

    changed = FILE[:place] + letter + FILE[place + 1 :]

    assert problems(changed) != ()


@given(st.text())
@settings(deadline=None, max_examples=100)
def test_any_text_is_told_to_be_no_receipt(text):
    assert problems(text) == ("Ce fichier n’est pas un reçu de copie, ou il n’est pas entier.",)


@pytest.mark.parametrize(
    "reach",
    [lambda text: text.replace("\n", "\r\n"), lambda text: f"\ufeff{text}\r\n\n ", str.strip],
)
def test_line_ends_of_another_system_change_nothing(reach):
    assert problems(reach(FILE)) == ()


SIGNATURE = "Signature du fichier : La signature ne correspond pas au contenu : il a été modifié."


def lines_with(change) -> str:
    """The file with its list of lines changed."""
    lines = list(LINES)
    change(lines)
    return "\n".join(lines)


def swap(lines):
    lines[FIRST + 2], lines[FIRST + 3] = lines[FIRST + 3], lines[FIRST + 2]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: lines.pop(FIRST + 2), "Il manque le maillon 3."),
        (lambda lines: lines.pop(FIRST + 5), "Il manque le maillon 6."),
        (
            lambda lines: lines.__delitem__(slice(FIRST + 1, FIRST + 4)),
            "Il manque les maillons 2 à 4.",
        ),
        (lambda lines: lines.insert(FIRST, lines[FIRST]), "Le maillon 1 figure 2 fois."),
        (swap, "Le maillon 3 est rangé après le maillon 4."),
        (lambda lines: lines.__setitem__(0, "REÇU"), "Le texte de présentation, en haut du fichier,"),
        (
            lambda lines: lines.__setitem__(FIRST + 1, lines[FIRST + 1].replace(".", ".A", 2)),
            "Maillon 2 : ",
        ),
        (
            lambda lines: lines.__setitem__(FIRST + 1, lines[FIRST].replace("1: ", "2: ", 1)),
            "Maillon 2 : sa ligne porte le numéro d’un autre, 1.",
        ),
    ],
)  # fmt: skip
def test_chain_that_was_touched_is_told_and_where(change, told):
    found = problems(lines_with(change))

    assert any(problem.startswith(told) for problem in found), found
    if not told.startswith("Le texte"):
        assert SIGNATURE in found


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("etape", "rc-2026/finale", "Le maillon 1 est celui d’une autre copie"),
        ("candidat", "000124", "Le maillon 6 est celui d’une autre copie"),
        ("remise", "2026-13-28T11:20:00.000000Z", "Signature du fichier"),
        ("remise", "2026-11-28T11:20:00.000001Z", "Le code n’est pas celui de la chaîne."),
        ("reponses", "3", "Le nombre de réponses n’est pas celui de la chaîne."),
        ("hors-delai", "2,3,6", "Le nombre de réponses n’est pas celui de la chaîne."),
        ("dernier-maillon", "0" * 64, "Le dernier maillon n’est pas celui de la chaîne."),
        ("code", "0000-0000-0000", "Le code n’est pas celui de la chaîne."),
        ("maillons", "7", "Il manque le maillon 7."),
        ("maillons", "5", "Le nombre de maillons n’est pas celui de la chaîne."),
        ("format", "quizapp-copie-2", "La ligne « format » manque ou a été modifiée."),
        ("cle", "00000000", "Signature du fichier : La clé « 00000000 » n’est pas une clé"),
        ("signature", "é", "La signature du fichier est illisible."),
    ],
)
def test_line_that_was_touched_is_named(name, value, told):
    place = next(place for place, line in enumerate(LINES) if line.startswith(f"{name}: "))

    found = problems(lines_with(lambda lines: lines.__setitem__(place, f"{name}: {value}")))

    assert any(problem.startswith(told) for problem in found), found
    assert any("ignature" in problem for problem in found), found


def test_file_of_another_server_is_refused_link_by_link():
    stranger = SigningKey.of(b"\2" * 32, NOON)

    found = problems(write(PAPER, stranger, head=HEAD))

    assert len(found) == len(GIVEN) + 1
    assert all(f"La clé « {stranger.id} » n’est pas une clé de ce serveur." in one for one in found)


def test_files_of_an_old_and_of_a_new_key_are_authentic():
    newer = SigningKey.of(b"\1" * 32, NOON)
    keys = {**KEYS, newer.id: newer.public}

    assert verify_file(FILE, keys).authentic
    assert verify_file(write(PAPER, newer, head=HEAD), keys).authentic


def test_links_signed_apart_are_not_a_chain():
    other = chained([(1, 1, "9"), *GIVEN[1:]])
    mixed = (PAPER.chain[0], *other[1:])

    assert chain.broken(STAGE, CANDIDATE, mixed) == [
        "Le maillon 2 ne tient pas au maillon 1 : l’un des deux a changé."
    ]
    assert chain.broken(STAGE, CANDIDATE, [replace(PAPER.chain[0], previous="0" * 64)]) == [
        "Le maillon 1 ne commence pas la chaîne de cette copie."
    ]
    assert chain.broken(STAGE, CANDIDATE, PAPER.chain) == []


def test_file_signed_for_another_purpose_is_refused():
    body = "\n".join(LINES[LINES.index(RULE) + 1 : -2])
    bare = signing.to_base64(KEY.sign(hashlib.sha256(body.encode()).hexdigest().encode()))

    assert problems("\n".join([*LINES[:-2], f"signature: {bare}"])) == (SIGNATURE,)
