"""A message that is sent again after a restart has another name: it stands on the phone a second time."""

import asyncio
import os
from datetime import datetime

from app import cli
from app.domain import delivery
from app.domain.delivery import Attempt

NOTICED_BY = "reminders that stand on a phone under two names"

LATER = 0.3  # seconds, so that a kill surely comes between sending and writing down
real = delivery.sent


def tag_of(message_id: int) -> str:
    return f"{message_id}-{os.getpid()}"


async def sent(attempt: Attempt, *, has_arrived: bool, texts_tell: bool = False, now: datetime) -> None:
    await asyncio.sleep(LATER)
    await real(attempt, has_arrived=has_arrived, texts_tell=texts_tell, now=now)


delivery.tag_of = tag_of
delivery.sent = sent

if __name__ == "__main__":
    cli.main()
