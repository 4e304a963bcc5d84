"""Tells the demo: all of it to an empty database, and on every later day what makes that day alive.

One transaction: a demo is told whole or not at all, and a second start on the same day finds the mark and does nothing.
"""

from datetime import date, datetime, timedelta

from app import database
from app.domain import demo, purse, slot
from app.domain.actor import SYSTEM
from app.seed import catalogue, families, funds, history, people, post, stories, today, without_line
from app.seed.acts import Timeline
from app.seed.families import Families
from app.seed.stage import Stage, at

POST_HOURS = tuple(range(7, 22, 2))
RENEWED = (0, 40, 140)  # days of the story after which tables have grown


async def tell(now: datetime) -> bool:
    """May be called at every start; False where the day was told before, or where real people are."""
    if await demo.is_told(now) or not await demo.may_be_told():
        return False
    async with database.whole():
        await demo.lock()
        if await demo.is_told(now):
            return False
        last = await demo.told_until()
        stage = await (_begin(now) if last is None else _go_on(now))
        await post.deliver(now, now)
        await stage.leave(now)
        while await slot.refresh_stale(actor=SYSTEM, now=now):
            pass
        await demo.mark_told(today.day_of(now), actor=SYSTEM, now=now)
    return True


async def _begin(now: datetime) -> Stage:
    first = at(today.day_of(now) - timedelta(days=families.HISTORY_DAYS + 14), "08:30")
    await catalogue.seed(first)
    await funds.seed(first)
    await people.seed_staff(first)
    stage = await Stage.load()
    await people.seed_people(stage, first)
    enrolled = first + timedelta(days=1)
    await people.seed_households(stage, enrolled)
    await people.seed_delegations(stage, enrolled)
    await today.change_plans(stage, now)
    await _play_history(stage, enrolled, now)
    await without_line.tell(stage, now)
    await _tell_today(stage, now)
    return stage


async def _play_history(stage: Stage, given: datetime, now: datetime) -> None:
    everybody, timeline = Families(stage), Timeline()
    await stories.give_credit(stage, given, now)
    await families.give_credit(stage, everybody, given, now)
    await history.give_credit(stage, given, now)
    await stories.plan(stage, timeline, now)
    await families.plan(stage, everybody, timeline, now)
    history.plan(stage, timeline, now)
    timeline.add(now - timedelta(days=4), lambda _: stories.fill_lesson(stage, now))
    _plan_post(stage, timeline, today.day_of(given), now)
    for days in RENEWED:
        timeline.add(given + timedelta(days=days), lambda _: database.renew_plans())
    await timeline.play(now)


def _plan_post(stage: Stage, timeline: Timeline, first: date, now: datetime) -> None:
    day = first
    while day <= today.day_of(now):
        for hour in POST_HOURS:
            timeline.add(at(day, f"{hour:02}:00"), lambda at_: post.deliver(at_, now))
        timeline.add(at(day, "10:12"), lambda at_: post.call(stage, at_))
        day += timedelta(days=1)


async def _go_on(now: datetime) -> Stage:
    stage = await Stage.load()
    await catalogue.seed(now)
    await purse.expire_due(now=now)
    await today.change_plans(stage, now)
    await without_line.tell(stage, now)
    await today.close_old_rows(stage, now)
    await stories.fill_lesson(stage, now)
    await _tell_today(stage, now)
    return stage


async def _tell_today(stage: Stage, now: datetime) -> None:
    await stories.keep(stage, now)
    await today.leave_open(stage, now)
    await today.ines_day(stage, now)
    await today.within_the_hour(stage, now)
    await today.remind_this_morning(stage, now)
    await today.book_coming_days(stage, now)
    await today.fill_one_service(stage, now)
    await today.ask_something(stage, now)
