"""Forms pressed without a line, in Chromium: they wait on the phone, are sent once, and the person knows of each."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser import look
from tests.browser.conftest import Site
from tests.browser.test_offline import enter, opened, see
from tests.pages.world import PIN

pytestmark = pytest.mark.browser
SERVICE = "aiuto-telefono"
WAITS, GONE = "È su questo telefono, non ancora inviato.", "È partito. Aspettiamo la risposta."
ENTER = "Entra con la tessera: qualcosa aspetta di partire."
NOW, OPEN, AWAY, ANYWAY = "Prova a inviare adesso", "Apri e rispondi", "Togli", "Esci lo stesso"
KEPT_FORMS = """async () => { const { indexedDB } = await navigator.storageBuckets.open("vicino");
  return new Promise((done) => { const opening = indexedDB.open("vicino", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("forms", { keyPath: "key" });
  opening.onsuccess = () => { const counted = opening.result.transaction("forms").objectStore("forms").count();
  counted.onsuccess = () => { opening.result.close(); done(counted.result); } } }) }"""
UNKNOWN = "Non sappiamo se è arrivato."
DONE, YOURS = "È fatto.", "Non è stato accettato: serve una tua risposta."


@pytest.fixture
def page(site: Site, phone: BrowserContext) -> Page:
    """Somebody signed in on a phone of their own."""
    page = opened(phone)
    enter(page, site)
    return page


def press(page: Page, where: str) -> None:
    with page.expect_navigation():
        page.locator(where).first.click()


def to_summary(page: Page) -> None:
    page.goto(f"/tradate/prenota/{SERVICE}")
    page.locator("input[name=chi]").first.check()
    press(page, "main form[action$='/orario'] button")
    page.locator("input[type=radio][name^=q]").first.check()
    press(page, "main form[action$='/dettagli'] button")


def booked(page: Page) -> str:
    """The address of a new booking."""
    to_summary(page)
    press(page, "main form[action$='/riepilogo'] button")
    assert "/prenotazioni/" in page.url
    return page.url


def cancel(page: Page, booking: str) -> None:
    page.goto(booking + "/annulla")
    page.context.set_offline(True)
    press(page, "main form button.danger")


def box(page: Page) -> list[str]:
    """What the person is told of each form."""
    page.goto("/da-inviare")
    return states(page)


def states(page: Page) -> list[str]:
    return [text.partition(". ")[2] for text in page.locator("main li.card > p:first-of-type").all_inner_texts()]


def line_is_back(page: Page) -> None:
    page.context.set_offline(False)
    page.locator("#status .notice a").wait_for()


def test_a_booking_is_cancelled_when_the_line_comes_back(page: Page) -> None:
    booking = booked(page)
    cancel(page, booking)
    assert page.locator("h1").inner_text() == "Da inviare" and box(page) == [WAITS]
    assert page.locator("main li h2").inner_text() == "Vuoi annullare?"
    assert [*look.still(page), *look.axe(page), *look.sideways(page)] == []
    line_is_back(page)
    assert box(page.context.new_page()) == [DONE]
    page.goto(booking)
    assert "Annullata" in page.locator("main").inner_text()


def test_a_line_that_is_said_to_be_back_before_it_is_there_is_tried_again(page: Page) -> None:
    cancel(page, booked(page))
    tries: list[Route] = []

    def not_yet(route: Route) -> None:
        tries.append(route)
        route.abort() if len(tries) < 2 else route.continue_()

    page.context.route("**/annulla", not_yet)
    line_is_back(page)
    assert len(tries) == 2 and box(page) == [DONE]


def test_a_confirmation_is_one_booking_however_often_it_is_sent(page: Page) -> None:
    """The answer is lost twice, once by the line and once by the worker's own second try."""
    to_summary(page)
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.context.route("**/riepilogo", lose)
    press(page, "main form[action$='/riepilogo'] button")
    assert box(page) == [WAITS]
    press(page, f"main form button:has-text('{NOW}')")
    page.context.unroute_all(behavior="wait")
    press(page, f"main form button:has-text('{NOW}')")
    assert lost[0] == 200 and set(lost[1:]) == {204} and box(page) == [DONE]
    page.locator("main li a").click()
    assert page.locator("h1").inner_text() == "È prenotato"


def test_what_is_refused_later_is_said_and_can_be_answered(site: Site, page: Page, browser: Browser) -> None:
    booking = booked(page)
    cancel(page, booking)
    desk = browser.new_context(base_url=site.origin)
    enter(elsewhere := desk.new_page(), site)
    elsewhere.goto(booking + "/annulla")
    press(elsewhere, "main form button.danger")
    desk.close()
    line_is_back(page)
    assert box(page) == [YOURS]
    press(page, f"main form button:has-text('{OPEN}')")
    assert "Questa prenotazione è già chiusa." in page.locator("main").inner_text()
    assert box(page) == []


def test_a_line_that_hangs_is_not_waited_for_and_its_late_answer_counts(page: Page) -> None:
    booking = booked(page)
    page.goto(booking + "/annulla")
    asked: list[Route] = []
    page.context.route("**/annulla", lambda route: asked.append(route))
    press(page, "main form button.danger")
    assert states(page) == [GONE]
    asked[0].continue_()
    page.context.unroute("**/annulla")
    page.wait_for_timeout(1_000)
    assert box(page) == [DONE]


def test_who_signs_out_is_asked_first_and_leaves_nothing(page: Page) -> None:
    booking = booked(page)
    cancel(page, booking)
    page.goto("/tradate/io")
    press(page, "header form button")
    assert "Se esci adesso, va perso." in page.locator("main").inner_text() and box(page) == [WAITS]
    page.goto("/tradate/io")
    press(page, "header form button")
    page.context.set_offline(False)
    press(page, f"main form button:has-text('{ANYWAY}')")
    assert page.url.endswith("/tradate") and page.evaluate(KEPT_FORMS) == 0
    assert booking and box(page) == []


def test_a_form_waits_for_who_wrote_it(site: Site, page: Page) -> None:
    """The session ended in the meantime; nobody else sees or sends it."""
    booking = booked(page)
    cancel(page, booking)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto("/tradate/io")
    assert page.url.endswith("io") and box(page) == [] and page.evaluate(KEPT_FORMS) == 1
    page.context.add_cookies([{"name": "vicino", "value": site.world.tokens["delegate"], "url": site.origin}])
    page.goto("/tradate/io")
    page.wait_for_timeout(500)
    assert box(page) == [] and page.evaluate(KEPT_FORMS) == 1
    page.context.clear_cookies()
    enter(page, site)
    page.wait_for_timeout(1_000)
    assert box(page) == [DONE]


def test_a_session_that_ended_loses_no_form(site: Site, page: Page) -> None:
    booking = booked(page)
    page.goto(booking + "/annulla")
    page.context.clear_cookies()
    press(page, "main form button.danger")
    page.locator(f"main a:has-text('{ENTER}')").click()
    page.wait_for_url("**/tradate/entra")
    enter(page, site)
    page.wait_for_timeout(1_000)
    assert box(page) == [DONE]


def wish(page: Page, kept: str, at: int) -> None:
    """The page is kept: it opens without a line, as often as somebody has another wish."""
    page.goto(kept)
    for number, name in enumerate(("primo", "secondo", "terzo")):
        page.locator(f"select[name={name}-orario]").select_option(index=at + number)
    page.locator("input[name=chi]").first.check()
    press(page, "main form button")


def test_three_times_are_wished_for_without_a_line(page: Page) -> None:
    """Twice, from the same kept page: each is a booking of its own, at the first of its times that is free."""
    page.goto(f"/tradate/prenota/{SERVICE}")
    press(page, "main a[href*='/tre-orari']")
    page.wait_for_timeout(500)
    kept = page.url
    wished = page.locator("select[name=primo-orario] option").all_inner_texts()[1:5:3]
    page.context.set_offline(True)
    wish(page, kept, 1)
    wish(page, kept, 4)
    assert box(page) == [WAITS, WAITS]
    line_is_back(page)
    assert box(page) == [DONE, DONE]
    for number, said in enumerate(wished):
        page.goto("/da-inviare")
        page.locator("main li.card a.button").nth(number).click()
        page.wait_for_load_state()
        assert page.locator("h1").inner_text() == "È prenotato"
        assert said.partition(",")[0] in page.locator("main").inner_text()


def test_a_phone_of_others_keeps_no_form(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site, "others")
    cancel(page, booked(page))
    assert page.locator("h1").inner_text() == "Sei senza rete" and page.evaluate(KEPT_FORMS) == 0


def test_a_pin_is_never_kept(page: Page) -> None:
    page.goto("/tradate/io/contatti")
    page.locator("#pin").fill(PIN)
    page.context.set_offline(True)
    press(page, "main form:has(#pin) button")
    assert page.locator("h1").inner_text() == "Sei senza rete" and page.evaluate(KEPT_FORMS) == 0
    assert UNKNOWN in page.locator("main").inner_text()


def test_what_was_pressed_in_error_can_be_taken_away(page: Page) -> None:
    booking = booked(page)
    cancel(page, booking)
    press(page, f"main form button:has-text('{AWAY}')")
    assert box(page) == []
    page.context.set_offline(False)
    assert "Annulla la prenotazione" in (see(page, booking) and page.locator("main").inner_text())


def test_a_worker_that_was_stopped_forgets_nothing(page: Page) -> None:
    booking = booked(page)
    cancel(page, booking)
    browser = page.context.new_cdp_session(page)
    browser.send("ServiceWorker.enable")
    browser.send("ServiceWorker.stopAllWorkers")
    assert box(page.context.new_page()) == [WAITS]


def full(phone: BrowserContext) -> None:
    phone.service_workers[0].evaluate(
        "() => { IDBFactory.prototype.open = () => { throw new DOMException('', 'QuotaExceededError') } }"
    )


def test_a_full_storage_stops_no_form(phone: BrowserContext, page: Page) -> None:
    booking = booked(page)
    full(phone)
    page.goto(booking + "/annulla")
    press(page, "main form button.danger")
    assert "Annullata" in page.locator("main").inner_text()


def test_what_a_full_storage_could_not_keep_is_told_and_can_be_sent_again(phone: BrowserContext, page: Page) -> None:
    booking = booked(page)
    full(phone)
    cancel(page, booking)
    assert page.locator("h1").inner_text() == "Sei senza rete" and UNKNOWN in page.locator("main").inner_text()
    page.context.set_offline(False)
    page.go_back()
    press(page, "main form button.danger")
    assert "Annullata" in page.locator("main").inner_text()
    assert UNKNOWN not in see(page, "/tradate") + page.locator("main").inner_text()
