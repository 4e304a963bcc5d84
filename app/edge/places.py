"""Territories with their hours, which every request needs: read once, and again when the content changed."""

from app.domain import territory
from app.domain.territory import TerritoryFacts


class Places:
    """`keeps` none where each request is to see what stands in the database at its moment."""

    def __init__(self, *, keeps: bool) -> None:
        self.keeps = keeps
        self.version = -1
        self.known: dict[str, TerritoryFacts] = {}

    async def find(self, slug: str, version: int) -> TerritoryFacts | None:
        """`version` is the content's, as this process saw it last."""
        if version != self.version:
            self.known, self.version = {}, version
        found = self.known.get(slug) or await territory.by_slug(slug)
        if found and self.keeps:
            self.known[slug] = found
        return found
