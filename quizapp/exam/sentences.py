"""What is wrong with an author's file, in French: syntax errors and values that do not fit."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from yaml.error import MarkedYAMLError

from quizapp.exam.problems import Place, Problem

_SYNTAX = (
    ("mapping values are not allowed", "Deux-points inattendus.",
     "Si le texte contient « : », mettez-le tout entier entre guillemets droits \"…\"."),
    ("cannot start any token", "Caractère qui ne peut pas commencer un texte.",
     "Remplacez les tabulations par des espaces et mettez le texte entre guillemets droits \"…\"."),
    ("did not find expected key", "Retrait ou ponctuation inattendus.",
     "Alignez cette clé sur les autres ; un texte qui contient des guillemets se met entre guillemets droits."),
    ("did not find expected '-'", "Un tiret « - » est attendu ici.",
     "Alignez cette question sur les autres."),
    ("did not find expected ',' or ']'", "La liste entre crochets n’est pas fermée.",
     "Ajoutez « ] », ou mettez entre guillemets le choix qui contient une virgule ou un crochet."),
    ("could not find expected ':'", "Il manque « : » après cette clé.",
     "Écrivez « clé: valeur »."),
    ("found unexpected end of stream", "Des guillemets ouverts ne sont jamais fermés.",
     "Fermez-les à la fin du texte."),
    ("found undefined tag handle", "Une étiquette « ! » n’est pas permise.",
     "Mettez le texte entre guillemets droits."),
    ("found undefined alias", "Un renvoi « * » n’est pas permis.",
     "Mettez le texte entre guillemets droits."),
    ("found a tab character", "Tabulation dans le retrait.", "Remplacez-la par des espaces."),
    ("exceeded maximum nesting depth", "Trop de niveaux imbriqués.",
     "Fermez les crochets et les accolades ; une banque en a rarement plus de trois niveaux."),
)  # fmt: skip


def syntax(error: MarkedYAMLError, file: str) -> Problem:
    """A syntax error with its place, and how to mend it."""
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    words = f"{error.context or ''} {error.problem or ''}"
    for known, what, mend in _SYNTAX:
        if known in words:
            return Problem(place, what, mend)
    return Problem(
        place,
        "Ce passage n’est pas du YAML valide.",
        "Vérifiez les retraits, les guillemets et les deux-points de cette ligne et de la précédente.",
    )


_TOLD = {
    "missing": ("Il manque la clé « {key} ».", "Ajoutez « {key}: … »."),
    "extra_forbidden": ("La clé « {key} » n’existe pas.", "Clés possibles : {keys}."),
    "string_type": ("Un texte est attendu pour « {key} ».", "Écrivez « {key}: votre texte »."),
    "list_type": (
        "Une liste est attendue pour « {key} ».",
        "Écrivez « {key}: [un, deux, trois] ».",
    ),
    "tuple_type": (
        "Une liste est attendue pour « {key} ».",
        "Écrivez « {key}: [un, deux, trois] ».",
    ),
    "string_too_short": ("Le texte de « {key} » est vide.", "Complétez-le ou retirez la clé."),
    "string_too_long": (
        "Le texte de « {key} » est trop long ({max_length} caractères au plus).",
        "Raccourcissez-le.",
    ),
    "int_parsing": ("« {input} » n’est pas un nombre entier.", "Écrivez par exemple « {key}: 2 »."),
    "decimal_parsing": ("« {input} » n’est pas un nombre.", "Écrivez par exemple « {key}: 12.5 »."),
    "date_from_datetime_parsing": (
        "« {input} » n’est pas une date.",
        "Écrivez l’année, le mois et le jour : « {key}: 2027-12-31 ».",
    ),
    "date_parsing": (
        "« {input} » n’est pas une date.",
        "Écrivez l’année, le mois et le jour : « {key}: 2027-12-31 ».",
    ),
    "literal_error": ("« {input} » n’est pas une valeur de « {key} ».", "Choix : {expected}."),
    "enum": ("« {input} » n’est pas une valeur de « {key} ».", "Choix : {expected}."),
    "greater_than_equal": ("« {input} » est trop petit : au moins {ge}.", ""),
    "less_than_equal": ("« {input} » est trop grand : au plus {le}.", ""),
    "greater_than": ("« {input} » est trop petit : plus de {gt}.", ""),
    "too_short": ("« {key} » contient trop peu d’éléments : au moins {min_length}.", ""),
    "too_long": ("« {key} » contient trop d’éléments : au plus {max_length}.", ""),
    "string_pattern_mismatch": (
        "« {input} » n’est pas un identifiant.",
        "Lettres minuscules sans accent, chiffres et tirets, par exemple « cg-geo-001 ».",
    ),
    "model_type": ("Des clés et des valeurs sont attendues ici.", "Écrivez « clé: valeur »."),
    "dict_type": ("Des clés et des valeurs sont attendues ici.", "Écrivez « clé: valeur »."),
}


def told(details: Any, model: type[BaseModel]) -> tuple[str, str]:
    """A validation error as a French sentence and its mend."""
    if details["type"] == "value_error":
        what, _, mend = str(details["ctx"]["error"]).partition("|")
        return what, mend.strip()
    words = {
        "key": next((step for step in reversed(details["loc"]) if isinstance(step, str)), ""),
        "keys": ", ".join(field.alias or name for name, field in model.model_fields.items()),
        "input": str(details["input"])[:60],
        **details.get("ctx", {}),
    }
    what, mend = _TOLD.get(details["type"], ("La valeur de « {key} » n’est pas valable.", ""))
    return what.format_map(words), mend.format_map(words)
