"""Language and formats: French first, English second; dates and numbers as each writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, session
from flask_babel import (
    Babel,
    get_domain,
    get_locale,
    get_timezone,
    get_translations,
    gettext,
)

_CATALOGUES = Path(__file__).parents[1] / "translations"
# French is in the source; another language is offered once its catalogue is there.
LANGUAGES = {
    code: name
    for code, name in {"fr": "Français", "en": "English"}.items()
    if code == "fr" or (_CATALOGUES / f"{code}.po").exists()
}
NB = "\u00a0"
_BREAKABLE = re.compile(r" (?=[:;?!»])|(?<=«) ")


def init_app(app: Flask, zone: Callable[[], str]) -> None:
    """Give ``app`` its languages and filters; ``zone`` names the zone in which times are told."""
    Babel(app, default_locale="fr", locale_selector=_locale, timezone_selector=zone)
    with app.app_context():
        cache = get_domain().cache
        cache["fr", "messages"] = source = _Source()
        for code in LANGUAGES:
            file = _CATALOGUES / f"{code}.po"
            if file.exists():
                cache[code, "messages"] = _catalogue(file)
                cache[code, "messages"].add_fallback(source)
    # A page asks for a hundred translations: the catalogue is looked up once for it.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _texts().ugettext(text),
        ngettext=lambda one, many, count: _texts().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(
        moment=moment,
        hour=hour,
        hour_s=hour_s,
        duration=duration,
        seconds=seconds,
        points=points,
        number=number,
        ordinal=ordinal,
        percent=percent,
        spoken=spoken,
    )
    app.jinja_env.globals.update(languages=LANGUAGES, language=language)


class _Source(NullTranslations):
    """The texts as they stand in the source, which is French.

    Gettext takes a source without a catalogue for Germanic and says « 0 candidatures ».
    """

    def gettext(self, message: str) -> str:
        """The text, with its no-break spaces."""
        return _unbroken(message)

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """The form for ``n`` things: CLDR’s rule for French (below two, the singular)."""
        return _unbroken(msgid1 if abs(n) < 2 else msgid2)

    ugettext, ungettext = gettext, ngettext


@cache
def _unbroken(text: str) -> str:
    """A French text whose « : », « ? » and quotation marks never stand at the edge of a line alone."""
    return _BREAKABLE.sub(NB, text)


def _catalogue(file: Path) -> Translations:
    """The translations in ``file``, compiled in memory: there is no second file to keep in step."""
    compiled = BytesIO()
    with file.open("rb") as stream:
        write_mo(compiled, read_po(stream))
    compiled.seek(0)
    return Translations(compiled)


def _texts() -> NullTranslations:
    if "texts" not in g:
        g.texts = get_translations()
    return g.texts


def ngettext(one: str, many: str, count: int, **words: object) -> str:
    """The text for ``count`` things, which it names ``%(num)s``, with its thousands parted."""
    return _texts().ungettext(one, many, count) % {"num": number(count), **words}


class Said(Protocol):
    """A sentence of the rule book, in French, and what fills its ``%(name)s``."""

    @property
    def text(self) -> str:
        """The sentence."""

    @property
    def words(self) -> Mapping[str, object]:
        """What stands for its names."""


def spoken(said: Said) -> str:
    """What the rule book says, in the language of this request."""
    return gettext(said.text, **said.words)


def language() -> str:
    """The language of this request: the one chosen, or French unless the browser wants English."""
    if "language" not in g:
        chosen = session.get("language")
        if chosen not in LANGUAGES:
            chosen = request.accept_languages.best_match(list(LANGUAGES), default="fr")
        g.language = chosen or "fr"
    return str(g.language)


def _locale() -> Locale:
    return _locale_of(language())


@cache
def _locale_of(code: str) -> Locale:
    """Kept: taking a locale’s name apart costs as much as a statement to the database."""
    return Locale.parse(code)


def _french() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "fr"


def _local(value: datetime, zone: str = "") -> datetime:
    return value.astimezone(ZoneInfo(zone) if zone else get_timezone())


def moment(value: datetime, zone: str = "") -> str:
    """``samedi 28 novembre 2026 à 10 h 00``, in the edition’s zone or the one named."""
    local, locale = _local(value, zone), get_locale()
    weekday = get_day_names("wide", locale=locale)[local.weekday()]
    month = get_month_names("wide", locale=locale)[local.month]
    if _french():
        day = "1er" if local.day == 1 else str(local.day)
        return f"{weekday} {day}{NB}{month} {local.year} à {hour(value, zone)}"
    return f"{weekday} {local.day}{NB}{month} {local.year}, {hour(value, zone)}"


def hour(value: datetime, zone: str = "") -> str:
    """``10 h 42``."""
    local = _local(value, zone)
    if _french():
        return f"{local.hour}{NB}h{NB}{local.minute:02}"
    return f"{local.hour:02}:{local.minute:02}"


def hour_s(value: datetime) -> str:
    """``10 h 42 min 07 s``."""
    local = _local(value)
    if _french():
        return f"{hour(value)}{NB}min{NB}{local.second:02}{NB}s"
    return f"{hour(value)}:{local.second:02}"


def duration(seconds: float) -> str:
    """``20 minutes``, ``1 h 30``, ``45 secondes``: rounded down, never a time one does not have."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    if minutes == 0:
        return ngettext("%(num)s seconde", "%(num)s secondes", rest)
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    hours, minutes = divmod(minutes, 60)
    if minutes:
        return str(gettext("%(hours)s h %(minutes)s", hours=hours, minutes=f"{minutes:02}"))
    return ngettext("%(num)s heure", "%(num)s heures", hours)


def seconds(value: float) -> str:
    """``45 s``, ``1 min 30 s``, ``5 min``: a time to the second, rounded down."""
    minutes, rest = divmod(max(int(value), 0), 60)
    told = (f"{minutes}{NB}min" if minutes else "", f"{rest}{NB}s" if rest or not minutes else "")
    return NB.join(filter(None, told))


def points(value: Fraction | int) -> str:
    """``12,5``: two decimals at most, half rounded up; the exact value is kept elsewhere."""
    exact = Fraction(value)
    places = Decimal(exact.numerator) / Decimal(exact.denominator)
    rounded = places.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return format_decimal(rounded, "#,##0.##", locale=get_locale())


def number(value: int) -> str:
    """``12 345``."""
    return format_decimal(value, locale=get_locale())


def ordinal(value: int) -> str:
    """``1er``, ``2e``; ``1st``, ``2nd`` in English."""
    if _french():
        return f"{value}{'er' if value == 1 else 'e'}"
    last = 0 if value % 100 in (11, 12, 13) else value % 10
    return f"{value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def percent(part: int, whole: int) -> str:
    """``87 %``, rounded down; nothing of nothing is nothing."""
    share = 100 * part // whole if whole else 0
    return f"{share}{NB}%" if _french() else f"{share}%"
