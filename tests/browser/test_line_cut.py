"""Finding, booking and calling off with the line cut at each step: what the person is told is what has happened.

It is cut before the server hears of a press, or after: then only its answer is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.conftest import Site
from tests.browser.test_offline import enter, opened
from tests.browser.test_outbox import DONE, SERVICE, WAITS, box, line_is_back, press, states

pytestmark = pytest.mark.browser
NO_LINE = "Sei senza rete"
CUTS = ("before", "after")


@pytest.fixture
def page(site: Site, phone: BrowserContext) -> Page:
    page = opened(phone)
    enter(page, site)
    return page


@contextmanager
def cut(page: Page, when: str) -> Iterator[None]:
    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    if when == "before":
        page.context.set_offline(True)
    else:
        page.context.route("**/tradate/**", lose)
    yield
    page.context.unroute_all(behavior="wait")  # an answer may still be fetched to be lost


def told(page: Page) -> str:
    return page.locator("h1").inner_text()


def follow(page: Page, when: str, where: str) -> None:
    """A page that was never seen: it is asked for again when the line is back."""
    with cut(page, when):
        press(page, where)
        assert told(page) == NO_LINE
    page.context.set_offline(False)
    page.reload()
    assert told(page) != NO_LINE


def step(page: Page, when: str, fill: Callable[[Page], None], where: str) -> None:
    """A step of something longer: the person goes back and presses again."""
    fill(page)
    with cut(page, when):
        press(page, where)
        assert told(page) == NO_LINE
    page.context.set_offline(False)
    page.go_back()
    fill(page)
    press(page, where)
    assert told(page) != NO_LINE


def last(page: Page, when: str, where: str) -> None:
    """The press that counts: it waits on the phone, leaves by itself, and is done once."""
    with cut(page, when):
        press(page, where)
        assert told(page) == "Da inviare" and states(page) == [WAITS]
    page.context.set_offline(True)
    line_is_back(page)
    assert box(page) == [DONE]


def coming(page: Page) -> list[str]:
    """The bookings of this person, as their page has them."""
    page.goto("/tradate/io", wait_until="load")
    return [str(link.get_attribute("href")) for link in page.locator("main a[href*='/prenotazioni/']").all()]


def to_time(page: Page) -> None:
    page.locator("input[name=chi]").first.check()


def to_answer(page: Page) -> None:
    page.locator("input[type=radio][name^=q]").first.check()


@pytest.mark.parametrize("when", CUTS)
def test_a_service_is_found(page: Page, when: str) -> None:
    page.goto("/tradate", wait_until="load")
    follow(page, when, "main a[href='/tradate/servizi']")
    page.locator("main input[name=q]").fill("telefono")
    follow(page, when, "main form:has(input[name=q]) button")
    follow(page, when, f"main a[href*='/servizi/{SERVICE}']")
    follow(page, when, f"main a[href*='/prenota/{SERVICE}']")
    assert page.locator("main form[action$='/orario']").count() == 1


@pytest.mark.parametrize("when", CUTS)
def test_a_time_is_booked_once(page: Page, when: str) -> None:
    before = coming(page)
    page.goto(f"/tradate/prenota/{SERVICE}")
    step(page, when, to_time, "main form[action$='/orario'] button")
    step(page, when, to_answer, "main form[action$='/dettagli'] button")
    last(page, when, "main form[action$='/riepilogo'] button")
    assert len(set(coming(page)) - set(before)) == 1


@pytest.mark.parametrize("when", CUTS)
def test_a_booking_is_called_off_once(page: Page, when: str) -> None:
    page.goto(f"/tradate/prenota/{SERVICE}")
    to_time(page)
    press(page, "main form[action$='/orario'] button")
    to_answer(page)
    press(page, "main form[action$='/dettagli'] button")
    press(page, "main form[action$='/riepilogo'] button")
    booking = page.url
    follow(page, when, "main a[href$='/annulla']")
    last(page, when, "main form button.danger")
    page.goto(booking)
    assert "Annullata" in page.locator("main").inner_text()
