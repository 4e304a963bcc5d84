"""What is left of somebody who signed out: nothing by Back, nothing in the buckets and caches of the phone."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Site
from tests.browser.test_offline import OWNER, enter, opened, see
from tests.browser.test_outbox import ANYWAY, booked, cancel, press

pytestmark = pytest.mark.browser
BUCKETS = "() => navigator.storageBuckets.keys()"
WAKE = "() => navigator.serviceWorker.controller.postMessage('')"
HELD = "async () => { self.held = await caches.open((await caches.keys()).find((name) => name.startsWith('own-'))) }"
REFUSED = "() => { registration.getNotifications = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
OWN_CACHES = "async () => (await caches.keys()).filter((name) => name.startsWith('own-'))"
IN_HELD = "async () => (await self.held.keys()).length"


def sign_out(page: Page) -> None:
    page.locator("header form button").click()
    page.wait_for_timeout(500)


def test_back_shows_nothing_of_who_left(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    for path in ("/tradate/io/borsellino", "/tradate/io"):
        see(page, path)
    sign_out(page)
    for _ in range(3):
        page.go_back()
        assert OWNER not in page.locator("body").inner_text()


def test_titles_name_nobody(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    assert OWNER in page.locator("h1").inner_text() and OWNER not in page.title()


def test_a_cache_that_somebody_holds_open_is_emptied(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    worker = phone.service_workers[0]
    worker.evaluate(HELD)
    assert worker.evaluate(IN_HELD)
    sign_out(page)
    assert worker.evaluate(IN_HELD) == 0


def test_the_bucket_of_forms_goes_with_its_last_form(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    cancel(page, booked(page))
    see(page, "/tradate/io")
    assert page.evaluate(BUCKETS) == ["vicino"]
    sign_out(page)
    press(page, f"main form button:has-text('{ANYWAY}')")
    page.wait_for_timeout(500)
    page.evaluate(WAKE)  # as a page does that is looked at again: a look makes no bucket
    page.wait_for_timeout(500)
    assert page.evaluate(BUCKETS) == []


def test_a_browser_that_tells_nothing_of_its_notifications_stops_nobody(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    phone.service_workers[0].evaluate(REFUSED)
    sign_out(page)
    assert page.url.endswith("/tradate") and not page.evaluate(OWN_CACHES)
    assert see(page, "/tradate/io") != OWNER and page.url.endswith("/entra?poi=%2Ftradate%2Fio")
