"""The JSON Schema of a bank file, so that editors complete and check while one types.

It is made from the models and the register of types. Editors guess types that the strict loader
does not: to them ``wrong: [1985, 1987]`` holds numbers. So wherever a text is meant, the schema takes
what an editor may read there; what it cannot say (choices that differ) is left to ``bank check``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from quizapp.exam.bank import Head
from quizapp.exam.cases import SHARED, Case
from quizapp.exam.questions.base import TYPES

_DIALECT = "http://json-schema.org/draft-07/schema#"  # the one that editors know best
_TOLD = {
    "bank": "Le nom de la banque : minuscules sans accent, chiffres et tirets.",
    "title": "Le titre de la banque, tel qu’on le lit à l’écran.",
    "questions": "Les questions, chacune commencée par un tiret.",
    "id": "Unique dans la banque : minuscules sans accent, chiffres et tirets.",
    "type": "Le type de la question ; il se déduit des autres clés.",
    "topic": "Le thème, tel que le plan d’épreuve le nomme.",
    "difficulty": "1 facile, 2 moyenne, 3 difficile.",
    "text": "L’énoncé ; le Markdown simple est permis.",
    "explanation": "Pourquoi c’est juste.",
    "source": "Où on peut le vérifier.",
    "true_until": "La date (2027-12-31) après laquelle la réponse n’est plus sûre.",
    "answer": "La bonne réponse.",
    "answers": "Les bonnes réponses : il faut exactement celles-là.",
    "wrong": "Les mauvais choix.",
    "last": "Le choix qui reste à la fin quand les choix sont mélangés.",
    "estimate": "La vraie valeur du nombre à estimer.",
    "parts": "Les questions du cas, chacune avec sa réponse et son explication.",
    "weight": "Le nombre de points ; 1 si la clé manque.",
    "scoring": "La règle de notation, ou son seul nom.",
    "tags": "Des mots par lesquels un plan d’épreuve peut choisir.",
    "exclude": "Des mots : deux questions qui en partagent un ne tombent jamais ensemble.",
    "unit": "L’unité, affichée après le champ.",
}


_DROPPED = {"title", "default", "description"}
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
# Limits that pydantic states in its own words where a value is changed before it is checked.
_LIMITS = {
    ("array", "minLength"): "minItems",
    ("array", "maxLength"): "maxItems",
    ("ge",): "minimum",
    ("le",): "maximum",
}


class _Written(GenerateJsonSchema):
    """The schema of what an author writes, where a model changes it before it checks it."""

    def function_before_schema(self, schema: Any) -> dict[str, Any]:
        """One text for a list, yes or no for a truth, a text or several for an object."""
        read = super().function_before_schema(schema)
        kind = read.get("type")
        if kind == "array":
            return {"anyOf": [{"type": "string"}, read]}
        if kind == "boolean":
            return {"anyOf": [read, {"type": "string", "enum": ["yes", "no"]}]}
        if kind == "object" or "$ref" in read:
            texts = {"type": "array", "items": {"type": "string"}}
            return {"anyOf": [read, {"type": "string"}, texts]}
        return read


def schema() -> dict[str, Any]:
    """The schema of a whole bank file."""
    models: list[type[BaseModel]] = [*TYPES.values(), Case, Head]
    refs, made = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/definitions/{model}",
        schema_generator=_Written,
    )
    parts = {name: _as_read(part) for name, part in made["$defs"].items()}
    names = {model: refs[model, "validation"]["$ref"].rpartition("/")[2] for model in models}
    head = parts.pop(names[Head])
    for kind, model in TYPES.items():
        parts[names[model]]["properties"]["type"] = {"const": kind}
    for part in (head, *(parts[name] for model, name in names.items() if model is not Head)):
        for key in part["properties"].keys() & _TOLD.keys():
            part["properties"][key]["description"] = _TOLD[key]
    whole = [names[model] for model in TYPES.values()]
    parts.update({f"{name}InCase": _in_case(parts[name]) for name in whole})
    case = parts[names[Case]]["properties"]
    case["parts"] = {**case["parts"], "items": _any_of(f"{name}InCase" for name in whole)}
    questions = {"type": "array", "minItems": 1, "items": _any_of([*whole, names[Case]])}
    head["properties"]["questions"].update(questions)
    return {
        "$schema": _DIALECT,
        **head,
        "title": "Banque de questions de quizapp",
        "definitions": dict(sorted(parts.items())),
    }


def _any_of(names: Iterable[str]) -> dict[str, Any]:
    return {"anyOf": [{"$ref": f"#/definitions/{name}"} for name in names]}


def _in_case(part: dict[str, Any]) -> dict[str, Any]:
    """A question as one part of a case, which says for it what they share, and may say its source."""
    said = {key: one for key, one in part["properties"].items() if key not in SHARED}
    required = [key for key in part["required"] if key not in (*SHARED, "source")]
    return {**part, "properties": said, "required": required}


def _as_read(part: Any) -> Any:
    """A part of a model's schema, with everything allowed that an editor may read for a text."""
    if isinstance(part, list):
        return [_as_read(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") == "date":
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
    kind = part.get("type")
    read: dict[str, Any] = {}
    for key, value in part.items():
        if key in ("properties", "$defs"):
            read[key] = {name: _as_read(one) for name, one in value.items()}
        elif key not in _DROPPED:
            read[_LIMITS.get((str(kind), key)) or _LIMITS.get((key,)) or str(key)] = _as_read(value)
    if kind == "string" and "const" not in read and "enum" not in read:
        read.update(_TEXT)
    elif kind in ("integer", "number"):
        read["type"] = [kind, "string"]
    return _one_of(read) if "anyOf" in read else read


def _one_of(read: dict[str, Any]) -> dict[str, Any]:
    """Alternatives without null, which no author writes, and without the patterns of decimals."""
    options = [one for one in read["anyOf"] if one.get("type") != "null"]
    if any(one.get("type") == ["number", "string"] for one in options):
        options = [{"type": ["number", "string"]}]  # also with a comma
    limits = {_LIMITS[key]: read[key[1]] for key in _LIMITS if key[0] == "array" and key[1] in read}
    options = [{**one, **limits} if one.get("type") == "array" else one for one in options]
    moved = {"anyOf", "minLength", "maxLength"} if limits else {"anyOf"}
    rest = {key: value for key, value in read.items() if key not in moved}
    return {**rest, **options[0]} if len(options) == 1 else {**rest, "anyOf": options}
