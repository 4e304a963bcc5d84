"""What the phone shows without a line: kept at the worker's install, so it names every territory's number.

What waits on a phone to be sent is known to its worker alone, which draws that page itself (`service_worker/box.js`):
who has no worker, and so nothing that waits, is told so.
"""

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


@dataclass(frozen=True)
class OutboxPage(Page):
    template: ClassVar[str] = "outbox/show.html"
    kind: ClassVar[Kind] = "public"

    @classmethod
    def load(cls, here: Here) -> "OutboxPage":
        return cls(title=here.words.gettext("Da inviare"))
