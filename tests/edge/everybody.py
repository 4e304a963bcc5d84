"""A visitor of the application as it runs: with public pages kept ready."""

from collections.abc import Mapping

from app.domain import content as state
from app.main import create_app
from tests.visitor import Clock, Page, Visitor


class Passerby(Visitor):
    """Drawing a page asks the database several times, showing it again at most for its version."""

    def __init__(self, clock: Clock, app: object = None) -> None:
        super().__init__(clock)
        self.app = app or create_app(now=clock)  # type: ignore[assignment]
        self.client = self._client()

    def somebody_else(self) -> "Passerby":
        return Passerby(self.clock, self.app)

    async def _ask(self, method: str, path: str, *, headers: Mapping[str, str], content: str = "") -> Page:
        """What is kept of the content is forgotten, else a page is drawn without asking for it."""
        state._kept.clear()
        return await super()._ask(method, path, headers=headers, content=content)
