"""What the phone shows without a line: kept at the worker's install, so it names every territory's number."""

from dataclasses import dataclass
from typing import ClassVar

from app import database
from app.edge.here import Here
from app.views import Kind, Page


@dataclass(frozen=True)
class OfflinePage(Page):
    template: ClassVar[str] = "offline.html"
    kind: ClassVar[Kind] = "public"
    contacts: list[tuple[str, str, str]]

    @classmethod
    async def load(cls, here: Here) -> "OfflinePage":
        found = await database.rows("SELECT name, phone, phone_cost FROM territory ORDER BY name")
        contacts = [(t["name"], t["phone"], t["phone_cost"]) for t in found]
        return cls(title=here.words.gettext("Sei senza rete"), contacts=contacts)
