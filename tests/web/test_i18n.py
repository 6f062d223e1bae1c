"""What French and English make of numbers, also where a text has no translation."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import gettext

from quizapp.web import i18n
from quizapp.web.i18n import duration, ngettext

COUNTED = "{{ ngettext('%(num)s candidature', '%(num)s candidatures', count, num=count|number) }}"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0 candidature"),
        (1, "1 candidature"),
        (2, "2 candidatures"),
        (1500, "1\u202f500 candidatures"),
    ],
)
def test_french_counts_nothing_and_one_in_the_singular(app: Flask, count: int, told: str) -> None:
    with app.test_request_context("/"):
        page = render_template_string(COUNTED, count=count)
        code = ngettext("%(num)s candidature", "%(num)s candidatures", count)

    assert (page, code) == (told, told)


def test_text_that_a_catalogue_lacks_stays_french_in_its_plural_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en.po").write_text('msgid "Nom"\nmsgstr "Name"\n', "utf-8")
    monkeypatch.setattr(i18n, "_CATALOGUES", tmp_path)
    monkeypatch.setattr(i18n, "LANGUAGES", {"fr": "Français", "en": "English"})
    app = Flask("essai")
    i18n.init_app(app, lambda: "Europe/Paris")

    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        told = [gettext("Nom"), ngettext("%(num)s candidature", "%(num)s candidatures", 0)]

    assert told == ["Name", "0 candidature"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 seconde"), (1, "1 seconde"), (59.9, "59 secondes"), (60, "1 minute"), (7200, "2 heures")],
)  # fmt: skip
def test_duration_is_told_in_the_right_number(app: Flask, seconds: float, told: str) -> None:
    with app.test_request_context("/"):
        assert duration(seconds) == told


def test_punctuation_is_never_parted_from_its_word(app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string("{{ _('« Oui » : à %(hour)s ; prêt ? Non !', hour='10 h') }}")
        code = gettext("« Oui » : à %(hour)s ; prêt ? Non !", hour="10 h")

    told = "«\xa0Oui\xa0»\xa0: à 10 h\xa0; prêt\xa0? Non\xa0!"
    assert (page, code) == (told, told)
