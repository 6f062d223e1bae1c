"""Questions of GIFT: paragraphs of text with their answers between braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.exam.formats import choices
from quizapp.exam.formats.base import Imported, NotCarriedError
from quizapp.exam.formats.entries import Entry, from_explained, from_labels
from quizapp.exam.formats.intake import Intake, Item, slug
from quizapp.exam.formats.markdown import MAX_TEXT
from quizapp.exam.formats.moodle_text import category_path, said_in
from quizapp.exam.formats.numerals import decimal, part, tolerant
from quizapp.exam.formats.texts import decoded

# What a backslash disarms stands for itself once the structure has been read.
_SIGNS = ":#={}~\n\\"
_HIDDEN = {sign: chr(0xE100 + number) for number, sign in enumerate(_SIGNS)}
_SHOWN = {ord(hidden): sign for sign, hidden in _HIDDEN.items()}
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:[.,]\d+)?)%")
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
_TAG = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.)*)\]")
_FORMS = {"plain": "plain_text", "moodle": "moodle_auto_format"}


def read(raw: bytes, file: str) -> Imported:
    """The bank of a file; ``$CATEGORY`` is the topic, and what stands above it the title."""
    intake = Intake(file)
    text = decoded(raw, file, intake.losses)
    topic, named = "", False
    for line, body, comments in _paragraphs(text):
        if body.startswith("$CATEGORY:"):
            path = category_path(body[10:])
            topic, above = (path[-1][:300] if path else ""), path[:-1]
            if above and not named:
                intake.title, named = above[-1][:300], True
                intake.slug = slug(above[-1]) or intake.slug
            continue
        if found := re.search(r"// banque : ([a-z0-9-]+)", comments):
            intake.slug = found[1]
        if body:
            _read_question(intake, body, _TAG.findall(comments), topic, line)
    for case in set(intake.stimuli) - intake.cases:
        with intake.item(case):
            raise NotCarriedError("un texte sans question n’a pas de place")
    return intake.imported()


def _paragraphs(text: str) -> Iterator[tuple[int, str, str]]:
    """Paragraphs between empty lines: the first line of each, its text, its comments."""
    lines: list[str] = []
    comments: list[str] = []
    first = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip().startswith("//"):
            comments.append(line.strip())
        elif line.strip():
            first = first if lines else number
            lines.append(line.strip())
            if lines[0].startswith("$CATEGORY:"):
                yield first, lines.pop(), ""
        elif lines:
            yield first, "\n".join(lines), "\n".join(comments)
            lines, comments = [], []


def _read_question(
    intake: Intake, body: str, tags: list[tuple[str, str]], topic: str, line: int
) -> None:
    if len(body) > MAX_TEXT:
        with intake.item(body[:60], line=line):
            raise NotCarriedError("son texte est trop long")
        return
    hidden = _hidden(body)
    name = ""
    if found := re.match(r"::(.*?)::", hidden, re.DOTALL):
        name, hidden = found[1].translate(_SHOWN).strip(), hidden[found.end() :].strip()
    with intake.item(name or hidden.translate(_SHOWN), line=line) as item:
        values = [(kind, re.sub(r"\\(.)", r"\1", value).strip()) for kind, value in tags]
        entry: Entry = from_labels(value for kind, value in values if kind == "tag")
        entry |= {
            "id": next((value for kind, value in values if kind == "id"), name),
            "topic": topic,
        }
        start, end = hidden.find("{"), hidden.find("}")
        if start < 0 and end < 0:
            form, text = _form(hidden, "moodle_auto_format")
            intake.stimuli[slug(name) or slug(text)] = said_in(text, form, item.tell)
            return
        if start < 0 or end < start:
            raise NotCarriedError("une accolade manque ou est de trop")
        after = hidden[end + 1 :].strip()
        if "{" in after:
            raise NotCarriedError("elle a plusieurs groupes de réponses entre accolades")
        stem = hidden[:start] + (f"_____ {after}" if after else "")
        form, text = _form(stem.strip(), "moodle_auto_format")
        answers, _, general = hidden[start + 1 : end].partition("####")
        entry["text"] = said_in(text, form, item.tell)
        general_form, general = _form(general.strip(), form)
        entry |= from_explained(said_in(general, general_form, item.tell))
        intake.add({**entry, **_answers(answers.strip(), form, item)}, item)


def _hidden(body: str) -> str:
    """A text whose disarmed signs no longer look like signs; pairs of backslashes go first."""
    body = body.replace("\\\\", _HIDDEN["\\"]).replace("\\n", _HIDDEN["\n"])
    for sign in ":#={}~":
        body = body.replace(f"\\{sign}", _HIDDEN[sign])
    return body


def _form(text: str, default: str) -> tuple[str, str]:
    """The format that a text names, or the one around it; and the text, its signs shown."""
    form = default
    if found := _FORMAT.match(text):
        form, text = _FORMS.get(found[1], found[1]), text[found.end() :]
    return form, text.translate(_SHOWN).strip()


def _answers(text: str, form: str, item: Item) -> Entry:
    if not text:
        return {"rubric": "Le fichier importé ne donne pas de barème."}
    if text.startswith("#"):
        return _number(text[1:], item)
    if "~" in text:
        return _choices(text, form, item)
    if text.startswith("=") and "->" in text:
        return _pairs(text, form, item)
    truth = text.partition("#")[0].strip()
    if truth.upper() in ("T", "TRUE", "F", "FALSE"):
        _comments(text, item)
        return {"true": "yes" if truth.upper().startswith("T") else "no"}
    return _short(text, item)


def _comments(answer: str, item: Item) -> str:
    """An answer without the comment on it, which is told."""
    answer, mark, comment = answer.partition("#")
    if mark and comment.strip(" #\n"):
        item.tell("les commentaires propres à une réponse ne sont pas gardés")
    return answer.strip()


def _choices(text: str, form: str, item: Item) -> Entry:
    found: list[choices.Part] = []
    for answer in re.findall(r"[=~][^=~]*", text):
        bare = _comments(answer[1:], item)
        share = part("100" if answer[0] == "=" else "0")
        if answer[0] == "~" and (weight := _WEIGHT.match(bare)):
            share, bare = part(weight[1]), bare[weight.end() :]
        own, line = _form(bare.strip(), form)
        found.append((said_in(line, own, item.tell, line=True), share))
    single = any(answer.startswith("=") for answer in re.findall(r"[=~]", text))
    return choices.single(found) if single else choices.multiple(found)


def _pairs(text: str, form: str, item: Item) -> Entry:
    pairs, extra = [], []
    for answer in text.split("=")[1:]:
        left, arrow, right = answer.partition("->")
        if not arrow:
            raise NotCarriedError("une ligne à associer n’a pas de « -> »")
        own, line = _form(left.strip(), form)
        shown = right.translate(_SHOWN).strip()
        if line:
            pairs.append((said_in(line, own, item.tell, line=True), shown))
        else:
            extra.append(shown)
    return {**choices.paired(pairs, extra), "scoring": "per-option"}


def _short(text: str, item: Item) -> Entry:
    accept: list[str] = []
    refuse: list[str] = []
    for answer in text.removeprefix("=").split("="):
        bare = _comments(answer, item)
        share = part("100")
        if weight := _WEIGHT.match(bare):
            share, bare = part(weight[1]), bare[weight.end() :]
        _, shown = _form(bare.strip(), "")
        if share not in (0, 1):
            item.tell(f"« {shown[:40]} » ne rapportait qu’une partie des points : laissée de côté")
        elif re.search(r"(?<!\\)\*", shown):
            if shown != "*" or share:
                item.tell(
                    f"« {shown[:40]} » admet n’importe quoi à la place de « * » : laissée de côté"
                )
        else:
            (accept if share else refuse).append(shown.replace("\\*", "*"))
    if not accept:
        raise NotCarriedError("aucune réponse n’est acceptée telle quelle")
    return {"accept": accept, "refuse": refuse, "ignore": ["case"]}


def _number(text: str, item: Item) -> Entry:
    right = []
    text = text.partition("~")[0]
    for answer in text.strip().removeprefix("=").split("="):
        bare = _comments(answer, item)
        share = part("100")
        if weight := _WEIGHT.match(bare):
            share, bare = part(weight[1]), bare[weight.end() :]
        if share not in (0, 1):
            item.tell(
                f"« {bare.strip()[:40]} » ne rapportait qu’une partie des points : laissée de côté"
            )
        elif share:
            low, dots, high = bare.partition("..")
            value, _, tolerance = bare.partition(":")
            if dots:
                least, most = decimal(low), decimal(high)
                right.append(((least + most) / 2, abs(most - least) / 2))
            else:
                right.append((decimal(value), decimal(tolerance or "0")))
    return tolerant(right)
