"""The receipt of a paper handed in: a file to keep, and what anybody can verify in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.exam import chain, codes, receipts
from quizapp.exam.receipts import Receipt, instant
from quizapp.exam.signing import (
    MalformedError,
    ProofError,
    PublicKeys,
    SigningKey,
    from_base64,
    to_base64,
    verify,
)

FORMAT = "quizapp-copie-1"
RULE = "----- partie vérifiable, à ne pas modifier -----"
_SIGNED = b"quizapp receipt file 1\n"
_FIELDS = {
    "format": FORMAT,
    "presentation": "[0-9a-f]{64}",
    "etape": r"[^|\s]+",
    "candidat": r"[^|\s]+",
    "remise": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "reponses": r"0|[1-9]\d{0,5}",
    "hors-delai": r"-|[1-9]\d{0,5}(,[1-9]\d{0,5})*",
    "dernier-maillon": "[0-9a-f]{64}",
    "code": r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}",
    "maillons": r"0|[1-9]\d{0,5}",
}


@dataclass(frozen=True, slots=True)
class FinalReceipt:
    """A paper handed in: its whole chain, and which links came too late to count."""

    stage: str
    candidate: str
    handed_in_at: datetime
    chain: tuple[Receipt, ...]
    late: frozenset[int] = frozenset()

    @property
    def last_link(self) -> str:
        """The link that stands for the whole chain."""
        return (
            self.chain[-1].link if self.chain else receipts.first_link(self.stage, self.candidate)
        )

    @property
    def answered(self) -> int:
        """How many questions have an answer that counts: the highest ``seq``, unless taken back."""
        counting = sorted(
            (one for one in self.chain if one.n not in self.late), key=lambda r: r.seq
        )
        return sum(
            answer != receipts.NONE
            for answer in {one.item: one.answer for one in counting}.values()
        )

    @property
    def code(self) -> str:
        """The short code to note down."""
        return code(self.last_link, self.handed_in_at)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt file is worth: every problem in French, and what it says if it can be read."""

    problems: tuple[str, ...]
    says: FinalReceipt | None

    @property
    def authentic(self) -> bool:
        """Whether the server wrote exactly this."""
        return not self.problems


def code(last_link: str, handed_in_at: datetime) -> str:
    """The code of a paper: 60 bits of the SHA-256 of its last link, a line feed and its instant."""
    text = f"{last_link}\n{instant(handed_in_at)}"
    return codes.encode(hashlib.sha256(text.encode()).digest(), 12)


def write(says: FinalReceipt, key: SigningKey, *, head: str) -> str:
    """The receipt file: ``head`` for people, then what a program verifies, signed."""
    head = _clean(head)
    lines = [
        f"format: {FORMAT}",
        f"presentation: {_hash(head)}",
        f"etape: {says.stage}",
        f"candidat: {says.candidate}",
        f"remise: {instant(says.handed_in_at)}",
        f"reponses: {says.answered}",
        f"hors-delai: {','.join(map(str, sorted(says.late))) or '-'}",
        f"dernier-maillon: {says.last_link}",
        f"code: {codes.grouped(says.code)}",
        f"maillons: {len(says.chain)}",
        *(f"{receipt.n}: {receipts.sign(receipt, key)}" for receipt in says.chain),
        f"cle: {key.id}",
    ]
    signature = to_base64(key.sign(_message(lines)))
    return "\n".join([head, "", RULE, *lines, f"signature: {signature}", ""])


def verify_file(text: str, keys: PublicKeys) -> Verdict:
    """Whether this server wrote the file, and everything in it that is not as it was written."""
    head, rule, body = _clean(text).partition(f"\n\n{RULE}\n")
    lines = body.split("\n")
    if not rule or len(lines) < len(_FIELDS) + 2:
        return Verdict(("Ce fichier n’est pas un reçu de copie, ou il n’est pas entier.",), None)
    fields, problems = _fields(lines[: len(_FIELDS)])
    if fields.get("presentation", _hash(head)) != _hash(head):
        problems.append("Le texte de présentation, en haut du fichier, a été modifié.")
    links, unreadable, wrong = _links(lines[len(_FIELDS) : -2], keys)
    problems += wrong
    says = _says(fields, links)
    if says is not None:
        upto = int(fields.get("maillons", 0))
        problems += chain.broken(
            says.stage, says.candidate, links, upto=upto, unreadable=unreadable
        )
        if not unreadable:
            problems += _unlike(fields, says)
    problems += _signature(lines, keys)
    return Verdict(tuple(problems), says)


def _clean(text: str) -> str:
    """The text as it was written, whatever a mail program or an editor did to its line ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _message(lines: Sequence[str]) -> bytes:
    return _SIGNED + _hash("\n".join(lines)).encode()


def _fields(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The named lines that read as they should, and a problem for each of the others."""
    found, problems = {}, []
    for (name, form), line in zip(_FIELDS.items(), lines, strict=True):
        value = line.removeprefix(f"{name}: ")
        if value == line or not re.fullmatch(form, value, re.ASCII):
            problems.append(f"La ligne « {name} » manque ou a été modifiée.")
        else:
            found[name] = value
    return found, problems


def _links(lines: Sequence[str], keys: PublicKeys) -> tuple[list[Receipt], list[int], list[str]]:
    """The receipts of the chain, the numbers of those that prove nothing, and why."""
    found, unreadable, problems = [], [], []
    for place, line in enumerate(lines, 1):
        label, _colon, token = line.partition(": ")
        number = int(label) if re.fullmatch(r"[1-9]\d{0,5}", label, re.ASCII) else place
        try:
            receipt = receipts.check(token, keys)
            if label != str(receipt.n):
                raise MalformedError(f"sa ligne porte le numéro d’un autre, {receipt.n}.")
            found.append(receipt)
        except ProofError as error:
            unreadable.append(number)
            problems.append(f"Maillon {number} : {error}")
    return found, unreadable, problems


def _says(fields: dict[str, str], links: Sequence[Receipt]) -> FinalReceipt | None:
    late = fields.get("hors-delai", "-")
    try:
        return FinalReceipt(
            stage=fields["etape"],
            candidate=fields["candidat"],
            handed_in_at=datetime.fromisoformat(fields["remise"]),
            chain=tuple(links),
            late=frozenset(map(int, late.split(","))) if late != "-" else frozenset(),
        )
    except (KeyError, ValueError):
        return None


def _unlike(fields: dict[str, str], says: FinalReceipt) -> list[str]:
    """What the file announces and its chain does not bear out."""
    borne_out = {
        "reponses": ("Le nombre de réponses", str(says.answered)),
        "dernier-maillon": ("Le dernier maillon", says.last_link),
        "code": ("Le code", codes.grouped(says.code)),
        "maillons": ("Le nombre de maillons", str(len(says.chain))),
    }
    return [
        f"{what} n’est pas celui de la chaîne."
        for name, (what, value) in borne_out.items()
        if fields.get(name, value) != value
    ]


def _signature(lines: Sequence[str], keys: PublicKeys) -> list[str]:
    *signed, last = lines
    key, signature = signed[-1].removeprefix("cle: "), last.removeprefix("signature: ")
    if signed[-1] == key or last == signature:
        return [
            "Les deux dernières lignes, « cle » et « signature », manquent ou ont été modifiées."
        ]
    try:
        verify(keys, key, from_base64(signature), _message(signed))
    except ProofError as error:
        return [f"Signature du fichier : {error}"]
    except ValueError:
        return ["La signature du fichier est illisible."]
    return []
