"""Opening hours as a person would say them, and whether somebody answers now."""

from collections.abc import Callable
from functools import lru_cache

from app import i18n
from app.domain.territory import Opening
from app.edge.here import Here


def in_words(here: Here) -> str:
    """'lunedì–venerdì 9–13 e 14–18' for the call centre; '' where there is none."""
    return week_in_words(here.territory.phone_openings, here) if here.territory else ""


def week_in_words(openings: tuple[Opening, ...], here: Here) -> str:
    """'lunedì–venerdì 9–13 e 14–18; sabato 9–12'."""
    return "; ".join(f"{days} {hours}" for days, hours in days_in_words(openings, here))


def days_in_words(openings: tuple[Opening, ...], here: Here) -> tuple[tuple[str, str], ...]:
    """(days, hours) pairs; neighbouring days with the same hours are said together."""
    return _week(openings, here.language)


@lru_cache(maxsize=256)
def _week(openings: tuple[Opening, ...], language: str) -> tuple[tuple[str, str], ...]:
    _ = i18n.words(language).gettext
    by_day: dict[int, list[str]] = {}
    for opening in openings:
        by_day.setdefault(opening.weekday, []).append(f"{_short(opening.opens)}–{_short(opening.closes)}")
    runs: list[tuple[int, int, str]] = []
    for weekday, hours in sorted(by_day.items()):
        said = _(" e ").join(hours)
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], weekday, said)
        else:
            runs.append((weekday, weekday, said))
    return tuple((_days(first, last, _), said) for first, last, said in runs)


def today_in_words(openings: tuple[Opening, ...], here: Here) -> str:
    """'aperto ora, fino alle 18', 'apre oggi alle 14', or when it opens next."""
    _ = here.words.gettext
    local = here.now.astimezone(here.zone)
    now = local.strftime("%H:%M")
    today = [o for o in openings if o.weekday == local.weekday()]
    for opening in today:
        if opening.opens <= now < opening.closes:
            return _("aperto ora, fino alle %(time)s", time=_short(opening.closes))
    for opening in today:
        if now < opening.opens:
            return _("chiuso ora, apre oggi alle %(time)s", time=_short(opening.opens))
    return _next_opening(openings, local.weekday(), here)


def _next_opening(openings: tuple[Opening, ...], weekday: int, here: Here) -> str:
    _ = here.words.gettext
    for ahead in range(1, 8):
        for opening in openings:
            if opening.weekday == (weekday + ahead) % 7:
                day = _("domani") if ahead == 1 else _days(opening.weekday, opening.weekday, _)
                return _("chiuso ora, apre %(day)s alle %(time)s", day=day, time=_short(opening.opens))
    return _("chiuso")


def _days(first: int, last: int, _: Callable[[str], str]) -> str:
    names = (_("lunedì"), _("martedì"), _("mercoledì"), _("giovedì"), _("venerdì"), _("sabato"), _("domenica"))
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def _short(clock: str) -> str:
    hour, minute = clock.split(":")
    return str(int(hour)) if minute == "00" else f"{int(hour)}.{minute}"
