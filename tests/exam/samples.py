"""Questions, banks and editions for the tests, each with one thing at a time said otherwise."""

from quizapp.exam.bank import Bank
from quizapp.exam.questions.choice import Multiple, Single
from quizapp.exam.questions.estimate import Estimate

COMMON = {
    "id": "cg-geo-001",
    "topic": "Géographie",
    "difficulty": "2",
    "text": "Quelle est la capitale de la **Norvège** ?",
    "explanation": "EXPLICATION",
    "source": "Atlas",
}


def single(**keys):
    """One right choice, three wrong ones."""
    wrong = ["Bergen", "Bodø", "Aucune des trois"]
    return Single(**{**COMMON, "answer": "Oslo", "wrong": wrong, **keys})


def multiple(**keys):
    """Two right choices, two wrong ones."""
    return Multiple(**{**COMMON, "answers": ["2", "3"], "wrong": ["4", "6"], **keys})


def estimate(**keys):
    """The height of a tower."""
    return Estimate(**{**COMMON, "estimate": "324", "unit": "m", **keys})


def stocked(cells, slug="culture"):
    """A bank with so many questions of each topic and difficulty: ``{("Arts", 1): 2}``."""
    questions = [
        single(id=f"q-{place}-{number}", topic=topic, difficulty=degree)
        for place, ((topic, degree), count) in enumerate(cells.items())
        for number in range(count)
    ]
    return Bank(slug, slug.title(), tuple(questions))
