"""People with an appointment each and one reminder of it, in bulk: rows as the verbs write them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app import database
from app.domain import code, vault
from app.domain.booking import CODE_LENGTH
from app.domain.contact import Channel, _index
from app.domain.reminder import useless_after
from app.seed import scale
from tests.people import Cast
from tests.proving.town import PRICE, ROOM
from tests.rows import insert
from tests.timetable import Timetable

FIRST = 1_000_000  # the number of the first of them


@dataclass(frozen=True, slots=True)
class Reminded:
    """`phone` is the address of the one they have, '' for none; `ways` in their order, a push first."""

    number: int
    phone: str
    ways: tuple[tuple[Channel, str], ...]
    due_at: datetime


@dataclass
class Agenda:
    """Where they all go: one service with room for everybody. A group has one start."""

    cast: Cast
    keys: dict[str, Any]
    place: database.Row
    groups: int = 0
    codes: set[str] = field(default_factory=set)

    async def add(self, people: Sequence[Reminded], *, now: datetime, hours: int = 48) -> None:
        """`hours` to the appointment, more or less."""
        self.groups += 1
        full = now.replace(minute=0, second=0, microsecond=0)
        starts_at = full + timedelta(hours=hours, minutes=self.groups)
        async with database.whole():
            slot = await insert(
                "slot",
                service_place_id=self.place["id"],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=30),
                capacity=ROOM * 10,
                taken=len(people),
            )
            await _people(people, self.cast.tradate, now)
            await _phones(people, self.keys, now)
            await _bookings(people, self._new_codes(len(people)), self.place, slot, now)
            await _messages(people, useless_after(starts_at), now)

    def _new_codes(self, number: int) -> list[str]:
        """Of a hundred thousand by chance two may be the same."""
        made: list[str] = []
        while len(made) < number:
            if (minted := code.mint(CODE_LENGTH)) not in self.codes:
                self.codes.add(minted)
                made.append(minted)
        return made


async def agenda(cast: Cast, keys: dict[str, Any]) -> Agenda:
    """Where it is eleven in the morning: a proof that runs at night must not wait for the day."""
    made = await (await Timetable(cast).open()).service("corso", price=PRICE, capacity=ROOM)
    place = await database.row(
        "SELECT p.id, p.service_id, s.provider_id, s.territory_id FROM service_place p "
        "JOIN service s ON s.id = p.service_id WHERE p.id = {}",
        made,
    )
    assert place is not None
    east = (11 - datetime.now(UTC).hour + 12) % 24 - 12
    await database.execute("UPDATE territory SET zone = {} WHERE id = {}", f"Etc/GMT{-east:+d}", cast.tradate)
    return Agenda(cast, keys, place)


def person_id(number: int) -> int:
    return FIRST + number


async def _people(people: Sequence[Reminded], territory: int, now: datetime) -> None:
    keys = {one.number: vault.new_key(person_id(one.number)) for one in people}
    ids = [(one, person_id(one.number)) for one in people]

    def sealed(one: Reminded, value: str) -> str:
        return vault.encrypt_with(keys[one.number][0], person_id(one.number), "contact", value)

    added = ((i, "enrolled", "it", now) for _, i in ids)
    await scale._insert("person", ("id", "kind", "language", "created_at"), added)
    wrapped = ((i, keys[one.number][1]) for one, i in ids)
    await scale._insert("person_key", ("person_id", "wrapped"), wrapped)
    names = ("person_id", "given_name", "family_name", "folded_name")
    await scale._insert("identity", names, ((i, "Ada", f"Prova {one.number}", "prova ada") for one, i in ids))
    enrolled = ((i, territory, now) for _, i in ids)
    await scale._insert("enrolment", ("person_id", "territory_id", "enrolled_at"), enrolled)
    columns = ("person_id", "channel", "position", "value_encrypted", "value_index", "added_at")
    contacts = (
        (
            i,
            channel,
            position,
            vault.encrypt_with(keys[one.number][0], i, "contact", value),
            _index(channel, value),
            now,
        )
        for one, i in ids
        for position, (channel, value) in enumerate(one.ways, 1)
    )
    await scale._insert("contact", columns, contacts)


async def _phones(people: Sequence[Reminded], keys: dict[str, Any], now: datetime) -> None:
    columns = ("person_id", "endpoint", "p256dh", "auth", "added_at")
    known = keys["p256dh"], keys["auth"], now
    rows = ((person_id(one.number), one.phone, *known) for one in people if one.phone)
    await scale._insert("push_subscription", columns, rows)


async def _bookings(
    people: Sequence[Reminded], codes: Sequence[str], place: database.Row, slot: int, now: datetime
) -> None:
    """A person's booking has the person's number."""
    columns = (
        *("id", "code", "territory_id", "service_id", "service_place_id", "provider_id", "slot_id"),
        *("booked_by", "receiver_id", "payer_id", "state", "quantity", "unit_price", "price", "own", "booked_at"),
    )
    where = place["territory_id"], place["service_id"], place["id"], place["provider_id"], slot
    ids = (person_id(one.number) for one in people)
    paid = "confirmed", 1, PRICE, PRICE, PRICE, now
    rows = ((i, known, *where, i, i, i, *paid) for i, known in zip(ids, codes, strict=True))
    await scale._insert("booking", columns, rows)


async def _messages(people: Sequence[Reminded], useless: datetime, now: datetime) -> None:
    columns = ("person_id", "booking_id", "kind", "lead_hours", "due_at", "useless_after", "state", "created_at")
    rows = ((person_id(o.number), person_id(o.number), "reminder", 48, o.due_at, useless, "due", now) for o in people)
    await scale._insert("message", columns, rows)
