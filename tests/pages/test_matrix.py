"""Every route, asked by somebody of every kind for what is owner's, for what is missing and in the wrong territory."""

from collections.abc import Iterator
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app import addresses
from tests import matrix
from tests.matrix import ACTORS, Door, doors
from tests.pages.answer import route_of
from tests.pages.world import ELSEWHERE, MISSING, World
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
DOORS = {str(door): door for door in doors()}
SIGN_IN = {"sign_in", "staff_sign_in", "funder_sign_in"}
ANY, EVERYBODYS = Door("GET", "booking"), Door("GET", "service")


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    to_come = {row for row in matrix.ROWS if row.split()[1] in matrix.NOT_YET_BUILT}
    assert set(matrix.ROWS) - to_come == set(DOORS)


def test_every_address_is_built_or_said_to_come() -> None:
    built = {door.name for door in DOORS.values()} | matrix.OF_THE_EDGE
    assert not built & matrix.NOT_YET_BUILT, "built: take these from NOT_YET_BUILT of tests/matrix.py"
    assert set(addresses.PATTERNS) == built | matrix.NOT_YET_BUILT


@pytest.mark.parametrize("name", sorted(set(DOORS) & set(matrix.ROWS)))
async def test_route(name: str, world: World, hasty_visitors: dict[str, Visitor]) -> None:
    door = DOORS[name]
    own, wrong = world.parts_of(door), []
    for actor in sorted(ACTORS, key=lambda actor: actor in door.let_in):  # those who may change things come last
        answers = await _answers(hasty_visitors[actor], door, own)
        wrong += [f"{actor}: {what}" for what in wrongs(actor in door.let_in, answers, door)]
    assert not wrong, f"{name}:\n" + "\n".join(wrong)


async def _answers(visitor: Visitor, door: Door, own: dict[str, Any]) -> dict[str, Page]:
    asked = {"own": own}
    if door.parts:
        asked["missing"] = {part: MISSING[part] for part in door.parts}
    if door.parts[1:]:
        asked["missing here"] = {**asked["missing"], "territory": own["territory"]}
        asked["in the wrong territory"] = {**own, "territory": ELSEWHERE}
    return {which: await _ask(visitor, door, parts) for which, parts in asked.items()}


async def _ask(visitor: Visitor, door: Door, parts: dict[str, Any]) -> Page:
    path = addresses.url(door.name, **parts)
    return await (visitor.get(path) if door.method == "GET" else visitor.post(path, {"_key": token_urlsafe(16)}))


def wrongs(may: bool, answers: dict[str, Page], door: Door = ANY) -> Iterator[str]:
    """What does not agree with the row, for one actor. What is one's own may be opened from any territory."""
    own, absent = answers["own"], answers.get("missing here")
    let_in = is_let_in(own) or (own.status == 303 and door.leads_to_sign_in)
    if not (let_in if may else is_refused(own)):
        yield f"own: got {_said(own)}"
    if not may and absent and same(own) != same(absent):
        yield "a foreign object answers otherwise than a missing one"
    for which, page in answers.items():
        goes_along = which == "own" or (which == "in the wrong territory" and may and not door.is_public)
        if not goes_along and not is_refused(page):
            yield f"{which}: got {_said(page)}"


def is_let_in(page: Page) -> bool:
    """The page, or what happens to a form without answers: shown again, or done."""
    return page.status in (200, 201, 204, 422) or (page.status == 303 and route_of(page.location) not in SIGN_IN)


def is_refused(page: Page) -> bool:
    return page.status in (401, 404) or (page.status == 303 and route_of(page.location) in SIGN_IN)


def same(page: Page) -> tuple[int, str, str]:
    """What a refused visitor can learn, but for the address that was asked for."""
    asked, quoted = page.path, quote(page.path, safe="")
    text, location = (t.replace(asked, "ASKED").replace(quoted, "ASKED") for t in (page.stable_text, page.location))
    return page.status, text, location


def _said(page: Page) -> str:
    return f"{page.status} {page.location}".strip() + f" at {page.path}"


def _page(status: int, text: str = "", location: str = "", path: str = "/tradate/prenotazioni/ABC") -> Page:
    return Page(path, status, httpx.Headers({"location": location} if location else {}), text)


def test_a_door_that_opens_too_far_or_not_at_all_is_found() -> None:
    shown, gone, door = _page(200), _page(404), _page(303, location="/tradate/entra?poi=%2Ftradate%2Fio")
    assert list(wrongs(True, {"own": shown, "missing": gone})) == []
    assert list(wrongs(False, {"own": gone, "missing here": gone})) == []
    assert list(wrongs(False, {"own": door})) == []
    assert list(wrongs(True, {"own": gone}))
    assert list(wrongs(True, {"own": door}))
    assert list(wrongs(True, {"own": door}, Door("POST", "sign_out"))) == []
    assert list(wrongs(False, {"own": shown}))
    assert list(wrongs(True, {"own": shown, "in the wrong territory": shown})) == []
    assert list(wrongs(True, {"own": shown, "in the wrong territory": shown}, EVERYBODYS))
    assert list(wrongs(True, {"own": shown, "missing here": shown}))
    told = _page(404, "Questa prenotazione non è tua")
    assert list(wrongs(False, {"own": told, "missing here": gone}))


def test_the_address_asked_for_is_no_difference() -> None:
    one, other = (_page(404, f'<a href="/en/x/{code}">', path=f"/x/{code}") for code in ("ABC", "DEF"))
    assert same(one) == same(other)


def test_a_row_names_known_actors_only() -> None:
    assert matrix.actors("owner desk") == {"owner", "desk"}
    with pytest.raises(AssertionError, match="nobody is called"):
        matrix.actors("owner dsek")
