"""Who and what the content names, as the rows they became: read once, then every scene plays on it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import database
from app.domain import identity, plan, session, slot
from app.domain.actor import Actor
from app.domain.slot import Offer
from app.seed import content

ZONE = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Place:
    """One service at one place; `questions` are (name of the answer, a fitting answer)."""

    service_id: int
    territory_id: int
    slug: str
    provider: str
    mode: str
    questions: tuple[tuple[str, str], ...]
    offer: Offer

    @property
    def id(self) -> int:
        return self.offer.id


@dataclass
class Stage:
    """`actors` are sessions opened for this telling, so that everybody acts as they would on a page."""

    people: dict[str, int]
    facts: dict[str, content.Person]
    staff: dict[str, int]
    services: dict[tuple[str, str], int]
    households: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    places: dict[tuple[str, str, int], Place] = field(default_factory=dict)

    @classmethod
    async def load(cls) -> "Stage":
        told = content.load_people()
        facts = {person.code: person for person in told.people}
        found = {code: await identity.person_with_fiscal_code(each.fiscal_code) for code, each in facts.items()}
        staff = await database.rows("SELECT login, id FROM staff")
        services = await database.rows(
            "SELECT t.slug AS territory, s.slug, s.id FROM service s JOIN territory t ON t.id = s.territory_id"
        )
        return cls(
            {code: person_id for code, person_id in found.items() if person_id},
            facts,
            {row["login"]: row["id"] for row in staff},
            {(row["territory"], row["slug"]): row["id"] for row in services},
            {row["name"]: row["id"] for row in await database.rows("SELECT id, name FROM household")},
        )

    def household(self, code: str) -> int:
        return self.households[next(one.name for one in content.load_people().households if one.code == code)]

    async def person(self, code: str, now: datetime) -> Actor:
        if code not in self.actors:
            session_id, _ = await session.start("person", now=now, browser="", person_id=self.people[code])
            self.actors[code] = Actor("person", self.people[code], session_id)
        return self.actors[code]

    async def worker(self, login: str, now: datetime) -> Actor:
        if login not in self.actors:
            _, token = await session.start("staff", now=now, browser="", staff_id=self.staff[login])
            opened = await session.load(token, now)
            assert opened is not None, login
            self.actors[login] = opened.actor
        return self.actors[login]

    async def guest(self, number: int, now: datetime) -> Actor:
        session_id, _ = await session.start("anonymous", now=now, browser="")
        self.actors[f"guest {number}"] = Actor("anonymous", 0, session_id)
        return self.actors[f"guest {number}"]

    async def leave(self, now: datetime) -> None:
        """Nobody stays signed in because of a story."""
        for actor in self.actors.values():
            await session.end(actor.session_id, actor=actor, now=now)
        self.actors.clear()

    async def place(self, territory: str, slug: str, number: int = 0) -> Place:
        """The service at its first place, or at another one."""
        key = (territory, slug, number)
        if key not in self.places:
            self.places[key] = await self._load_place(*key)
        return self.places[key]

    async def again(self, place: Place) -> Place:
        """Read anew, after its plan was changed."""
        self.places = {key: one for key, one in self.places.items() if one.id != place.id}
        return await _place(place.id)

    async def _load_place(self, territory: str, slug: str, number: int) -> Place:
        found = await database.rows(
            "SELECT id FROM service_place WHERE service_id = {} ORDER BY id", self.services[territory, slug]
        )
        return await _place(found[number]["id"])


async def _place(service_place_id: int) -> Place:
    offer = await slot.load_offer(service_place_id)
    found = await database.row(
        "SELECT s.slug, s.mode, p.slug AS provider FROM service s JOIN provider p ON p.id = s.provider_id "
        "WHERE s.id = {}",
        offer.service_id,
    )
    assert found is not None
    asked = await database.rows(
        "SELECT id, wording, choices FROM question WHERE service_id = {} ORDER BY position", offer.service_id
    )
    questions = tuple((f"q{row['id']}", _answer(row["wording"], row["choices"])) for row in asked)
    return Place(
        offer.service_id, offer.territory_id, found["slug"], found["provider"], found["mode"], questions, offer
    )


def _answer(wording: str, choices: str) -> str:
    if choices:
        return choices.split("\n")[0]
    for said, answer in ANSWERS.items():
        if said in wording:
            return answer
    return "Nessuna"


ANSWERS = {
    "Chi viene": "La mamma",
    "campanello": "Secondo piano, campanello con il cognome",
    "Scala e interno": "Scala A, interno 6",
    "Dove devi": "All'ospedale di Tradate",
    "Reparto": "Cardiologia",
    "riparare": "Una tapparella",
    "lavoro": "Un rubinetto che perde",
    "addormenta": "Con il suo orsetto",
    "tranquillizza": "La radio accesa",
}


def at(day: date, clock: str) -> datetime:
    """A wall-clock time of the territory."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


def starts(place: Place, first: date, last: date, quantity: int = 1) -> list[datetime]:
    """What the plan offers, taken or not."""
    offer = place.offer
    step = timedelta(minutes=offer.step_minutes)
    return plan.starts(offer.calendar, first, last, lasting=offer.lasting(quantity), step=step)


def evenly(items: list[datetime], number: int) -> list[datetime]:
    """`number` of them, spread over all."""
    if not items:
        return []
    return [items[at * len(items) // number] for at in range(min(number, len(items)))]
