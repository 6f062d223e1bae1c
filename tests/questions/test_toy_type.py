"""A new type is one module and one template, and nothing else."""

import re

import pytest
from flask import render_template_string
from jinja2 import ChoiceLoader, DictLoader

from quizapp.exam import bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.grading import Verdict, grade
from quizapp.exam.paper import draw
from quizapp.exam.questions import base
from quizapp.exam.questions.base import Question, register
from quizapp.exam.questions.shown import Shown

BANK = """
bank: culture-generale
title: Saisons
questions:
  - id: saison
    topic: thème
    difficulty: 1
    text: Quand les feuilles tombent-elles ?
    season: automne
    explanation: Parce que.
    source: Un almanach
"""
TEMPLATE = """
{% macro play(item) %}<input name="answer-{{ item.number }}" value="{{ item.question.body }}">{% endmacro %}
{% macro review(reviewed) %}<p>{{ reviewed.told }} / {{ reviewed.told_key }}</p>{% endmacro %}
"""


@pytest.fixture
def season(app, monkeypatch):
    """The toy: its module's register call, its template's folder."""
    monkeypatch.setattr(base, "TYPES", dict(base.TYPES))
    monkeypatch.setattr(base, "_KEYS", dict(base._KEYS))

    @register("season", keys={"season"})
    class Season(Question):
        """A season, typed."""

        season: str

        def _read(self, posted, order):
            return "".join(posted).strip() or None

        def _show(self, order, answer):
            return Shown(self.kind, self.stem, body=answer or "")

        def _told(self, answer):
            return answer

        @property
        def key(self):
            return self.season

    app.jinja_loader = ChoiceLoader(
        [app.jinja_loader, DictLoader({"questions/season.html": TEMPLATE})]
    )
    app.jinja_env.loader = app.jinja_loader
    return Season


def test_toy_type_is_loaded_drawn_played_marked_and_reviewed(app, season):
    read = bank.parse(BANK)
    banks = {"culture-generale": read}
    plan = Blueprint(sections=(Section(bank="culture-generale", title="Saisons", questions=1),))
    paper = draw(plan, banks, "graine")
    question = read.questions[0]
    played = """{% from 'parts/question.html' import question %}{{ question(item, 1, true) }}"""
    reviewed = """{% from 'parts/review.html' import review %}{{ review(1, one) }}"""

    with app.test_request_context():
        item = {"number": 1, "seq": 0, "question": question.show((), "été")}
        page = render_template_string(played, item=item)
        after = render_template_string(reviewed, one=question.review((), "été"))

    assert type(question) is season
    assert '<input name="answer-1" value="été">' in page
    assert re.search(r"<p>été / automne</p>", after)
    assert grade(paper, plan, banks, {1: "automne"}).points == 1
    assert grade(paper, plan, banks, {1: "été"}).marks[0].verdict is Verdict.WRONG


def test_without_the_toy_its_question_is_refused():
    with pytest.raises(ValueError, match="ne dit pas sa réponse"):
        bank.parse(BANK)
