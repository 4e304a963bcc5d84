"""A centre whose door is open at every hour: who comes today, who came yesterday, and a call that is due."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import booking, checkout, for_whom, plan_exception, service, slot_hold
from app.domain.actor import SYSTEM, Actor
from app.domain.service import Draft, DraftPlace, Plan, Terms, Text
from tests.rows import insert
from tests.timetable import WHO

SLUG = "porta-aperta"
ROME = ZoneInfo("Europe/Rome")
LATEST = 22  # the last hour at which a visit of one hour ends on the same day
_SAID = "Vieni quando vuoi: c'è sempre qualcuno."
_TEXT = Text("Porta aperta", _SAID, _SAID, _SAID, _SAID, _SAID, _SAID, _SAID)
_TERMS = Terms(mode="centre", price=1200, owner="Segreteria", notice_hours=0, capacity=20)


async def publish(like: str, now: datetime) -> int:
    """A service of the provider and at the place of the service `like`: where it is given."""
    found = await database.row(
        "SELECT s.territory_id, s.provider_id, c.code, sp.place_id FROM service s JOIN category c "
        "ON c.id = s.category_id JOIN service_place sp ON sp.service_id = s.id WHERE s.slug = {} ORDER BY sp.id",
        like,
    )
    assert found
    always = Plan("FREQ=DAILY", "00:00", "23:00", (now - timedelta(days=30)).date())
    where = (DraftPlace(found["place_id"], plans=(always,)),)
    draft = Draft(SLUG, found["provider_id"], found["code"], _TERMS, {"it": _TEXT}, places=where)
    made = await service.create_draft(found["territory_id"], draft, actor=SYSTEM, now=now)
    await service.publish(made, actor=SYSTEM, now=now)
    return int(await database.scalar("SELECT id FROM service_place WHERE service_id = {}", made))


async def also_on(days: Iterable[date], place: int) -> None:
    """Holidays or not."""
    for day in days:
        await plan_exception.change_day(place, day, "open", "", starts="00:00", ends="23:00", **WHO)


def today(now: datetime) -> date:
    return now.astimezone(ROME).date()


def hour(now: datetime, latest: int = LATEST) -> datetime:
    """The hour that `now` is in at the centre, or the latest that is asked for."""
    local = now.astimezone(ROME)
    return local.replace(hour=min(local.hour, latest), minute=0, second=0, microsecond=0).astimezone(UTC)


async def book(place: int, at: datetime, actor: Actor, *, now: datetime) -> str:
    """For the actor: nothing is asked there."""
    held = await slot_hold.hold(place, at, 1, token="", address_hash="", actor=actor, now=now)
    await for_whom.choose(held, actor.id, actor=actor, now=now)
    shown = (await checkout.split_of(await checkout.load(held, actor=actor, now=now), now=now)).mark
    return await booking.book(held, shown, actor=actor, now=now)


async def answers(slug: str) -> dict[str, str]:
    """The first answer to each question of a service."""
    asked = await database.rows(
        "SELECT q.id, q.choices FROM question q JOIN service s ON s.id = q.service_id WHERE s.slug = {}", slug
    )
    return {f"q{row['id']}": row["choices"].split("\n")[0] or "Va bene così" for row in asked}


async def call_due(person_id: int, code: str, *, now: datetime) -> None:
    booked = await database.scalar("SELECT id FROM booking WHERE code = {}", code)
    facts = {"kind": "reminder", "state": "to_call", "due_at": now, "useless_after": now + timedelta(hours=8)}
    await insert("message", person_id=person_id, booking_id=booked, created_at=now, **facts)
