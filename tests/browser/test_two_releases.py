"""A new release comes while pages of the old one are open: no form is lost, waiting or half filled in.

The old worker is this one under another release's name: it is what a phone that was not here for weeks still runs.
"""

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from app.edge import static
from tests.browser.conftest import Site
from tests.browser.test_offline import KEPT, enter, opened, see
from tests.browser.test_outbox import DONE, WAITS, booked, box, cancel, line_is_back, press, to_summary

pytestmark = pytest.mark.browser
OLD = "0123456789ab"
# The browser looks for a new worker by itself too, so it may be there before it is asked for.
UPDATE = """async (old) => { const here = await navigator.serviceWorker.getRegistration();
  await here.update();
  const isOld = async () => here.active.state !== "activated" || (await caches.keys()).includes("shell-" + old);
  while (await isOld()) await new Promise((next) => setTimeout(next, 50)); }"""


@pytest.fixture
def page(site: Site, phone: BrowserContext) -> Page:
    """Signed in on a phone of one's own, which runs the old worker."""
    phone.route("**/sw.js", old)
    page = opened(phone)
    enter(page, site)
    assert f"shell-{OLD}" in page.evaluate(KEPT)
    return page


def old(route: Route) -> None:
    script = static.service_worker().body.decode()
    release = script.partition('"shell-')[2][:12]
    route.fulfill(body=script.replace(release, OLD), content_type="text/javascript")


def the_new_one_comes(page: Page) -> None:
    page.context.unroute("**/sw.js")
    page.evaluate(UPDATE, OLD)
    see(page.context.new_page(), "/tradate")
    assert not [name for name in page.evaluate(KEPT) if name.endswith(OLD)]


def test_a_form_that_waits_is_sent_by_the_new_worker(page: Page) -> None:
    cancel(page, booked(page))
    assert box(page) == [WAITS]
    page.context.route("**/annulla", lambda route: route.abort())  # the old one tries in vain
    page.context.set_offline(False)
    the_new_one_comes(page)
    assert box(page) == [WAITS]
    page.context.unroute("**/annulla")
    page.context.set_offline(True)
    line_is_back(page)
    assert box(page.context.new_page()) == [DONE]


def test_a_form_that_is_open_is_sent_as_it_was_filled_in(page: Page) -> None:
    to_summary(page)
    the_new_one_comes(page)
    press(page, "main form[action$='/riepilogo'] button")
    assert page.locator("h1").inner_text() == "È prenotato"


def test_own_pages_stay_for_where_there_is_no_line(page: Page) -> None:
    title = see(page, "/tradate/io")
    the_new_one_comes(page)
    page.context.set_offline(True)
    assert see(page, "/tradate/io") == title
