"""Values as people type them, read by the same rules as the forms of the site."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from app.edge.form import Form
from app.i18n import words

T = TypeVar("T")
MOST_CENTS = 10_000_000_000


def text(typed: str) -> str:
    return _read(typed, lambda form: form.text("typed", longest=200))


def phone(typed: str) -> str:
    _read(typed, lambda form: form.phone("typed"))
    return text(typed)


def euro(typed: str) -> int:
    return _read(typed, lambda form: form.cents("typed", most=MOST_CENTS))


def percent(typed: str) -> int:
    return _read(typed, lambda form: form.whole("typed", least=1, most=100))


def day(typed: str) -> date:
    return _read(typed, lambda form: form.day("typed") or date.min)


def _read(typed: str, read: Callable[[Form], T]) -> T:
    form = Form([("typed", typed)], words=words("en"))
    value = read(form)
    if wrong := form.error("typed"):
        raise ArgumentTypeError(f"'{typed}' cannot be read. {wrong.rstrip('.')}")
    return value
