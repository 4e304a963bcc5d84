"""Writes down what would have been sent: developers read it on the terminal, the demo shows it on a page."""

import logging
from datetime import datetime

from app import database

log = logging.getLogger("vicino.console")


async def keep(channel: str, recipient: str, body: str, *, message_id: int, now: datetime, subject: str = "") -> None:
    log.info("%s to %s: %s", channel, recipient, subject or body)
    await database.execute(
        "INSERT INTO outbox_copy (channel, recipient, subject, body, message_id, sent_at) "
        "VALUES ({}, {}, {}, {}, {}, {})",
        channel,
        recipient,
        subject,
        body,
        message_id,
        now,
    )
