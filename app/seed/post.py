"""The post of days gone by: each message leaves at its own time, by the verbs the worker calls, and calls are made."""

from datetime import datetime, timedelta

from app.domain import delivery, demo, message
from app.domain.actor import SYSTEM
from app.seed.stage import ZONE, Stage
from app.views.reminder import worded

HOLDER = "demo"
SHOWN = timedelta(days=5)  # older copies would only bury the new ones
CALLS_FROM = 9
AT_ONCE = 200


async def deliver(now: datetime, today: datetime) -> None:
    """Everything due until `now`."""
    is_more = True
    while is_more:
        due = await message.claim(HOLDER, limit=AT_ONCE, now=now)
        for one in due:
            await _send(one, today)
        is_more = len(due) == AT_ONCE


async def _send(due: message.Due, today: datetime) -> None:
    at = due.due_at + timedelta(seconds=20)
    attempt = await delivery.begin(due, now=at)
    if attempt is None:
        return
    if at > today - SHOWN:
        await _copy(attempt, at)
    await delivery.sent(attempt, has_arrived=False, now=at)


async def _copy(attempt: delivery.Attempt, at: datetime) -> None:
    told = await worded(attempt.message_ids, at)
    channel, subject, body = attempt.way.channel, "", told.sms
    if channel == "email":
        subject, body = told.subject, told.text
    number, recipient = attempt.due.id, attempt.way.value
    await demo.keep_copy(channel, recipient, body, subject=subject, message_id=number, actor=SYSTEM, now=at)


async def call(stage: Stage, now: datetime) -> None:
    """The call centre rings who wants to be rung, and notes what came of it."""
    if now.astimezone(ZONE).weekday() == 6:
        return
    who = await stage.worker("telefono", now)
    for territory_id in who.scopes("call_centre", scope_kind="territory"):
        for number, one in enumerate(await message.to_call(territory_id, now=now)):
            outcome: message.Outcome = "no_answer" if number % 9 == 8 else "confirmed"
            await message.record_call({one.message_id: outcome}, actor=who, now=now + timedelta(minutes=4 * number))
