"""A family at the Social Point: a child is written down beside a parent, in one piece."""

from datetime import datetime
from typing import Literal

from app.domain import access, audit, delegation, enrolment, household, identity, ledger, person
from app.domain.actor import Actor
from app.domain.delegation import Scope, Terms
from app.domain.errors import AlreadyEnrolled, InvalidInput, NotFound
from app.domain.person import NewPerson
from app.domain.verb import Key, verb

ALL_OF_IT: frozenset[Scope] = frozenset({"see", "book", "spend"})


@verb
async def add_child(
    parent_id: int,
    new: NewPerson,
    kind: Literal["parent", "guardian"],
    *,
    territory_id: int,
    actor: Actor,
    now: datetime,
    key: Key | None = None,
) -> int:
    """Enrolled without a card, in the parent's household, with the parent's declaration; the delegation's id.

    Staff saw the papers. A child whom the other parent brought before is the same child. Raises NotFound,
    InvalidInput, AlreadyEnrolled.
    """
    if not await access.sees(actor, parent_id):
        raise NotFound()
    today = ledger.day(now)
    if not delegation.is_minor(new.born_on, today):
        raise InvalidInput(field="child_born_on")
    child = await _known(parent_id, new) or await person.add(new, "enrolled", now=now)
    await enrolment.add(child, territory_id, None, actor=actor, now=now)
    await audit.record("person.enrolled", actor=actor, now=now, person_id=child, territory_id=territory_id)
    await household.take_in(child, parent_id, new.family_name, actor=actor, now=now)
    given = await delegation.write_down(child, Terms(parent_id, kind, ALL_OF_IT, today), actor=actor, now=now)
    await household.declare(child, parent_id, kind, actor, now)
    return given


async def _known(parent_id: int, new: NewPerson) -> int | None:
    """By the fiscal code, or by name and day of birth among those who live with this parent."""
    coded = await identity.person_with_fiscal_code(new.fiscal_code) if new.fiscal_code else None
    if coded is not None:
        if not await _is_same(coded, new):
            raise AlreadyEnrolled(field="fiscal_code", person_id=0)
        return coded
    for member in await household.members(parent_id):
        if await _is_same(member.person_id, new):
            return member.person_id
    return None


async def _is_same(person_id: int, new: NewPerson) -> bool:
    facts = (await identity.facts_of([person_id])).get(person_id)
    if facts is None or facts.born_on != new.born_on:
        return False
    return identity.fold(facts.full_name) == identity.fold(f"{new.given_name} {new.family_name}")


async def trusted_person(typed: str, *, actor: Actor) -> int:
    """Whose card or fiscal code was typed, among those this desk may see; 0 for nobody: a name is not enough."""
    found = [one for one in await identity.find(actor, typed) if one.via in ("card", "fiscal_code")]
    return found[0].person.person_id if found else 0
