"""Writes down what would have been sent: the demo shows it on a page; the log says only that there was something."""

import logging
from datetime import datetime

from app import database

log = logging.getLogger("vicino.console")


async def keep(channel: str, recipient: str, body: str, *, message_id: int, now: datetime, subject: str = "") -> None:
    log.info("%s of message %s", channel, message_id)
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
