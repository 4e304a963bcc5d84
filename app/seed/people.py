"""People, households, who acts for whom, cards with PIN; staff with roles and a printed sheet of codes."""

from datetime import datetime, timedelta

from app import database
from app.domain import card, delegation, demo, household, person, pin, staff
from app.domain.actor import SYSTEM, Actor
from app.domain.delegation import Scope
from app.domain.person import NewPerson
from app.seed import content
from app.seed.stage import Stage

WITH_PIN = ("rosa", "elena", "amina", "tomas", "omar", "paolo")


async def seed_staff(now: datetime) -> None:
    scopes = {
        kind: {row["slug"]: row["id"] for row in await database.rows(f"SELECT slug, id FROM {kind}")}
        for kind in ("territory", "provider", "funder")
    }
    for one in content.load_people().staff:
        staff_id = await staff.add(one.login, one.name, demo.PASSWORD, actor=SYSTEM, now=now)
        for role in one.roles:
            scope_id = scopes[role.scope_kind][role.scope]
            await staff.give_role(staff_id, role.name, role.scope_kind, scope_id, actor=SYSTEM, now=now)
        await _send_sheet(one.login, staff_id, now)


async def _send_sheet(login: str, staff_id: int, now: datetime) -> None:
    codes = (await staff.new_sheet(staff_id, actor=SYSTEM, now=now)).split()
    subject = "Il tuo foglio dei codici per entrare"
    await demo.keep_copy("letter", login, staff.sheet(codes), subject=subject, actor=SYSTEM, now=now)


async def seed_people(stage: Stage, now: datetime) -> None:
    """Enrolled by the desk of their territory, the neighbours one after the other."""
    towns = await _ids("SELECT belfiore AS name, id FROM municipality")
    territories = await _ids("SELECT slug AS name, id FROM territory")
    points = await _social_points()
    cards = (await card.print_cards(len(content.load_people().people), actor=SYSTEM, now=now)).split()
    for number, one in enumerate(content.load_people().people):
        at = now + timedelta(minutes=10 * number)
        desk = await stage.worker(f"desk-{one.territory}", now)
        stage.people[one.code] = await person.enrol(
            _new(one, towns),
            territory_id=territories[one.territory],
            social_point_id=points.get(one.social_point),
            card_code=cards[number] if one.part == "adult" else "",
            actor=desk,
            now=at,
        )
    for code in WITH_PIN:
        await demo.cast(code, stage.people[code], actor=SYSTEM, now=now)
        await pin.choose(stage.people[code], demo.PIN, actor=await stage.person(code, now), now=now + timedelta(days=1))


def _new(one: content.Person, towns: dict[str, int]) -> NewPerson:
    return NewPerson(
        one.given_name,
        one.family_name,
        one.born_on,
        towns[one.municipality],
        one.fiscal_code,
        one.address,
        one.language,
        tuple((contact.channel, contact.value) for contact in one.contacts),
    )


async def seed_households(stage: Stage, now: datetime) -> None:
    told = content.load_people()
    for one in told.households:
        stage.households[one.name] = await household.create(one.name, actor=SYSTEM, now=now)
    for member in told.people:
        if member.household:
            lives_in = stage.household(member.household)
            await household.join(lives_in, stage.people[member.code], member.part, actor=SYSTEM, now=now)


async def seed_delegations(stage: Stage, now: datetime) -> None:
    for one in content.load_people().delegations:
        desk = await stage.worker(f"desk-{stage.facts[one.person].territory}", now)
        await delegation.grant(
            stage.people[one.person],
            stage.people[one.delegate],
            one.kind,
            _scopes(one),
            from_on=min(one.from_on, now.date()),
            until_on=one.until_on,
            monthly_limit_cents=one.monthly_limit_cents,
            actor=desk,
            now=now,
        )
    for declared in content.load_people().declarations:
        minor, parent = stage.people[declared.minor], stage.people[declared.declared_by]
        who: Actor = await stage.person(declared.declared_by, now)
        await household.declare_minor(minor, parent, actor=who, now=now)


def _scopes(one: content.Delegation) -> frozenset[Scope]:
    given: dict[Scope, bool] = {"see": one.may_see, "book": one.may_book, "spend": one.may_spend}
    return frozenset(scope for scope, is_given in given.items() if is_given)


async def _social_points() -> dict[str, int]:
    """By the code the content gives them."""
    found = await _ids("SELECT name, id FROM social_point")
    points = (point for slug in content.TERRITORIES for point in content.load(slug).social_points)
    return {point.code: found[point.name] for point in points}


async def _ids(statement: str) -> dict[str, int]:
    return {row["name"]: row["id"] for row in await database.rows(statement)}
