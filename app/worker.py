"""One loop: claim due messages, word them, send them outside any transaction, write down what came of it.

Beside the application on SQLite, processes of its own (`vicino worker`) on PostgreSQL, as many as wanted: a lease and
a row's lock decide who does what. A crash between sending and writing down repeats the message with the same tag and
Message-ID, so that a phone or mailbox knows it again.
"""

import asyncio
import logging
import os
import secrets as random_source
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app import addresses, database, schedule
from app.config import Secrets, Settings
from app.domain import clock, delivery, message, push, receipt, seal
from app.domain.actor import SYSTEM
from app.domain.delivery import Attempt, Phone
from app.domain.message import Due
from app.gateways import Permanent, Temporary
from app.gateways.mail import ConsoleMail, Letter, Mail, SmtpMail
from app.gateways.returned_mail import ImapMailbox, Mailbox, NoMailbox
from app.gateways.sms import ConsoleSms, HttpSms, Sms
from app.gateways.web_push import DemoPush, NoPush, Push, ServicePush, WebPush
from app.views import week_reader
from app.views.delivery import Told
from app.views.reminder import worded

AT_ONCE = 64  # messages begun a moment ago
AT_LEAST = 16  # are claimed together, where so many are due
SLOW = 0.5  # seconds after which a message on its way takes no other's place: a silent host holds up its own alone
MOST = 512  # on their way, the slow ones too
PAUSE = 1.0
MAILBOX, LOOKS_EVERY = "mailbox", timedelta(minutes=2)
TIME_TO_FINISH = 3.0  # seconds, when the process is told to stop
PATIENCE = 90.0  # for one message, well inside its lease
log = logging.getLogger("vicino.worker")


@dataclass(frozen=True, slots=True)
class Gateways:
    push: WebPush
    mail: Mail
    sms: Sms
    mailbox: Mailbox = field(default_factory=NoMailbox)


def gateways(chosen: Settings, keys: Secrets) -> Gateways:
    service: WebPush = ServicePush(chosen.push_hosts, keys.vapid, chosen.push_contact)
    return Gateways(DemoPush(service) if chosen.is_demo else service, _mail(chosen), _sms(chosen), _mailbox(chosen))


def _mailbox(chosen: Settings) -> Mailbox:
    if not chosen.imap_host:
        return NoMailbox()
    return ImapMailbox(
        host=chosen.imap_host,
        port=chosen.imap_port,
        user=chosen.imap_user,
        password=chosen.imap_password,
        tls=chosen.imap_tls,
        folder=chosen.imap_folder,
    )


def _sms(chosen: Settings) -> Sms:
    if chosen.sms_gateway == "console":
        return ConsoleSms()
    tells = chosen.sms_tells_status
    return HttpSms(chosen.sms_url, chosen.sms_token, chosen.sms_sender, chosen.public_url, tells_status=tells)


def _mail(chosen: Settings) -> Mail:
    if not chosen.smtp_host:
        return ConsoleMail()
    return SmtpMail(
        host=chosen.smtp_host,
        port=chosen.smtp_port,
        user=chosen.smtp_user,
        password=chosen.smtp_password,
        tls=chosen.smtp_tls,
        sender=chosen.smtp_from,
        domain=chosen.public_url.partition("://")[2].partition(":")[0],
    )


