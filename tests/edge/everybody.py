"""A visitor of the application as it runs: with public pages kept ready."""

from app.main import create_app
from tests.visitor import Clock, Visitor


class Passerby(Visitor):
    """Drawing a page asks the database several times, showing it again at most for its version."""

    def __init__(self, clock: Clock, app: object = None) -> None:
        super().__init__(clock)
        self.app = app or create_app(now=clock)  # type: ignore[assignment]
        self.client = self._client()

    def somebody_else(self) -> "Passerby":
        return Passerby(self.clock, self.app)
