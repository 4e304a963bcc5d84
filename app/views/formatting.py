"""Money, days and times as people read them. All instants are shown in the territory's zone.

A page says the same few days and amounts many times, and patterns are read anew each time: so they are remembered.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from markupsafe import Markup

from app.i18n import Words

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def as_written(text: str, language: str, written: str = "it") -> str:
    """Words of the data in the language they were `written` in, marked for a reader's voice on a page in another."""
    return text if not text or language == written else Markup('<span lang="{}">{}</span>').format(written, text)


@lru_cache(maxsize=4096)
def money(cents: int, language: str = "it") -> str:
    """'1.234,50 €', the sign a true minus."""
    amount = format_decimal(abs(cents) / 100, "#,##0.00", locale=language)
    return f"{MINUS if cents < 0 else ''}{amount}{NBSP}€"


@lru_cache(maxsize=1024)
def day(value: date, language: str = "it") -> str:
    """'martedì 24 novembre', as read aloud; the year only where it is not plain."""
    return _first(format_date(value, "EEEE d MMMM", locale=language), value, language)


@lru_cache(maxsize=1024)
def day_with_year(value: date, language: str = "it") -> str:
    return _first(format_date(value, "d MMMM y", locale=language), value, language)


def clock(value: datetime | time, language: str = "it", zone: ZoneInfo | None = None) -> str:
    """'9.30' in Italian, '09:30' elsewhere."""
    local = value.astimezone(zone) if isinstance(value, datetime) and zone else value
    return _clock(local.hour, local.minute, language)


@lru_cache(maxsize=2048)
def _clock(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "H.mm" if language == "it" else "HH:mm", locale=language)


def phone(number: str) -> str:
    """Ten Italian digits as they are read aloud, '0331 000 068' and '300 000 0842'; others as they were given."""
    if len(number) != 10 or not number.isdigit() or number[0] not in "03":
        return number
    first, second = (3, 6) if number[0] == "3" else (4, 7)
    return f"{number[:first]} {number[first:second]} {number[second:]}"


def when(value: datetime, zone: ZoneInfo, words: Words) -> str:
    """'martedì 24 novembre alle 9.30'."""
    local = value.astimezone(zone)
    return words.gettext(
        "%(day)s alle %(time)s", day=day(local.date(), words.language), time=clock(local, words.language)
    )


def when_near(value: datetime, now: datetime, zone: ZoneInfo, words: Words) -> str:
    """Like `when`, but today and tomorrow by name, and what was in another year with its year."""
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    names = {today: words.gettext("oggi"), today + timedelta(days=1): words.gettext("domani")}
    in_full = day_with_year if local.year < today.year else day
    named = names.get(local.date()) or in_full(local.date(), words.language)
    return words.gettext("%(day)s alle %(time)s", day=named, time=clock(local, words.language))


def until(value: date, today: date, words: Words) -> str:
    """'il 31 dicembre' of this year, else with its year."""
    if value.year != today.year:
        return day_with_year(value, words.language)
    return _day_and_month(value, words.language)


@lru_cache(maxsize=1024)
def _day_and_month(value: date, language: str) -> str:
    return _first(format_date(value, "d MMMM", locale=language), value, language)


def _first(said: str, value: date, language: str) -> str:
    """Italian reads the first of a month as an ordinal: '1º gennaio'."""
    return said.replace("1 ", "1º ", 1) if value.day == 1 and language == "it" else said