class OnTheirWay:
    """The messages being sent; `room` is for how many more, and grows when one is sent or has become slow."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self.slow: set[asyncio.Task[None]] = set()
        self.has_room = asyncio.Event()

    @property
    def room(self) -> int:
        return min(AT_ONCE - len(self.tasks) + len(self.slow), MOST - len(self.tasks))

    def begin(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(telling)
        self.tasks.add(task)
        growing_old = asyncio.get_running_loop().call_later(SLOW, self._is_slow, task)
        task.add_done_callback(lambda _: growing_old.cancel())
        task.add_done_callback(self._is_done)

    def _is_slow(self, task: asyncio.Task[None]) -> None:
        self.slow.add(task)
        self._look()

    def _is_done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.slow.discard(task)
        self._look()

    def _look(self) -> None:
        if self.room >= AT_LEAST:
            self.has_room.set()


class Worker:
    def __init__(self, outside: Gateways, now: Callable[[], datetime] = clock.now) -> None:
        self.outside = outside
        self.now = now
        self.holder = f"{os.getpid()}-{random_source.token_hex(4)}"
        self.next_turn: dict[str, datetime] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is on its way then is finished first, and what is not goes back to the others."""
        on_their_way, recurring = OnTheirWay(), asyncio.create_task(self._recur(stop))
        while not stop.is_set():
            room = on_their_way.room
            due = await self._claim(room)
            for one in due:
                on_their_way.begin(self.tell(one))
            on_their_way.has_room.clear()
            await _first(PAUSE, stop, *([on_their_way.has_room] if len(due) == room else []))
        await _finish(on_their_way.tasks | {recurring})
        await message.give_back(self.holder)
        await seal.give_back(self.holder, now=self.now())

    async def _recur(self, stop: asyncio.Event) -> None:
        """Beside the messages: what recurs may take long, and nobody's reminder waits for it."""
        while not stop.is_set():
            await self.do_recurring()
            await self.read_returned()
            await _first(PAUSE, stop)

    async def once(self) -> int:
        """Tells what is due now, and waits for it; how many messages that were."""
        due = await self._claim(AT_ONCE)
        await asyncio.gather(*(self.tell(one) for one in due))
        return len(due)

    async def _claim(self, room: int) -> list[Due]:
        if room <= 0:
            return []
        try:
            return await message.claim(self.holder, limit=room, now=self.now())
        except Exception:
            log.exception("nothing could be claimed")
            return []

    async def tell(self, due: Due) -> None:
        """One message, one try; nothing that goes wrong with it stops the others."""
        try:
            attempt = await delivery.begin(due, now=self.now())
            if attempt is not None:
                await self._try(attempt)
        except Exception:
            log.exception("message %s could not be handled", due.id)

    async def _try(self, attempt: Attempt) -> None:
        told = await _told(attempt, self.now())
        try:
            async with asyncio.timeout(PATIENCE):
                has_arrived = await self._send(attempt, told)
        except Permanent as error:
            await delivery.failed(attempt, str(error), now=self.now())
        except Temporary as error:
            await delivery.put_off(attempt, str(error), error.after, now=self.now())
        except TimeoutError:
            await delivery.put_off(attempt, "no answer", timedelta(0), now=self.now())
        else:
            tells = self.outside.sms.tells_status
            await delivery.sent(attempt, has_arrived=has_arrived, texts_tell=tells, now=self.now())

    async def _send(self, attempt: Attempt, told: Told) -> bool:
        way, number = attempt.way, attempt.due.id
        if way.channel == "push":
            return await self._push(attempt, told)
        if way.channel == "email":
            letter = Letter(way.value, told.subject, told.text, told.html, told.language, told.unsubscribe)
            await self.outside.mail.send(letter, tag=attempt.letter, message_id=number, now=self.now())
        else:
            await self.outside.sms.send(way.value, told.sms, tag=attempt.reference, message_id=number, now=self.now())
        return False

    async def _push(self, attempt: Attempt, told: Told) -> bool:
        """To all the person's phones; it has been told when one of them took it."""
        receipt = addresses.url("push_receipt", reference=attempt.reference)
        buttons = [{"action": action, "title": words} for words, action in told.buttons]
        payload = {**told.push, "address": told.address, "tag": attempt.tag, "receipt": receipt}
        payload |= {"actions": buttons} if buttons else {}
        made = Push(payload, attempt.tag, told.is_urgent, attempt.useless_after)
        outcomes = await asyncio.gather(*(self._push_to(phone, made, attempt) for phone in attempt.way.phones))
        taken = [one for one in outcomes if isinstance(one, bool)]
        failures = [one for one in outcomes if isinstance(one, Exception)]
        if not taken:
            raise min(failures, key=lambda failure: isinstance(failure, Permanent))
        return any(taken)

    async def _push_to(self, phone: Phone, made: Push, attempt: Attempt) -> bool | Temporary | Permanent:
        try:
            return await self.outside.push.send(phone, made, message_id=attempt.due.id, now=self.now())
        except Temporary as error:
            return error
        except Permanent as error:
            if error.is_gone:
                await push.end(phone.id, now=self.now())
            return error

    async def do_recurring(self) -> None:
        for recurring in schedule.SCHEDULE:
            now = self.now()
            if now < self.next_turn.get(recurring.verb, now):
                continue
            self.next_turn[recurring.verb] = now + recurring.every
            try:
                await schedule.run(recurring, holder=self.holder, now=now)
            except Exception:
                log.exception("%s failed", recurring.verb)

    async def read_returned(self) -> None:
        """Letters that came back are followed by the next channel; each is marked when that is written down."""
        now = self.now()
        if now < self.next_turn.get(MAILBOX, now):
            return
        self.next_turn[MAILBOX] = now + LOOKS_EVERY
        try:
            reports = await self.outside.mailbox.read()
            for one in reports:
                await receipt.came_back(one.letter, actor=SYSTEM, now=now)
            await self.outside.mailbox.mark(reports)
        except OSError as error:
            log.warning("%s", error)
        except Exception:
            log.exception("letters that came back could not be handled")


class Past(Worker):
    """Tells the messages of a demo's invented past, each at the moment it was due, and to the console alone."""

    def __init__(self, begins: datetime) -> None:
        self.at = begins
        super().__init__(Gateways(DemoPush(NoPush()), ConsoleMail(), ConsoleSms()), lambda: self.at)

    async def tell_until(self, now: datetime) -> None:
        while (due_at := await message.next_due()) and due_at <= now:
            self.at = max(self.at, due_at)
            await self.once()
        self.at = max(self.at, now)


async def _first(seconds: float, *events: asyncio.Event) -> None:
    """Until one of them happens, or for so long."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def _told(attempt: Attempt, now: datetime) -> Told:
    if attempt.due.kind in week_reader.KINDS:
        return await week_reader.told(attempt.due.id, now)
    return await worded(attempt.message_ids, now)


async def _finish(tasks: set[asyncio.Task[None]]) -> None:
    """What takes longer is told again, by whoever claims it next."""
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=TIME_TO_FINISH)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


@asynccontextmanager
async def beside(worker: Worker) -> AsyncIterator[None]:
    """Works while the application answers, and finishes its piece before the database closes."""
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running
        await worker.outside.push.close()


async def alone(worker: Worker) -> None:
    """`vicino worker`: until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await database.start()
    try:
        await worker.run(stop)
    finally:
        await worker.outside.push.close()
        await database.stop()
