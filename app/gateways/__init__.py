"""The outside world. Each gateway says in two words what went wrong: try again, or never here."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


class Temporary(Exception):
    """May work later; `after` is what the other side asked us to wait."""

    def __init__(self, detail: str, after: timedelta = timedelta(0)) -> None:
        super().__init__(detail)
        self.after = after


class Permanent(Exception):
    """Will never work this way; `is_gone` when the address itself has ended."""

    def __init__(self, detail: str, *, is_gone: bool = False) -> None:
        super().__init__(detail)
        self.is_gone = is_gone


def wait(after: str, now: datetime) -> timedelta:
    """Retry-After is a number of seconds or a date; nonsense asks for nothing, nobody for more than a day."""
    if after.isascii() and after.isdigit() and len(after) < 9:
        return min(timedelta(seconds=int(after)), timedelta(days=1))
    try:
        until = parsedate_to_datetime(after)
    except ValueError:
        return timedelta(0)
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), timedelta(days=1))
