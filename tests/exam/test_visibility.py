"""What candidates see, and from when: each at its own phase or date, never before the earliest."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from pydantic import ValidationError

from quizapp.exam import edition
from quizapp.exam.problems import RefusedError
from quizapp.exam.visibility import Moment, Shows, Sight, When, open_sights
from tests.exam.test_edition import GOOD

NOW = datetime(2026, 12, 5, 17, 0, tzinfo=UTC)
PHASES = {
    When.HANDED_IN: Moment(NOW, handed_in=True),
    When.CLOSED: Moment(NOW, closed=True),
    When.PUBLISHED: Moment(NOW, closed=True, published=True),
}
SITTING = Moment(NOW)
POSSIBLE = {
    "answers": ("handed-in", "closed", "published", "never"),
    "score": ("handed-in", "closed", "published", "never"),
    "sections": ("handed-in", "closed", "published", "never"),
    "key": ("closed", "published", "never"),
    "explanations": ("closed", "published", "never"),
    "rank": ("published", "never"),
}


def sees(shows, moment):
    return {str(one) for one in open_sights(shows, "Europe/Paris", moment)}


@pytest.mark.parametrize("sight", POSSIBLE)
def test_each_opens_at_its_own_phase_and_stays_open(sight):
    also = {"key": "closed"} if sight == "explanations" else {}
    for when in POSSIBLE[sight]:
        shows = Shows(**also | {sight: when})
        opened = [phase for phase, moment in PHASES.items() if sight in sees(shows, moment)]
        order = list(PHASES)
        assert opened == (order[order.index(when) :] if when != "never" else [])
        assert sight not in sees(shows, SITTING)


@pytest.mark.parametrize(
    ("sight", "when"),
    [
        (sight, when)
        for sight, when in product(POSSIBLE, ("during", "handed-in", "closed", "Published", "", 3))
        if when not in POSSIBLE[sight]
    ],
)
def test_too_early_or_unknown_is_refused(sight, when):
    with pytest.raises(ValidationError):
        Shows(**{"key": "closed", sight: when})


def test_date_opens_at_its_minute_in_the_zone_of_the_edition_and_never_before_the_earliest():
    shows = Shows(score="2026-12-05 18:00", key="2026-12-05 18:00", rank="2026-12-05 18:00")
    before = Moment(NOW - timedelta(seconds=1), True, True, True)

    assert sees(shows, before) == {"sections"}
    assert sees(shows, Moment(NOW, True, True, True)) == {"score", "sections", "key", "rank"}
    assert sees(shows, Moment(NOW, handed_in=True, closed=True)) == {"score", "key"}
    assert sees(shows, Moment(NOW, handed_in=True)) == {"score"}
    assert sees(shows, SITTING) == set()


def test_explanation_waits_for_the_key_that_it_tells():
    shows = Shows(explanations="closed", key="published")

    assert sees(shows, PHASES[When.CLOSED]) == set()
    assert "explanations" in sees(shows, PHASES[When.PUBLISHED])
    with pytest.raises(ValidationError, match="explication"):
        Shows(explanations="published")


def test_unless_stated_a_score_and_a_rank_are_all_that_publication_shows():
    assert sees(Shows(), PHASES[When.PUBLISHED]) == {"score", "sections", "rank"}
    assert [sees(Shows(), PHASES[one]) for one in (When.HANDED_IN, When.CLOSED)] == [set(), set()]


@pytest.mark.parametrize(
    ("stated", "what"),
    [
        ("{key: handed-in}", "« key: handed-in » ouvrirait trop tôt."),
        ("{answers: demain}", "« demain » ne dit pas quand."),
        ("{marks: closed}", "La clé « marks » n’existe pas."),
        (
            "{score: 2027-03-28 02:30}",
            "Le 28/03/2027, 02:30 n’existe pas à cause du changement d’heure : choisissez une autre "
            "heure.",
        ),
    ],
)
def test_edition_refuses_what_says_no_moment(stated, what):
    text = GOOD.replace("    duration: 20\n", f"    duration: 20\n    shows: {stated}\n")

    with pytest.raises(RefusedError) as refused:
        edition.parse(text, "e.yaml")

    assert [problem.what for problem in refused.value.problems] == [what]
    assert refused.value.problems[0].place.line == 19


def test_sights_and_keys_are_the_same_words():
    assert set(Sight) == set(Shows.model_fields) == set(POSSIBLE)
