"""A centre that is open at this hour, with many who are expected, and who works there: for a device at the door."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app import database
from app.domain.actor import Actor
from tests import people
from tests.pages import open_door
from tests.timetable import Timetable, book, person
from tests.visitor import begin_session

VISITORS = ("amina", "karim", "tomas", "rosa", "elena", "omar", "luca", "paolo")
SERVICES = ("compiti", "ascolto", "cucito")

# What a device keeps, whether its key can be had out, a day as an older release began it, which worker has which pages.
STORED = """async () => { const none = { notes: [], kept: [], text: "" };
  if (!(await indexedDB.databases()).some((one) => one.name === "vicino-desk")) return none;
  return new Promise((done) => { indexedDB.open("vicino-desk", 1).onsuccess = (opened) => {
  const base = opened.target.result, work = base.transaction(["notes", "kept"]);
  const notes = work.objectStore("notes").getAll(), kept = work.objectStore("kept").getAll();
  work.oncomplete = () => { base.close(); done({ notes: notes.result, kept: kept.result.map((one) => one.name),
    text: JSON.stringify([notes.result, kept.result]) }); } } }) }"""
RAW_KEY = """() => new Promise((done) => { indexedDB.open("vicino-desk", 1).onsuccess = (opened) => {
  opened.target.result.transaction("kept").objectStore("kept").get("key").onsuccess = (one) =>
  crypto.subtle.exportKey("raw", one.target.result.key).then(() => done("out"), (refused) => done(refused.name)) } })"""
AS_BEFORE = """() => new Promise((done) => { indexedDB.open("vicino-desk", 1).onsuccess = (opened) => {
  const base = opened.target.result, kept = base.transaction("kept", "readwrite").objectStore("kept");
  kept.get("key").onsuccess = (one) => { const { tickets, ...rest } = one.target.result;
  kept.put(rest).onsuccess = () => { base.close(); done(Boolean(tickets)); } } } })"""
SCOPES = """async () => (await navigator.serviceWorker.getRegistrations()).map((one) =>
  [new URL(one.scope).pathname, new URL(one.active.scriptURL).pathname]).sort()"""
CONTROLLER = (
    "() => navigator.serviceWorker.controller && new URL(navigator.serviceWorker.controller.scriptURL).pathname"
)


@dataclass
class Centre:
    """`expected` hands out (code, name), each once; `at_home` is a visit of two hours; `tokens` are sessions."""

    origin: str = ""
    codes: list[tuple[str, str]] = field(default_factory=list)
    at_home: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    provider: int = 0

    async def fill(self) -> None:
        cast, now = await people.fill(), datetime.now(UTC)
        self.provider = cast.provider
        before, today = now - timedelta(days=2), open_door.hour(now)
        timetable = await Timetable(cast).open()
        for slug in SERVICES:
            place = await timetable.service(slug, hours=("00:00", "23:00"), notice_hours=0, capacity=20)
            await open_door.also_on([open_door.today(now)], place)
            for name in VISITORS:
                who = await person(getattr(cast, name).id, before)
                self.codes.append((await book(place, today, who, now=before), name.capitalize()))
        await self._visit(timetable, await person(cast.rosa.id, before), now, before)
        for name in ("ines", "again", "leaves", "ends", "dora"):
            staff_id = cast.desk.id if name == "dora" else cast.ines.id
            self.tokens[name] = await begin_session("staff", staff_id, now=now)

    async def _visit(self, timetable: Timetable, who: Actor, now: datetime, before: datetime) -> None:
        terms: dict[str, Any] = {"unit": "hour", "max_quantity": 4, "capacity": 5, "notice_hours": 0}
        place = await timetable.service("casa", hours=("00:00", "23:59"), **terms)
        await open_door.also_on([open_door.today(now)], place)
        self.at_home = await book(place, open_door.hour(now, open_door.LATEST - 1), who, quantity=2, now=before)
        await database.execute("UPDATE service SET mode = 'home' WHERE slug = 'casa'")

    @property
    def expected(self) -> Iterator[tuple[str, str]]:
        while self.codes:
            yield self.codes.pop()
