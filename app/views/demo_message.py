"""Demo only: SMS, mail, push and letters as each person got them, in their language."""

from dataclasses import dataclass
from typing import ClassVar

from app import database, i18n
from app.edge.here import Here
from app.views import Kind, Page, formatting
from app.views.message import channel
from app.views.pagination import Pages, pages

A_PAGE = 20


@dataclass(frozen=True)
class CopyLine:
    channel: str
    person: str
    recipient: str
    when: str
    language: str
    subject: str
    paragraphs: list[str]


@dataclass(frozen=True)
class DemoMessagesPage(Page):
    template: ClassVar[str] = "demo_message/index.html"
    kind: ClassVar[Kind] = "never"
    copies: list[CopyLine]
    pages: Pages

    @classmethod
    async def load(cls, here: Here, number: int) -> "DemoMessagesPage":
        copies = await database.scalar("SELECT count(*) FROM outbox_copy")
        at = pages(here, "demo_messages", number, copies, A_PAGE, {})
        found = await database.rows(_COPIES, A_PAGE, A_PAGE * (at.number - 1))
        return cls(
            title=here.words.gettext("I messaggi della prova"),
            copies=[_line(row, here) for row in found],
            pages=at,
        )


def _line(row: database.Row, here: Here) -> CopyLine:
    return CopyLine(
        channel=channel(row["channel"], here),
        person=row["person"],
        recipient=row["recipient"],
        when=formatting.when(row["sent_at"], here.zone, here.words),
        language=i18n.shipped(row["language"]),
        subject=row["subject"],
        paragraphs=[part for part in row["body"].split("\n") if part],
    )


_COPIES = """
SELECT c.channel, c.recipient, c.subject, c.body, c.sent_at, coalesce(p.language, 'it') AS language,
  coalesce(i.given_name || ' ' || i.family_name, '') AS person
FROM outbox_copy c LEFT JOIN message m ON m.id = c.message_id LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN identity i ON i.person_id = m.person_id ORDER BY c.sent_at DESC, c.id DESC LIMIT {} OFFSET {}
"""
