"""People with credit who each hold a time of their own and have only to confirm it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import database
from app.domain import for_whom, fund, person, session, slot, slot_hold
from app.domain.actor import SYSTEM, Actor
from app.domain.errors import SlotFull
from app.domain.person import NewPerson
from tests.visitor import begin_session

CREDIT_CENTS, TIMES_A_PLACE = 50_000, 50


@dataclass(frozen=True, slots=True)
class Holder:
    hold: int
    cookie: str

    @property
    def path(self) -> str:
        return f"/tradate/prenotazione-in-corso/{self.hold}/riepilogo"


async def gather(number: int, now: datetime) -> list[Holder]:
    """As many as asked for, each with another time of Tradate's services for everybody."""
    territory = await database.scalar("SELECT id FROM territory WHERE slug = 'tradate'")
    credit = await _fund(number, now)
    found: list[Holder] = []
    async with database.whole():
        async for place, starts_at in _free(territory, now):
            if len(found) == number:
                break
            try:
                async with database.attempt():
                    found.append(await _holder(len(found), territory, credit, place, starts_at, now))
            except SlotFull:
                continue  # it overlaps the time before, at the same person or room
    if len(found) < number:
        raise RuntimeError(f"only {len(found)} free times for {number} people")
    return found


async def _fund(number: int, now: datetime) -> int:
    until = now.date() + timedelta(days=300)
    terms = fund.Terms("folla", "Credito della folla", "Folla", now.date(), until)
    funder = await database.scalar("SELECT min(id) FROM funder")
    made = await fund.create_fund(funder, terms, actor=SYSTEM, now=now)
    await fund.pay_in(made, 9 * number * CREDIT_CENTS, reason="bench", actor=SYSTEM, now=now)
    return made


async def _free(territory: int, now: datetime) -> AsyncIterator[tuple[int, datetime]]:
    """Times of services for every adult who says nothing more, each offered once."""
    places = await database.rows(
        "SELECT sp.id FROM service_place sp JOIN service s ON s.id = sp.service_id WHERE s.territory_id = {} "
        "AND s.status = 'published' AND s.action = 'book' AND s.mode <> 'home' AND s.price > 0 "
        "AND coalesce(s.min_age, 0) < 40 AND s.max_age IS NULL AND NOT s.needs_approval "
        "AND NOT EXISTS (SELECT 1 FROM question q WHERE q.service_id = s.id) ORDER BY sp.id",
        territory,
    )
    for place in places:
        for time in await slot.next_times(place["id"], now=now, limit=TIMES_A_PLACE):
            yield place["id"], time.starts_at


async def _holder(number: int, territory: int, credit: int, place: int, starts_at: datetime, now: datetime) -> Holder:
    new = NewPerson(f"Persona{number}", "Folla", date(1980, 1, 1))
    made = await person.enrol(new, territory_id=territory, needs_card=False, actor=SYSTEM, now=now)
    until = now.date() + timedelta(days=300)
    await fund.issue(credit, CREDIT_CENTS, until, person_id=made, actor=SYSTEM, now=now)
    token = await begin_session("person", made, now=now)
    found = await session.load(token, now)
    assert found is not None
    return Holder(await _hold(place, starts_at, found.actor, now), f"vicino={token}")


async def _hold(place: int, starts_at: datetime, who: Actor, now: datetime) -> int:
    held = await slot_hold.hold(place, starts_at, 1, token="", address_hash="", actor=who, now=now)
    return await for_whom.choose(held, who.id, actor=who, now=now)
