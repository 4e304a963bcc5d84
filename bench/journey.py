"""P5, P6 and P7: finding, booking and paying as journey.json tells it, at the first visit and at the second.

Between the two somebody else takes the time that was free next: the second visit must not offer it any more.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Error, Page

from bench.against import raw
from bench.asked import filled
from bench.browser import KNOWS_NONE, NO_DICTIONARIES, STILL, chromium, look, phone, still
from bench.figure import Figure
from bench.line import SPEEDS, Line, Speed, line_to
from bench.site import Site, served
from tests.pages.world import PIN

STEPS: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads((Path(__file__).parent / "journey.json").read_text())
TIMES = "/tradate/prenota/aiuto-telefono"
MOST_WITH = {"first": 32 * 1024, "second": 16 * 1024}
MOST_WITHOUT = {"first": 48 * 1024, "second": 40 * 1024}
MOST_REQUESTS, MOST_WAIT = 20, 1.35
SLOW = ("slow 3G", "EDGE")


@dataclass
class Visit:
    """Of one visit: bytes and requests of all its steps, seconds waited, and the times it was offered."""

    sent: int = 0
    requests: int = 0
    waited: float = 0.0
    offered: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


async def measure() -> AsyncIterator[Figure]:
    for told, flags, most in (("with dictionaries", (), MOST_WITH), ("without", (NO_DICTIONARIES,), MOST_WITHOUT)):
        visits, taken = await _both(flags)
        for number, (which, visit) in zip(("P5", "P6"), visits.items(), strict=True):
            note = ", ".join(visit.steps)
            yield Figure(f"{number} {which} visit {told}", visit.sent, "B", most=most[which], note=note)
        yield Figure(f"P5 requests {told}", visits["first"].requests, most=MOST_REQUESTS)
        is_offered = taken in visits["second"].offered or not visits["second"].offered
        yield Figure(f"P6 taken time still offered {told}", int(is_offered), most=0, note=taken)
    for name in SLOW:
        yield await _waits(name)


async def _both(flags: Sequence[str], speed: Speed | None = None) -> tuple[dict[str, Visit], str]:
    """Both visits of one phone, and the time somebody took in between."""
    async with served() as site, line_to(site.origin, speed) as (origin, line), _page(flags) as page:
        if speed is not None:
            await _somebody_before(site, flags)
        line.notes_dictionaries = NO_DICTIONARIES not in flags
        first = await _visit(page, origin, line, site, "first")
        taken = await _take_next(site)
        second = await _visit(page, origin, line, site, "second")
    return {"first": first, "second": second}, taken


async def _somebody_before(site: Site, flags: Sequence[str]) -> None:
    """The same visit by another phone: a server that has just started is no slow line."""
    async with line_to(site.origin) as (origin, line), _page(flags) as page:
        await _visit(page, origin, line, site, "first")


@asynccontextmanager
async def _page(flags: Sequence[str]) -> AsyncIterator[Page]:
    async with chromium(*flags) as browser, phone(browser) as (context, page):
        if NO_DICTIONARIES in flags:
            await context.add_init_script(KNOWS_NONE)
        yield page


async def _visit(page: Page, origin: str, line: Line, site: Site, which: str) -> Visit:
    visit, words = Visit(), {"card": site.card, "pin": PIN}
    for step in STEPS[which]:
        line.exchanges.clear()
        await _do(page, origin, step, words)
        visit.waited += (await look(page)).usable / 1000
        await still(line.exchanges, _reading(line.speed))
        if line.speed is None and TIMES in page.url:
            visit.offered = await page.locator("input[name=orario]").evaluate_all("all => all.map(one => one.value)")
        sent = sum(one.sent for one in line.exchanges)
        visit.sent, visit.requests = visit.sent + sent, visit.requests + len(line.exchanges)
        visit.steps.append(f"{step['name']} {sent:,}")
    return visit


def _reading(speed: Speed | None) -> float:
    """Seconds a person looks at a page before the next press: until what it fetches for later has come."""
    return STILL + (2 * speed.round_trip if speed else 0)


async def _do(page: Page, origin: str, step: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """What a person does with one page, until the next one stands there."""
    try:
        for where, text in step.get("type", {}).items():
            await page.locator(where).fill(text.format(**words), timeout=5_000)
        if "choose" in step:
            await page.locator(step["choose"]).first.check(timeout=5_000)
        await _go(page, origin, step)
    except Error as error:
        said = await page.locator("main").inner_text()
        raise RuntimeError(f"{step['name']} is not to be done at {page.url}: {said}") from error


async def _go(page: Page, origin: str, step: Mapping[str, Any]) -> None:
    if "open" in step:
        await page.goto(origin + step["open"], wait_until="domcontentloaded", timeout=120_000)
        return
    async with page.expect_navigation(wait_until="domcontentloaded", timeout=120_000):
        await page.locator(step["press"]).first.click(timeout=5_000)
    if step.get("shows", "") not in page.url:
        raise Error(f"{page.url} does not show {step['shows']}")


async def _take_next(site: Site) -> str:
    """A stranger keeps the next free time for themselves: which."""
    async with httpx.AsyncClient(base_url=site.origin, headers={"sec-fetch-site": "same-origin"}) as client:
        page = await client.get(TIMES)
        action, form = filled(page.content, "/orario")
        form["orario"] = first_time(page.text)
        answer = await client.post(action, data=form)
        assert answer.status_code == 303, answer.text
    return form["orario"]


def first_time(page: str) -> str:
    """The value of the first time offered on the page."""
    _, found, rest = page.partition('name="orario" value="')
    if not found:
        raise LookupError("no time is offered")
    return rest.partition('"')[0].replace("&#43;", "+")


async def _waits(name: str) -> Figure:
    visits, _ = await _both((), SPEEDS[name])
    visit, steps = visits["first"], len(STEPS["first"])
    async with chromium() as browser:
        bare = await _bare(browser, SPEEDS[name], steps)
    note = f"{visit.waited:.1f} s, {steps} bare pages {bare:.1f} s"
    return Figure(f"P7 waits on {name}", visit.waited / bare, "x", most=MOST_WAIT, note=note)


async def _bare(browser: Browser, speed: Speed, number: int) -> float:
    """Seconds waited for as many bare pages, one after the other."""
    waited = 0.0
    async with raw("/") as bare, line_to(bare.url, speed) as (origin, line), phone(browser) as (_, page):
        for step in range(number):
            await page.goto(f"{origin}/{step}", wait_until="domcontentloaded")
            waited += (await look(page)).usable / 1000
            await still(line.exchanges)
    return waited
