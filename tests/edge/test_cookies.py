"""Where the public address is https, no cookie ever travels without it, nor is set by another host."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from app.config import settings
from app.main import create_app
from tests.people import PIN, Cast
from tests.timetable import NOW, Timetable
from tests.visitor import Page

pytestmark = pytest.mark.anyio
ORIGIN = "https://vicino.example"


@pytest.fixture
async def browser(cast: Cast, database: object) -> AsyncIterator[httpx.AsyncClient]:
    """An old one, which says nothing of where a form comes from."""
    app = create_app(replace(settings(), public_url=ORIGIN), now=lambda: NOW)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


def unsafe(answer: httpx.Response) -> list[str]:
    said = answer.headers.get_list("set-cookie")
    assert said, f"{answer.url} sets no cookie"
    parts = ("Secure", "HttpOnly", "Path=/")
    return [one for one in said if not one.startswith("__Host-") or any(part not in one for part in parts)]


async def test_a_first_form(browser: httpx.AsyncClient) -> None:
    shown = await browser.get("/tradate/entra")
    assert shown.status_code == 200 and unsafe(shown) == []


async def test_signing_in_by_a_form_of_an_old_browser(browser: httpx.AsyncClient, cast: Cast) -> None:
    fields = _fields((await browser.get("/tradate/entra")).text, "/entra")
    typed = fields | {"card": cast.amina.card, "pin": PIN, "phone": "mine"}
    entered = await browser.post("/tradate/entra", data=typed)
    assert entered.status_code == 303 and unsafe(entered) == []
    assert (await browser.get("/tradate/io")).status_code == 200


async def test_a_time_held_for_who_is_nobody_yet(browser: httpx.AsyncClient, cast: Cast) -> None:
    await (await Timetable(cast).open()).service()
    fields = _fields((await browser.get("/tradate/prenota/compiti")).text, "/orario")
    held = await browser.post("/tradate/prenota/compiti/orario", data=fields)
    assert held.status_code == 303 and unsafe(held) == []
    assert (await browser.get(held.headers["location"])).status_code == 200


def _fields(page: str, action: str) -> dict[str, str]:
    return dict(Page("", 200, httpx.Headers(), page).form(action).fields)
