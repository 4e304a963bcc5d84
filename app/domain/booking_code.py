"""A booking's code and one more fact, the date of birth or the end of the telephone number, open that one booking."""

from dataclasses import dataclass
from datetime import date, datetime

from app import database
from app.domain import attempt, audit, booking, code, contact, identity, session, vault
from app.domain.actor import Actor
from app.domain.errors import WrongBookingCode
from app.domain.sign_in import Visit
from app.domain.verb import verb


@dataclass(frozen=True, slots=True)
class Opened:
    """`token` is '' where the visitor's own session goes on."""

    booking_code: str
    token: str


async def open_booking(
    typed_code: str, *, born_on: date | None, digits: str, visit: Visit, actor: Actor, now: datetime
) -> Opened:
    """A wrong code and a wrong fact get the same WrongBookingCode; tries are limited."""
    read = code.booking(typed_code)
    tries = await attempt.begin(attempt.scope("booking", read), attempt.address(visit.address), now=now)
    booked = await database.row(
        "SELECT id, receiver_id, booked_by, day_phone_encrypted FROM booking WHERE code = {}", read
    )
    if booked is None or not await _is_right(booked, born_on, digits):
        raise WrongBookingCode(field="code")
    await attempt.succeed(tries)
    return Opened(read, await _grant(booked["id"], visit, actor=actor, now=now))


@verb
async def _grant(booking_id: int, visit: Visit, *, actor: Actor, now: datetime) -> str:
    session_id, token = actor.session_id, ""
    if not session_id:
        session_id, token = await session.start("anonymous", now=now, browser=visit.browser)
    await booking.grant(session_id, booking_id, now=now)
    await audit.record("booking.opened_by_code", actor=actor, now=now, subject_kind="booking", subject_id=booking_id)
    return token


async def _is_right(booked: database.Row, born_on: date | None, digits: str) -> bool:
    people = {booked["receiver_id"], booked["booked_by"]}
    if born_on:
        return born_on in [facts.born_on for facts in (await identity.facts_of(people)).values()]
    if len(digits) != 3 or not digits.isdigit():
        return False
    phones = [await vault.decrypt(booked["receiver_id"], "booking_phone", booked["day_phone_encrypted"])]
    for person_id in people:
        phones += [each.value for each in await contact.of(person_id) if each.channel in ("sms", "call")]
    return any(phone.endswith(digits) for phone in phones)
