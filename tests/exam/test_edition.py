"""Editions: a whole contest read from YAML, or every reason why it is none, with its place."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import edition
from quizapp.exam.blueprint import Section
from quizapp.exam.clock import PLAIN, Expiry, Start, Timing, Window
from quizapp.exam.problems import RefusedError

GOOD = """\
edition: mccf-2026
name: Meilleur conseiller client de France
applications:
  opens: 2026-09-01 10:00
  closes: 2026-10-31 23:59
rules:
  version: 1.10
  text: Le concours est gratuit.
stages:
  - stage: premier-tour
    title: Premier tour
    kind: quiz
    opens: 2026-11-28 10:00
    closes: 2026-11-28T12:00
    group: city
    quota: 3
    meets: region
    duration: 20
    sections:
      - {bank: metier, title: Métier, questions: 20, topics: even}
      - {bank: tour, title: Subsidiaire, questions: 1, pick: qs-001, scored: no}
    ties: [section:metier, estimate, lot]
  - stage: finale
    title: Finale
    kind: jury
    opens: 2027-01-15 09:00
    closes: 2027-01-15 18:00
    group: nation
    quota: 1
"""


def refusals(text):
    """Why ``text`` is no edition: place and sentence, without the advice."""
    with pytest.raises(RefusedError) as refused:
        edition.parse(text, "e.yaml")
    return [
        f"{problem.place.line}:{problem.place.column}: {problem.what}"
        for problem in refused.value.problems
    ]


def test_edition_is_read_as_written():
    read = edition.parse(GOOD)
    first, final = read.stages

    assert (read.edition, read.zone, read.rules.version) == ("mccf-2026", "Europe/Paris", "1.10")
    assert first.sections == (
        Section(bank="metier", title="Métier", questions=20, topics="even"),
        Section(bank="tour", title="Subsidiaire", questions=1, pick="qs-001", scored="no"),
    )
    assert first.blueprint.questions == 21
    assert (first.grace_time, first.page, first.late) == (timedelta(seconds=30), "one", "cut")
    assert (final.kind, final.group, final.quota, final.meets) == ("jury", "nation", 1, "nation")
    assert [key.name for key in first.tie_keys("graine")] == ["section:metier", "estimate", "lot"]


def test_edition_names_a_section_by_its_title_in_the_tie_keys():
    first = edition.parse(GOOD).stages[0]

    assert first.tie_keys("")[0].label == "Points de la section «\xa0Métier\xa0»"


def test_edition_gives_windows_in_utc():
    read = edition.parse(GOOD)

    assert read.window(read.stage("premier-tour")) == Window(
        datetime(2026, 11, 28, 9, 0, tzinfo=UTC), datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
    )
    assert read.window(read.applications) == Window(
        datetime(2026, 9, 1, 8, 0, tzinfo=UTC), datetime(2026, 10, 31, 22, 59, tzinfo=UTC)
    )
    with pytest.raises(KeyError):
        read.stage("demi-finale")


WINDOW = Window(datetime(2026, 11, 28, 9, tzinfo=UTC), datetime(2026, 11, 28, 11, tzinfo=UTC))
OPENS = WINDOW.opens
TWENTY = timedelta(minutes=20)


@pytest.mark.parametrize(
    ("stated", "timing", "expiry"),
    [
        ("late: cut", Timing(WINDOW, TWENTY), Expiry.HAND_IN),
        ("late: full", Timing(WINDOW, TWENTY, cut=False), Expiry.HAND_IN),
        ("start: common", Timing(WINDOW, TWENTY, Start.COMMON), Expiry.HAND_IN),
        ("expiry: not-counted", Timing(WINDOW, TWENTY), Expiry.NOT_COUNTED),
    ],
)
def test_stage_states_how_time_runs_and_what_its_end_does(stated, timing, expiry):
    read = edition.parse(GOOD.replace("    duration: 20", f"    {stated}\n    duration: 20"))
    stage = read.stages[0]

    assert (stage.timing(read.window(stage)), stage.expiry) == (timing, expiry)


@pytest.mark.parametrize(
    ("stated", "steps", "until"),
    [
        ("topics: even", 0, None),
        ("seconds_per_question: 45", 21, timedelta(seconds=45)),
        ("minutes: 10", 2, timedelta(minutes=10)),
        ("minutes: 1, seconds_per_question: 59", 21, timedelta(seconds=59)),
        ("forward_only: yes", 21, None),
    ],
)
def test_section_states_a_time_of_its_own(stated, steps, until):
    pace = edition.parse(GOOD.replace("topics: even", stated)).stages[0].pace

    assert (len(pace.steps) if pace else 0) == steps
    assert pace is None or pace.opened(PLAIN, [OPENS]).until == (until and OPENS + until)


@pytest.mark.parametrize(
    ("ties", "rule"),
    [
        ("[estimate, lot]", "lot"),
        ("[estimate]", "all"),
        ("[estimate, lot]\n    cut: all", "all"),
        ("[lot]\n    cut: lot", "lot"),
    ],
)
def test_stage_says_what_decides_at_the_cut(ties, rule):
    read = edition.parse(GOOD.replace("[section:metier, estimate, lot]", ties))

    assert [stage.cut_rule for stage in read.stages] == [rule, "all"]


def test_parsed_gives_the_same_object_for_the_same_text():
    assert edition.parsed(GOOD) is edition.parsed(GOOD)
    assert edition.parse(GOOD) == edition.parse(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-10-31 23:59", "2026-10-25 02:30",
         "5:11: Le 25/10/2026, 02:30 existe deux fois à cause du changement d’heure : choisissez une"
         " autre heure."),
        ("2026-11-28 10:00", "2026-11-28 12:00", "14:13: La fermeture ne suit pas l’ouverture."),
        ("2026-11-28T12:00", "2026-11-28 09:00", "14:13: La fermeture ne suit pas l’ouverture."),
        ("2027-01-15 09:00", "2026-11-28 11:59", "26:12: « Finale » ouvre avant la fin de « Premier tour »."),
        ("2026-11-28 10:00", "28/11/2026 10h", "13:12: « 28/11/2026 10h » n’est pas une date et une heure."),
        ("2026-11-28 10:00", "2026-11-31 10:00",
         "13:12: « 2026-11-31 10:00 » n’est pas une date et une heure."),
        ("2026-11-28 10:00", "2026-11-28", "13:12: « 2026-11-28 » n’est pas une date et une heure."),
        ("2026-11-28 10:00", "2026-11-28 10:00+01:00",
         "13:12: « 2026-11-28 10:00+01:00 » n’est pas une date et une heure."),
        ("2026-11-28 10:00", "0001-01-01 00:00",
         "13:12: « 0001-01-01 00:00 » n’est pas une date et une heure."),
        ("applications:", "zone: Europe/Lyon\napplications:", "3:7: Le fuseau « Europe/Lyon » n’existe pas."),
        ("applications:", "zone: ../passwd\napplications:", "3:7: Le fuseau « ../passwd » n’existe pas."),
        ("applications:", "zone: Europe\napplications:", "3:7: Le fuseau « Europe » n’existe pas."),
        ("applications:", "rooms: 3\napplications:", "3:1: La clé « rooms » n’existe pas."),
        ("estimate, lot", "estimate, age", "22:11: La clé de départage « age » n’existe pas."),
        ("estimate, lot]", "estimate]\n    cut: lot",
         "10:5: « cut: lot » demande un tirage au sort que « ties » ne prévoit pas."),
        ("estimate, lot]", "estimate, lot]\n    cut: next", "23:10: « next » n’est pas une valeur de « cut »."),
        ("[section:metier", "[section:tour",
         "10:5: Le départage « section:tour » nomme une section absente ou non notée."),
        ("stage: finale", "stage: premier-tour", "23:12: Deux étapes se nomment « premier-tour »."),
        ("bank: tour", "bank: metier", "10:5: La banque « metier » sert à deux sections."),
        ("    duration: 20\n", "", "10:5: Un quiz a une durée."),
        ("quota: 1\n", "quota: 1\n    duration: 5\n", "23:5: Un jury n’a ni durée ni sections."),
        ("quota: 3", "quota: 0", "16:12: « 0 » est trop petit : au moins 1."),
        ("duration: 20", "duration: 601", "18:15: « 601 » est trop grand : au plus 600."),
        ("duration: 20", "duration: ２０", "18:15: « ２０ » n’est pas un nombre."),
        ("duration: 20", "duration: 20\n    start: common\n    late: full",
         "10:5: Avec un départ commun, tous finissent ensemble : « late: full » ne peut pas s’appliquer."),
        ("duration: 20", "duration: 20\n    start: ensemble", "19:12: « ensemble » n’est pas une valeur de"
         " « start »."),
        ("kind: jury", "kind: oral", "25:11: « oral » n’est pas une valeur de « kind »."),
        ("group: city", "group: ville", "15:12: « ville » n’est pas une valeur de « group »."),
        ("kind: jury", "kind: quiz\n    duration: 5", "23:5: Un quiz a des sections."),
        ("scored: no", "scored: non", "21:78: « yes » ou « no » est attendu ici."),
        ("topics: even", "seconds_per_question: 61",
         "10:5: Les sections demandent 20 min 20 s en tout, et l’étape dure 20 min."),
        ("topics: even", "minutes: 21", "10:5: Les sections demandent 21 min en tout, et l’étape dure 20 min."),
        ("topics: even", "seconds_per_question: 20",
         "10:5: Le délai de grâce (30 s) est plus long que le temps d’une question (20 s)."),
        ("topics: even", "seconds_per_question: 4", "20:76: « 4 » est trop petit : au moins 5."),
        ("topics: even", "seconds_per_question: 45, forward_only: no",
         "20:9: Avec « seconds_per_question », on ne revient jamais en arrière."),
        ("topics: even", "forward_only: oui", "20:68: « yes » ou « no » est attendu ici."),
        ("duration: 20", "duration: 20\n    page: all\n    forward_only: yes",
         "10:5: « page: all » montre toutes les questions ensemble, et sans retour en arrière elles"
         " viennent une à une."),
        ("quota: 1\n", "quota: 1\n    forward_only: yes\n", "23:5: Un jury ne parcourt pas de questions."),
        ("name: Meilleur", "name: &x Meilleur", "2:7: L’ancre « &x » n’est pas permise."),
    ],
)  # fmt: skip
def test_edition_refuses_at_the_line_and_column(old, new, told):
    assert old in GOOD
    assert refusals(GOOD.replace(old, new, 1)) == [told]


def test_edition_refuses_an_hour_that_does_not_exist():
    text = GOOD.replace("2027-01-15 09:00", "2027-03-28 02:30").replace(
        "2027-01-15 18", "2027-03-29 18"
    )

    assert refusals(text) == [
        "26:12: Le 28/03/2027, 02:30 n’existe pas à cause du changement d’heure : choisissez une autre"
        " heure."
    ]
    assert edition.parse(text.replace("applications:", "zone: Indian/Reunion\napplications:"))


def test_edition_tells_all_problems_in_one_run():
    text = (
        GOOD.replace("edition: mccf", "edition: MCCF")
        .replace("version: 1.10\n", "version:\n")
        .replace("quota: 3", "quota: trois")
        .replace("kind: jury", "kind: oral")
        .replace("name: ", "name: &x ")
    )

    assert refusals(text) == [
        "1:10: « MCCF-2026 » n’est pas un identifiant.",
        "2:7: L’ancre « &x » n’est pas permise.",
        "7:11: Le texte de « version » est vide.",
        "16:12: « trois » n’est pas un nombre entier.",
        "25:11: « oral » n’est pas une valeur de « kind ».",
    ]


def test_edition_tells_all_wrong_times_in_one_run():
    text = GOOD.replace("2026-09-01 10:00", "2026-10-25 02:00").replace(
        "2027-01-15 18", "2027-01-14 18"
    )

    assert [line.partition(" ")[0] for line in refusals(text)] == ["4:10:", "27:13:"]


@pytest.mark.parametrize("text", ["", "# rien", "mccf", "[]", "stages: []", "stages: {}"])
def test_edition_refuses_a_file_that_is_none(text):
    assert refusals(text)


KEYS = st.sampled_from(
    ["edition", "name", "zone", "applications", "rules", "stages", "opens", "closes", "stage", "kind",
     "group", "quota", "duration", "sections", "bank", "title", "questions", "topics", "difficulty",
     "pick", "scored", "ties", "version", "text", "1", "x"]
)  # fmt: skip
VALUES = st.recursive(
    st.sampled_from(["", "a", "quiz", "even", "1", "9" * 5000, "2026-11-28 10:00", "2999-12-31 23:59"])
    | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=9),
    max_leaves=25,
)  # fmt: skip


def outcome(text):
    """The edition's name, or what is wrong with it."""
    try:
        return [edition.parse(text).name]
    except RefusedError as error:
        return [problem.what for problem in error.problems]


@given(st.text() | st.dictionaries(KEYS, VALUES).map(json.dumps))
@settings(deadline=None, max_examples=100)
def test_any_text_is_an_edition_or_refused(text):
    assert outcome(text)
    assert all(outcome(text))


@given(st.integers(0, len(GOOD)), st.integers(0, 20), st.text(max_size=4))
@settings(deadline=None, max_examples=100)
def test_any_slip_of_the_pen_is_an_edition_or_refused(place, cut, typed):
    assert outcome(GOOD[:place] + typed + GOOD[place + cut :])
