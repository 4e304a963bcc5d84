"""Text messages: a port; a real provider is a class of its own beside the console."""

from datetime import datetime
from typing import Protocol

from app.gateways import console


class Sms(Protocol):
    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        """Raises Temporary or Permanent. The same `tag` again is the same message again."""


class ConsoleSms:
    async def send(self, number: str, text: str, *, tag: str, message_id: int, now: datetime) -> None:
        await console.keep("sms", number, text, message_id=message_id, now=now)
