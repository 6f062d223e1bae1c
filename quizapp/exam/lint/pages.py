"""The rules as a page for authors, and their examples as whole banks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, islice

from quizapp.exam.lint.linting import SUBJECTS
from quizapp.exam.lint.rules import RULES, Example, Rule

_HEADINGS = {
    "silences": "Silences",
    "giveaways": "Ce qui trahit la bonne réponse",
    "wording": "L’énoncé et les choix",
    "slips": "Ce que le fichier fait lire autrement",
    "typography": "La typographie",
    "content": "L’explication, la source, l’âge, les images",
    "balance": "La banque entière",
    "twins": "Les doublons",
}
_FILLED = {
    "id": "q-{number}",
    "topic": "accueil",
    "difficulty": "2",
    "text": "Que dit-on d’abord à un client qui appelle ?",
    "explanation": "Les usages du métier le montrent depuis longtemps.",
    "source": "AFNOR, NF Service « Centre de relation client »",
}


def banks(example: Example) -> list[str]:
    """The example as the text of whole banks: what it leaves out is filled in."""
    return [
        f"bank: exemple-{number}\ntitle: Exemple\nquestions:\n"
        + "\n".join(_filled(example, part, number * 1000))
        for number, part in enumerate(example.text.split("---\n"))
    ]


def _filled(example: Example, text: str, first: int) -> Iterator[str]:
    parts = re.split(r"^(?=- )", text, flags=re.MULTILINE)
    above, questions = parts[0], parts[1:]
    times = example.times if example.times > 1 else len(questions)
    yield above.rstrip()
    for number, question in enumerate(islice(cycle(questions), times), start=first):
        yield question.rstrip()
        for key, value in _FILLED.items():
            if not re.search(rf"^(?:- |  ){key}:", question, re.MULTILINE):
                yield f"  {key}: {value.format(number=number)}"
        if not re.search(r"^(?:- |  )(?:answers?|estimate|survey):", question, re.MULTILINE):
            yield "  answer: Bonjour\n  wrong: [Allô, Oui]"


def page() -> str:
    """All rules, as Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield "# Les règles de « bank check »\n"
    yield (
        "Cette page est écrite par `quizapp bank rules --markdown` : ne la corrigez pas à la main.\n\n"
        "Une **erreur** est sûre et fait échouer la commande ; une **alerte** est presque toujours un défaut ;"
        " un **conseil** se lit et se discute. Avec `--strict`, les trois font échouer.\n\n"
        "Une règle se tait pour une question par un commentaire qui dit pourquoi, dans la question ou juste"
        " au-dessus :\n\n"
        "```yaml\n  # lint: QA101 parce que la formule légale ne peut pas être abrégée\n```\n\n"
        "Au-dessus de `questions:`, il vaut pour les règles sur la banque entière.\n"
    )
    yield "| code | règle | gravité |\n|---|---|---|"
    for rule in sorted(RULES.values(), key=lambda rule: rule.code):
        yield f"| [{rule.code}](#{rule.code.lower()}) | {rule.title} | {rule.severity.word} |"
    for subject in SUBJECTS:
        name = subject.__name__.rpartition(".")[2]
        yield f"\n## {_HEADINGS[name]}"
        for rule in RULES.values():
            if rule.subject == name:
                yield explained(rule)


def explained(rule: Rule) -> str:
    """One rule, as Markdown."""
    literature = f"\n\n*{rule.literature}*" if rule.literature else ""
    return (
        f'\n<a id="{rule.code.lower()}"></a>\n'
        f"### {rule.code} {rule.title}\n\n**{rule.severity.word.capitalize()}.** {rule.why}{literature}\n\n"
        f"{_shown(rule.bad, 'Nommé')}\n{_shown(rule.good, 'Bien')}"
    )


def plain(rule: Rule) -> str:
    """One rule, for a terminal."""
    parts = [f"{rule.code} ({rule.severity.word}) : {rule.title}", rule.why]
    parts += [rule.literature] if rule.literature else []
    for word, example in (("Nommé", rule.bad), ("Bien", rule.good)):
        times = f", sur {example.times} questions de cette forme" if example.times > 1 else ""
        parts.append(f"{word}{times} :\n{example.text.rstrip()}")
    return "\n\n".join(parts)


def _shown(example: Example, word: str) -> str:
    times = f", sur {example.times} questions de cette forme" if example.times > 1 else ""
    return f"{word}{times} :\n\n```yaml\n{example.text}```\n"
