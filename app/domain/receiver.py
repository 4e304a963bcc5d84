"""For whom somebody signed in may book one service, and why not for the others of theirs."""

from dataclasses import dataclass
from datetime import date, datetime

from app import database
from app.domain import checkout, household
from app.domain.eligibility import Terms
from app.domain.errors import Refusal
from app.domain.household import Receiver


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody the person may book for; `refused` says why not this service; `last` received it the last time."""

    people: list[Receiver]
    refused: dict[int, Refusal]
    last: int

    @property
    def meant(self) -> list[Receiver]:
        return [one for one in self.people if one.person_id not in self.refused]


async def candidates(
    person_id: int, service_id: int, terms: Terms, day: date, *, now: datetime, is_afresh: bool = False
) -> Candidates:
    """`day` is when the service would be received. Who may book for nobody else is not asked: nothing is looked up.

    `is_afresh`: whoever it was the last time is not looked up either.
    """
    people = await household.who_can_receive(person_id, now)
    if len(people) == 1:
        return Candidates(people, {}, person_id)
    refused = await checkout.refusals([one.person_id for one in people], service_id, terms, day)
    last = 0 if is_afresh else await _last(person_id, service_id)
    return Candidates(people, {who: why for who, why in refused.items() if why}, last)


async def _last(person_id: int, service_id: int) -> int:
    """Whoever received this service when the person last booked it; 0 the first time, and where it is confidential."""
    found: int | None = await database.scalar(
        "SELECT b.receiver_id FROM booking b JOIN service s ON s.id = b.service_id AND NOT s.is_confidential "
        "WHERE b.booked_by = {} AND b.service_id = {} AND b.state NOT IN ('cancelled', 'refused') "
        "ORDER BY b.booked_at DESC, b.id LIMIT 1",
        *(person_id, service_id),
    )
    return found or 0
