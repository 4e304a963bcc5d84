"""A worker and the mailbox its letters arrive in, at the clock of a visitor."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from app import schedule
from app.gateways.mail import Letter
from app.gateways.sms import ConsoleSms
from app.gateways.web_push import DemoPush, NoPush
from app.worker import Gateways, Worker
from tests.visitor import ORIGIN, Clock


@dataclass
class Mailbox:
    """`letters` as they arrived, each with its tag; a repeated one shares it. `fails`: the worker dies after each."""

    clock: Clock
    letters: list[Letter] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    fails: bool = False

    async def send(self, letter: Letter, *, tag: str, message_id: int, now: datetime) -> None:
        self.letters.append(letter)
        self.tags.append(tag)
        if self.fails:
            raise RuntimeError("the worker dies here")

    def worker(self) -> Worker:
        return Worker(Gateways(DemoPush(NoPush()), self, ConsoleSms()), self.clock)

    async def work(self) -> list[Letter]:
        """What is written and sent now by one worker that starts."""
        before, worker = len(self.letters), self.worker()
        for recurring in schedule.SCHEDULE:
            if recurring.verb.startswith("week_reader."):
                await schedule.run(recurring, holder=worker.holder, now=self.clock())
        while await worker.once():
            pass
        return self.letters[before:]


def links(letter: Letter) -> list[str]:
    """Paths of this site in a letter's text."""
    return [found.removeprefix(ORIGIN) for found in re.findall(rf"{re.escape(ORIGIN)}\S+", letter.text)]
