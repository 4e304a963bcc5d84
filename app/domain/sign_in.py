"""Card code and PIN, on any browser: a new session, and on one's own phone a key that is known next time."""

from dataclasses import dataclass
from datetime import datetime

from app import database
from app.domain import attempt, audit, card, code, device, pin, session
from app.domain.actor import Actor
from app.domain.card import CardFacts
from app.domain.errors import CardRevoked, WrongCredentials
from app.domain.verb import verb


@dataclass(frozen=True, slots=True)
class Visit:
    """What the browser brings. `device_key` is the phone's own, known or newly minted; '' on a phone of others."""

    address: str
    browser: str
    device_key: str = ""


async def with_card(card_code: str, typed_pin: str, visit: Visit, *, actor: Actor, now: datetime) -> str:
    """The token of the new session; on a known phone the card code may be left out.

    Raises WrongCredentials, CardRevoked or TooManyAttempts.
    """
    known = await device.known(visit.device_key)
    found = await card.of(known[1]) if known and not card_code else await card.by_code(card_code)
    tries = await attempt.begin(*_scopes(card_code, found, known, visit), now=now)
    if not await pin.matches(found.pin_hash if found else "", typed_pin) or not found or not found.person_id:
        raise WrongCredentials(field="pin")
    if found.is_revoked:
        raise CardRevoked(field="card")
    await attempt.succeed(tries)
    return await _enter(found.person_id, visit, actor=actor, now=now)


def _scopes(card_code: str, found: CardFacts | None, known: tuple[int, int] | None, visit: Visit) -> list[str]:
    """Somebody's own phone counts alone: others can lock the card elsewhere, not there."""
    if found and known and known[1] == found.person_id:
        return [attempt.scope("device", known[0])]
    return [attempt.scope("card", code.read(card_code)), attempt.address(visit.address)]


@verb
async def _enter(person_id: int, visit: Visit, *, actor: Actor, now: datetime) -> str:
    known = await device.known(visit.device_key)
    device_id = await _device(person_id, visit, known, now=now)
    session_id, token = await session.start(
        "person",
        now=now,
        browser=visit.browser,
        person_id=person_id,
        device_id=device_id,
        is_shared=device_id is None,
    )
    await session.take_over(actor.session_id, session_id, now=now)
    entered = Actor("person", person_id, session_id, device=f"device:{device_id}" if device_id else "shared")
    await audit.record("person.signed_in", actor=entered, now=now, person_id=person_id)
    return token


async def _device(person_id: int, visit: Visit, known: tuple[int, int] | None, *, now: datetime) -> int | None:
    if known and known[1] == person_id:
        await database.execute("UPDATE device SET last_seen_at = {} WHERE id = {}", now, known[0])
        return known[0]
    await device.tell(person_id, now=now)
    return await device.add(person_id, visit.device_key, visit.browser, now=now) if visit.device_key else None


@verb
async def leave_phone(device_key: str, *, actor: Actor, now: datetime) -> None:
    """This phone forgets the person: its session, its key, its pushes."""
    await database.execute("UPDATE session SET ended_at = {} WHERE id = {}", now, actor.session_id)
    known = await device.known(device_key)
    if known and known[1] == actor.id:
        await device.forget(known[0], now=now)
