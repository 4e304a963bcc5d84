"""The outside world. Each gateway says in two words what went wrong: try again, or never here."""

from datetime import timedelta


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
