"""The services of a territory, kept on a phone on request; then the line is cut."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.test_offline import NOTICE, opened, see

pytestmark = pytest.mark.browser
PAGE = "/tradate/tieni-i-servizi"
KEPT = "() => caches.open('kept').then((kept) => kept.keys()).then((keys) => keys.length)"
DONE = "Fatto. Adesso i servizi si leggono anche senza rete."


def at_the_offer(phone: BrowserContext) -> Page:
    page = opened(phone)
    page.goto(PAGE)
    expect(page.get_by_role("button", name="Tieni i servizi")).to_be_visible()
    return page


def test_services_never_seen_before_open_without_a_line(phone: BrowserContext) -> None:
    page = at_the_offer(phone)
    text = page.locator("main strong").inner_text()
    offered = re.match(r"Sono (\d+) pagine. Pesano in tutto al massimo (\d+) KB.", text)
    assert offered is not None
    page.get_by_role("button", name="Tieni i servizi").click()
    expect(page.locator("#status")).to_have_text(DONE, timeout=60_000)
    assert page.evaluate(KEPT) == int(offered[1])
    phone.set_offline(True)
    assert see(page, "/tradate/servizi/aiuto-compiti") == "Aiuto compiti"
    assert page.locator(NOTICE).inner_text().startswith("La rete non risponde. Questa pagina è di oggi alle ")
    assert see(page, "/tradate/servizi?pagina=2") != "Sei senza rete"
    phone.set_offline(False)
    page.goto(PAGE)
    page.get_by_role("button", name="Togli i servizi").click()
    expect(page.locator("#status")).to_have_text("Tolti da questo telefono.")
    assert "kept" not in page.evaluate("() => caches.keys()")


def test_it_can_be_stopped_and_what_came_stays(phone: BrowserContext) -> None:
    page = at_the_offer(phone)

    def slowly(route: Route) -> None:
        time.sleep(0.1)
        route.continue_()

    page.route("**/tradate/servizi/**", slowly)
    page.get_by_role("button", name="Tieni i servizi").click()
    page.get_by_role("button", name="Ferma").click()
    expect(page.locator("#status")).to_contain_text("Fermato. Le pagine già arrivate restano qui: ")
    assert page.evaluate(KEPT) < 72


def test_a_line_that_goes_and_a_phone_that_is_full_are_told(phone: BrowserContext) -> None:
    page = at_the_offer(phone)
    phone.set_offline(True)
    page.get_by_role("button", name="Tieni i servizi").click()
    expect(page.locator("#status")).to_contain_text("La rete non risponde.")
    phone.set_offline(False)
    page.evaluate("() => { Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError')) }")
    page.get_by_role("button", name="Tieni i servizi").click()
    expect(page.locator("#status")).to_contain_text("Il telefono non ha più spazio.")
