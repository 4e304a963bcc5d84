"""What a staff member may do and whom they may see; every look at a person leaves a row that the person reads."""

from datetime import datetime
from typing import Literal

from app import database
from app.database import Piece
from app.domain import audit
from app.domain.actor import Actor, RoleName
from app.domain.errors import NotFound, SignInNeeded
from app.domain.verb import verb

ScopeKind = Literal["territory", "provider", "funder"]

TERRITORY_ROLES: tuple[RoleName, ...] = ("desk", "call_centre", "welfare_manager", "area_manager", "administrator")
ENROLLING: tuple[RoleName, ...] = ("desk", "welfare_manager", "area_manager", "administrator")
PROVIDER_ROLES: tuple[RoleName, ...] = ("operator", "coordinator")
FUNDER_ROLES: tuple[RoleName, ...] = ("funder", "social_office")


def require(actor: Actor, *names: RoleName, scope_kind: ScopeKind, scope_id: int) -> None:
    """NotFound for staff without one of these roles there: what is not yours does not exist."""
    if actor.kind != "staff":
        raise SignInNeeded()
    if not actor.holds(*names, scope_kind=scope_kind, scope_id=scope_id):
        raise NotFound()


def visible(actor: Actor, who: str) -> Piece:
    """True of whom the column `who` names, if they are enrolled in the actor's territories, booked with their provider,
    or are helped by their funder.

    Asked of each by itself, and never by territory or provider (the plus signs): of those there is every booking ever.
    """
    territories = _ids(actor.scopes(*TERRITORY_ROLES, scope_kind="territory"))
    providers = _ids(actor.scopes(*PROVIDER_ROLES, scope_kind="provider"))
    funders = _ids(actor.scopes("social_office", scope_kind="funder"))
    works_there = Piece("(+o.territory_id IN ({}) OR +o.provider_id IN ({}))", territories, providers)
    return Piece(
        f"(EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = {who} AND e.territory_id IN ({{}})) "
        f"OR EXISTS (SELECT 1 FROM booking o WHERE o.receiver_id = {who} AND {{}}) "
        f"OR EXISTS (SELECT 1 FROM booking o WHERE o.booked_by = {who} AND {{}}) "
        "OR EXISTS (SELECT 1 FROM purse u JOIN fund f ON f.id = u.fund_id "
        f"WHERE u.person_id = {who} AND f.funder_id IN ({{}})))",
        territories,
        works_there,
        works_there,
        funders,
    )


async def sees(actor: Actor, person_id: int) -> bool:
    if actor.kind != "staff":
        return actor.kind == "system"
    asked = "SELECT p.id FROM person p WHERE p.id = {} AND {}"
    return await database.row(asked, person_id, visible(actor, "p.id")) is not None


@verb
async def look(person_id: int, purpose: str, *, actor: Actor, now: datetime) -> None:
    """Call before drawing a page about a person: the row is committed first. `purpose` is a key, never typed text."""
    if actor.kind != "staff" or not await sees(actor, person_id):
        raise NotFound()
    await audit.record("person.looked", actor=actor, now=now, person_id=person_id, purpose=purpose)


def _ids(ids: list[int]) -> Piece:
    """As a list for IN; 0 is nobody's id, so an empty list finds nothing."""
    values = ids or [0]
    return Piece(", ".join(["{}"] * len(values)), *values)
