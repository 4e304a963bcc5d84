"""A message counts as sent a moment before it is."""

import asyncio

from app import cli, worker
from app.domain import delivery
from app.domain.delivery import Attempt
from app.views.delivery import Told
from app.worker import Worker

NOTICED_BY = "reminders lost"

SOON = 0.3  # seconds
real = Worker._send


async def send(self: Worker, attempt: Attempt, told: Told) -> bool:
    await delivery.sent(attempt, has_arrived=False, now=self.now())
    await asyncio.sleep(SOON)
    return await real(self, attempt, told)


worker.Worker._send = send  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
