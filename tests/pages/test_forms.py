"""Every writing form is filled in and sent as by a browser without JavaScript that says nothing of its origin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from app import addresses
from app import database as engine_room
from app.edge.form import TOKEN
from tests.copies import Copies
from tests.matrix import Door, doors
from tests.pages.answer import route_of, words
from tests.pages.pressing import presses
from tests.pages.walk import viewer
from tests.pages.world import World
from tests.visitor import Clock, Page, Visitor

pytestmark = pytest.mark.anyio
GETS = [door for door in doors() if door.method == "GET" and door.let_in]
# Only where somebody to write to is named, and only in text messages (tests/routes/test_booking_code.py).
NAMES = {door.name for door in GETS} - {"security", "booking_short"}
POSTS = {door.name for door in doors() if door.method == "POST"}

# Sent by a script and by the service worker: no page draws them (tests/routes/test_push_subscription.py, test_door.py).
NO_FORM = {"push_subscription", "push_receipt", "sms_status", "door_upload"}


LINK = "-> "  # a step that follows a link to the page of this name; every other step is a kind of press


@dataclass(frozen=True)
class Way:
    """From the page of a door, as one actor, by links and presses."""

    door: Door
    actor: str
    steps: tuple[str, ...] = ()

    def further(self, step: str) -> "Way":
        return replace(self, steps=(*self.steps, step))


@dataclass
class Walk:
    """What each kind of press came to, in the words of `outcome`: nothing yet for one that was only seen."""

    copies: Copies
    world: World
    template: str
    came_to: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    tried: set[tuple[str, str]] = field(default_factory=set)

    async def everywhere(self, ways: list[Way]) -> None:
        """Presses everything on these pages and on those behind them, each press in a world of its own."""
        async with self.new_world():
            first = [(way, await self.open(way)) for way in ways]
        to_do = [(way, step) for way, page in first for step in self.open_steps(way, page[1])]
        while to_do:
            way, step = to_do.pop(0)
            if not self.is_done(step):
                further = way.further(step)
                to_do += [(further, next_step) for next_step in self.open_steps(further, await self.end_of(further))]

    def open_steps(self, way: Way, page: Page) -> list[str]:
        if page.status != 200:
            return []
        self.seen.add(page.route)
        kinds = [press.kind for press in presses(page, self.world)] if page.is_html else []
        for kind in kinds:
            self.came_to.setdefault(kind, [])
        links = {LINK + route_of(href) for href in _links(page)}
        links -= {step for actor, step in self.tried if actor == way.actor}
        self.tried |= {(way.actor, step) for step in links}
        return [step for step in (*dict.fromkeys(kinds), *sorted(links)) if not self.is_done(step)]

    async def end_of(self, way: Way) -> Page:
        async with self.new_world():
            visitor, page = await self.open(way)
            for step in way.steps:
                page = await self.step(visitor, step, page)
        return page

    async def open(self, way: Way) -> tuple[Visitor, Page]:
        visitor = Visitor(CLOCK, is_old=True, is_hasty=True)
        if token := self.world.tokens.get(way.actor):
            visitor.carry(token)
        return visitor, await visitor.get(addresses.url(way.door.name, **self.world.parts_of(way.door)))

    @asynccontextmanager
    async def new_world(self) -> AsyncIterator[None]:
        """Nothing was pressed in it."""
        async with self.copies.fresh(self.template):
            await engine_room.start()
            try:
                yield
            finally:
                await engine_room.stop()

    async def step(self, visitor: Visitor, step: str, page: Page) -> Page:
        if step.startswith(LINK):
            return await visitor.get(next(href for href in _links(page) if LINK + route_of(href) == step))
        press = next(press for press in presses(page, self.world) if press.kind == step)
        assert TOKEN in dict(press.form.fields), f"no token in the form to {press.to} on {page.path}"
        answer = await visitor.submit(press.form, to=press.to, **dict(press.chosen))
        self.came_to[step].append(outcome(answer, page))
        return await visitor.follow(answer) if answer.location else answer

    def is_done(self, step: str) -> bool:
        if step.startswith(LINK):
            return step.removeprefix(LINK) in self.seen
        return any(map(is_success, self.came_to[step]))

    @property
    def never(self) -> list[str]:
        return [f"{kind}: {came or 'never pressed'}" for kind, came in self.came_to.items() if not self.is_done(kind)]


CLOCK = Clock()


def is_success(came: str) -> bool:
    """Done: a redirect, or a page. What was not understood is 422, what was refused 403, 404 or 429."""
    return came.startswith(("200", "303"))


def _links(page: Page) -> list[str]:
    found = [str(href) for href in page.all("//main//a[starts-with(@href, '/')]/@href")] if page.is_html else []
    return [href for href in found if route_of(href) in NAMES]


def outcome(answer: Page, page: Page) -> str:
    """Its status, and what the page complains of."""
    complaints = [words(one) for one in answer.all("//*[@role='alert']")] if answer.status == 422 else []
    return " ".join([str(answer.status), "on", page.path, *complaints])


def viewers(door: Door) -> list[str]:
    """Who sees most of it, and who sees what nobody in particular sees."""
    return list(dict.fromkeys((viewer(door), *sorted({"anonymous", "desk", "watcher"} & door.let_in))))


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_every_form_succeeds_as_a_plain_post(copies: Copies, built: tuple[World, str]) -> None:
    walk = Walk(copies, *built)
    await walk.everywhere([Way(door, actor) for door in GETS for actor in viewers(door)])
    assert walk.never == []
    pressed = {kind.partition("(")[0] for kind in walk.came_to}
    assert pressed == POSTS - NO_FORM, "no page draws a form to " + ", ".join(sorted(POSTS - NO_FORM - pressed))
    missed = NAMES - walk.seen
    assert not missed, f"pages that nobody came to: {sorted(missed)}"
    print(f"{len(walk.came_to)} kinds of press to {len(pressed)} routes, {len(walk.seen)} pages")
