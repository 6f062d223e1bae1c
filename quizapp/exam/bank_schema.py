"""The JSON Schema of a bank file, so that editors complete and check while one types.

It is made from the models and the register of types. Editors guess types that the strict loader
does not: to them ``wrong: [1985, 1987]`` holds numbers. So wherever a text is meant, the schema takes
what an editor may read there; what it cannot say (choices that differ) is left to ``bank check``.
"""

from __future__ import annotations

from typing import Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema

from quizapp.exam.bank import _Head as Head
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
    "unit": "L’unité, affichée après le champ.",
}


def schema() -> dict[str, Any]:
    """The schema of a whole bank file."""
    models = [(model, "validation") for model in TYPES.values()]
    refs, made = models_json_schema(models, ref_template="#/definitions/{model}")  # type: ignore[arg-type]
    parts = {name: _as_read(part) for name, part in made.get("$defs", {}).items()}
    names = []
    for kind, model in TYPES.items():
        ref = refs[model, "validation"]["$ref"]
        part = parts[ref.rpartition("/")[2]]
        part["properties"]["type"] = {"const": kind}
        for name, field in model.model_fields.items():
            key = field.alias or name
            said = part["properties"][key]
            if _takes_text(field) and (said.get("type") in ("array", "object") or "$ref" in said):
                part["properties"][key] = {"anyOf": [_text(), said]}
            if key in _TOLD:
                part["properties"][key]["description"] = _TOLD[key]
        names.append({"$ref": ref})
    head = _as_read(Head.model_json_schema())
    head["properties"]["questions"] = {"type": "array", "minItems": 1, "items": {"anyOf": names}}
    for key, part in head["properties"].items():
        if key in _TOLD:
            part["description"] = _TOLD[key]
    parts.update(head.pop("$defs", {}))
    return {
        "$schema": _DIALECT,
        **head,
        "title": "Banque de questions de quizapp",
        "definitions": dict(sorted(parts.items())),
    }


def _takes_text(field: FieldInfo) -> bool:
    """Whether what an author writes is changed before it is checked, as one text to a list."""
    return any(isinstance(part, BeforeValidator) for part in field.metadata)


def _text() -> dict[str, Any]:
    return {"type": ["string", "number", "boolean"], "minLength": 1}


def _as_read(part: Any) -> Any:
    """A part of a model's schema, with everything allowed that an editor may read for a text."""
    if isinstance(part, list):
        return [_as_read(one) for one in part]
    if not isinstance(part, dict):
        return part
    kind = part.get("type")
    read: dict[str, Any] = {}
    for key, value in part.items():
        if key in ("properties", "$defs"):
            read[key] = {name: _as_read(one) for name, one in value.items()}
        elif key not in _DROPPED:
            read[_LIMITS.get((str(kind), key), str(key))] = _as_read(value)
    if part.get("format") == "date":
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
    if kind == "string" and "const" not in read and "enum" not in read:
        read["type"] = ["string", "number", "boolean"]
    elif kind in ("integer", "number"):
        read["type"] = [kind, "string"]
    return _one_of(read) if "anyOf" in read else read


_DROPPED = {"title", "default", "description"}
# Limits that pydantic states in its own words where a value is changed before it is checked.
_LIMITS = {
    ("integer", "ge"): "minimum",
    ("integer", "le"): "maximum",
    ("number", "ge"): "minimum",
    ("number", "le"): "maximum",
    ("array", "minLength"): "minItems",
    ("array", "maxLength"): "maxItems",
}


def _one_of(read: dict[str, Any]) -> dict[str, Any]:
    """Alternatives without null, which no author writes, and without the patterns of decimals."""
    options = [one for one in read["anyOf"] if one.get("type") != "null"]
    if any(one.get("type") == ["number", "string"] for one in options):
        options = [{"type": ["number", "string"]}]  # also with a comma
    rest = {key: value for key, value in read.items() if key != "anyOf"}
    return {**rest, **options[0]} if len(options) == 1 else {**rest, "anyOf": options}
