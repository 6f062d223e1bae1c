"""The item analysis of a closed stage, for organisers and authors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from quizapp.analysis import queries, report
from quizapp.analysis.queries import Round
from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.exam.advice import advise
from quizapp.exam.lots import Stream
from quizapp.exam.statistics import Item
from quizapp.web.database import reading
from quizapp.web.guard import allow
from quizapp.web.pager import Pager

bp = Blueprint("analysis", __name__)

ORDERS = {
    "revoir": lambda item: (-len(advise(item)), item.question),
    "facilite": lambda item: (item.facility, item.question),
    "discrimination": lambda item: (1.0 if item.index is None else item.index, item.question),
    "nom": lambda item: item.question,
}


def _closed(stage_key: str) -> Plan:
    plan = contests.plan(reading(), stage_key)
    return plan if plan and plan.row.closed_at else abort(404)


@bp.get("/organisation/etapes/<stage_key>/questions")
@allow("organiser", "author")
def stage(stage_key: str) -> str:
    """Every question of a stage with its figures."""
    plan = _closed(stage_key)
    found = queries.latest(reading(), plan)
    order = request.args.get("tri", "revoir")
    items = sorted(found.analysis.items.values(), key=ORDERS.get(order, ORDERS["revoir"]))
    pager = Pager(len(items), 50)
    return render_template(
        "analysis/stage.html",
        stage=plan,
        summary=[*report.summary(found)],
        order=order if order in ORDERS else "revoir",
        rows=[_row(found, item) for item in pager.cut(items)],
        pager=pager,
        suspects=sum(bool(advise(item)) for item in items),
    )


@bp.get("/organisation/etapes/<stage_key>/questions/<bank>/<name>")
@allow("organiser", "author")
def question(stage_key: str, bank: str, name: str) -> str:
    """One question: its wording, its figures, its choices, and its curve."""
    plan = _closed(stage_key)
    found = queries.latest(reading(), plan)
    item = found.analysis.items.get(f"{bank}/{name}") or abort(404)
    asked = found.asked[item.question].question
    return render_template(
        "analysis/question.html",
        stage=plan,
        row=_row(found, item),
        item=item,
        reviewed=asked.review(asked.order(Stream(asked.id)), None),
        curve=_curve(item),
    )


def _row(found: Round, item: Item) -> dict[str, Any]:
    asked = found.asked[item.question]
    facility, index, item_rest, effective, omitted = report.figures(item)
    return {
        "bank": asked.bank.slug,
        "bank_title": asked.bank.title,
        "id": asked.question.id,
        "text": asked.question.text,
        "asked": item.asked,
        "facility": facility,
        "index": index,
        "item_rest": item_rest,
        "point_biserial": report.decimal(item.point_biserial),
        "weight": report.percent(item.weight),
        "effective": effective,
        "omitted": omitted,
        "unsure": report.percent(item.unsure),
        "seconds": None if item.seconds is None else round(item.seconds),
        "advice": advise(item),
        "choices": [
            {
                "label": one.label,
                "right": one.right,
                "count": one.count,
                "share": report.percent(one.share),
                "upper": report.percent(one.upper),
                "lower": report.percent(one.lower),
            }
            for one in item.choices
        ],
    }


def _curve(item: Item) -> list[dict[str, Any]]:
    """The facility in each fifth of the candidates, and where its point stands in the drawing."""
    return [
        {
            "number": number,
            "facility": report.percent(share),
            "x": 40 * number,
            "y": 110 - 100 * share,
        }
        for number, share in enumerate(item.bands, start=1)
        if share is not None
    ]
