"""The desk without a line, in Chromium: the day's list, arrivals by name and by code, departures, what became of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, Worker

from app.domain import code, ticket
from app.edge.session import cookie_name
from tests.browser import look
from tests.browser.at_the_door import AS_BEFORE, CONTROLLER, RAW_KEY, SCOPES, STORED, VISITORS, Centre

pytestmark = pytest.mark.browser
LIST, DOOR, REVIEW = "/tradate/sportello", "/tradate/sportello/alla-porta", "/tradate/sportello/da-rivedere"
WAITS, SENT, TO_REVIEW = "Su questo telefono, non ancora inviato", "Inviato", "Inviato: da rivedere"
ASKED = "Scrivi il codice e premi."  # what the page says, drawn here or there


@pytest.fixture
def device(centre: Centre, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """A page on a new device, of who is named."""
    made: list[BrowserContext] = []

    def opened(who: str) -> Page:
        context = browser.new_context(base_url=centre.origin, locale="it-IT", timezone_id="Europe/Rome")
        made.append(context)
        comes(context, centre, who)
        return context.new_page()

    yield opened
    for context in made:
        context.close()


@pytest.fixture
def page(device: Callable[[str], Page]) -> Page:
    page = device("ines")
    open_list(page)
    return page


def comes(context: BrowserContext, centre: Centre, who: str) -> None:
    context.add_cookies([{"name": cookie_name(False), "value": centre.tokens[who], "url": centre.origin}])


def open_list(page: Page) -> None:
    """Until the device holds it."""
    page.goto(LIST, wait_until="load")
    for _ in range(100):
        if {"key", "list", "frame"} <= set(page.evaluate(STORED)["kept"]):
            break
        page.wait_for_timeout(50)
    else:
        raise AssertionError("the list never came")
    if not page.evaluate(CONTROLLER):
        page.reload(wait_until="load")


def press(page: Page, where: str) -> None:
    with page.expect_navigation():
        page.locator(where).first.click()


def states(page: Page) -> dict[str, str]:
    """What is said of each note on this device, by who came."""
    rows = page.locator("main form li:not([id])")
    return {row.locator(".who").inner_text(): row.locator(".tag").inner_text() for row in rows.all()}


def settled(page: Page, who: str, state: str) -> None:
    for _ in range(60):
        page.goto(DOOR)
        if states(page).get(who) == state:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{who}: {states(page)}")


def arrives(page: Page, code: str) -> None:
    """On the list of the server."""
    for _ in range(60):
        page.goto(LIST)
        if "Arrivo alle" in row(page, code):
            return
        page.wait_for_timeout(100)
    raise AssertionError(row(page, code))


def row(page: Page, code: str) -> str:
    return page.locator(f"#r-{code}").inner_text()


def type_code(page: Page, code: str) -> str:
    """What the page answers."""
    page.locator("#code").fill(code)
    press(page, "main form button:not([type])")
    return page.locator("main [role=status]").inner_text()


def worker_of(page: Page) -> Worker:
    return next(one for one in page.context.service_workers if one.url.endswith("/sportello.js"))


def stop_workers(page: Page) -> None:
    told = page.context.new_cdp_session(page)
    told.send("ServiceWorker.enable")
    told.send("ServiceWorker.stopAllWorkers")


def at_the_desk(centre: Centre, code: str, **typed: str) -> None:
    """A colleague with a line decides meanwhile."""
    with httpx.Client(base_url=centre.origin, cookies={cookie_name(False): centre.tokens["dora"]}) as client:
        asked = {"_key": f"meanwhile-{code}", **typed}
        answer = client.post(f"{LIST}/prenotazioni/{code}", data=asked, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 303, answer.text


def test_the_list_opens_without_a_line_and_somebody_arrives(centre: Centre, page: Page) -> None:
    code, name = next(centre.expected)
    page.context.set_offline(True)
    page.goto(LIST)
    assert page.url.startswith(centre.origin + DOOR)
    assert name in row(page, code) and len(VISITORS) < page.locator("main .day li[id]").count()
    assert [*look.still(page), *look.axe(page), *look.sideways(page)] == []
    press(page, f"button[value='arrived {code}']")
    assert list(states(page).values()) == [WAITS] and name in page.locator("main [role=status]").inner_text()
    assert page.locator(f"button[value='arrived {code}']").count() == 0
    page.context.set_offline(False)
    page.locator("#status .notice a").wait_for()
    settled(page, next(iter(states(page))), SENT)
    page.goto(LIST)
    assert "Arrivo alle" in row(page, code)


def test_a_line_that_is_said_to_be_back_before_it_is_there_is_tried_again(centre: Centre, page: Page) -> None:
    code, _ = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {code}']")
    tries: list[Route] = []

    def not_yet(route: Route) -> None:
        tries.append(route)
        route.abort() if len(tries) < 2 else route.continue_()

    page.context.route("**/invio", not_yet)
    page.context.set_offline(False)
    page.locator("#status .notice a").wait_for()
    assert len(tries) == 2 and list(states(page).values()) == [WAITS]  # as it was drawn before
    page.goto(DOOR)
    assert list(states(page).values()) == [SENT]


def test_a_code_is_typed_as_people_type(centre: Centre, page: Page) -> None:
    code, name = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    assert name in type_code(page, f"{code[:4].lower()} {code[4:].replace('Q', 'o').replace('J', '1')}")
    assert "era già scritto" in type_code(page, code)
    assert "Questo codice non è giusto." in type_code(page, code[:-1] + ("A" if code[-1] != "A" else "B"))
    assert len(page.evaluate(STORED)["notes"]) == 1


def test_a_ticket_that_is_newer_than_the_list_is_known_as_genuine(centre: Centre, page: Page) -> None:
    today, new = datetime.now(ZoneInfo("Europe/Rome")).date(), code.mint(code.BOOKING)
    page.context.set_offline(True)
    page.goto(DOOR)
    for provider, day in ((centre.provider, today - timedelta(days=1)), (centre.provider + 1, today)):
        assert "non è nella lista di oggi" in type_code(page, ticket.drawn(code.mint(code.BOOKING), provider, day))
    assert "è vero e vale per oggi" in type_code(page, ticket.drawn(new, centre.provider, today))
    assert len(page.evaluate(STORED)["notes"]) == 3
    known, name = next(centre.expected)
    assert name in type_code(page, ticket.drawn(known, centre.provider, today))
    assert page.evaluate(AS_BEFORE)
    assert "non è nella" in type_code(page, ticket.drawn(code.mint(code.BOOKING), centre.provider, today))


def test_a_code_that_is_not_on_the_list_waits_too_and_is_looked_at(centre: Centre, page: Page) -> None:
    page.context.set_offline(True)
    page.goto(DOOR)
    assert "non è nella lista di oggi" in type_code(page, "22222222")
    page.context.set_offline(False)
    settled(page, "2222 2222", TO_REVIEW)
    page.goto(REVIEW)
    assert "Nessuna prenotazione che puoi vedere ha questo codice." in page.locator("main").inner_text()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_press_on_the_open_list_is_kept_when_the_line_is_gone(centre: Centre, page: Page, with_script: bool) -> None:
    code, name = next(centre.expected)
    page.goto(LIST, wait_until="load")
    if with_script:
        page.wait_for_function("() => window.htmx")
    else:
        page.evaluate(
            "() => document.querySelector('form[data-hx-post]').outerHTML = "
            "document.querySelector('form[data-hx-post]').outerHTML.replace(/ data-hx-[a-z]+=\"[^\"]*\"/g, '')"
        )
    page.context.set_offline(True)
    page.locator(f"#r-{code} button[value='arrived {code}']").click()
    page.locator("main .tally").wait_for()
    assert states(page)[page.locator(f"#r-{code} .who").inner_text()] == WAITS and name
    page.context.set_offline(False)
    page.wait_for_timeout(500)
    page.goto(LIST)
    assert "Arrivo alle" in row(page, code)


def test_a_press_that_arrived_without_its_answer_is_no_conflict(centre: Centre, page: Page) -> None:
    code, _ = next(centre.expected)
    page.goto(LIST, wait_until="load")
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch(max_redirects=0).status)
        route.abort()

    page.context.route("**/sportello/arrivi", lose)
    page.locator(f"#r-{code} button[value='arrived {code}']").click()
    page.locator("main .tally").wait_for()
    page.context.unroute_all(behavior="wait")
    settled(page, page.locator(f"#r-{code} .who").inner_text(), SENT)
    assert lost and set(lost) <= {200, 303}


def test_at_home_arrival_and_departure_are_written_and_the_measure_is_asked(centre: Centre, page: Page) -> None:
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {centre.at_home}']")
    stop_workers(page)
    page.goto(DOOR)
    page.locator(f"#fatto-{centre.at_home}").select_option("90")
    press(page, f"button[value='left {centre.at_home}']")
    assert page.locator("main form li:not([id])").count() == 2
    page.context.set_offline(False)
    settled(page, page.locator(f"#r-{centre.at_home} .who").inner_text(), SENT)
    page.goto(f"{LIST}/prenotazioni/{centre.at_home}")
    assert "fatto 1 h 30 min di 2 ore" in page.locator("main").inner_text()


def test_what_somebody_else_decided_meanwhile_is_listed_and_decided(centre: Centre, page: Page) -> None:
    code, _ = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {code}']")
    who = page.locator(f"#r-{code} .who").inner_text()
    at_the_desk(centre, code, fai="absent", assenza="no_news")
    page.context.set_offline(False)
    settled(page, who, TO_REVIEW)
    page.goto(REVIEW)
    form = page.locator(f"form.panel:has(a[href$='{code}'])")
    assert "Intanto era segnata un'assenza." in form.inner_text()
    form.locator("input[value=seen]").check()
    with page.expect_navigation():
        form.locator("button[value=arrived]").click()
    page.goto(LIST)
    assert "Arrivo alle" in row(page, code)


def test_a_stopped_worker_loses_nothing_and_no_name_lies_on_the_device(centre: Centre, page: Page) -> None:
    code, name = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {code}']")
    stop_workers(page)
    page.goto(DOOR)
    assert list(states(page).values()) == [WAITS] and name in row(page, code)
    stored = page.evaluate(STORED)
    assert not [one for one in VISITORS if one.capitalize() in stored["text"]] and name not in stored["text"]
    assert page.evaluate(RAW_KEY) == "InvalidAccessError"


def test_the_list_cannot_be_read_after_its_time_and_arrivals_go_on(centre: Centre, page: Page) -> None:
    code, name = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    worker_of(page).evaluate("() => { const now = Date.now; Date.now = () => now() + 5 * 3600e3 }")
    page.goto(DOOR)
    assert "I nomi di oggi non si leggono più" in page.locator("main").inner_text()
    assert name not in page.locator("main").inner_text() and "key" not in page.evaluate(STORED)["kept"]
    type_code(page, code)
    assert list(states(page).values()) == [WAITS]
    page.context.set_offline(False)
    settled(page, f"{code[:4]} {code[4:]}", TO_REVIEW)  # for nobody knows who held the device by then


def test_who_closes_is_told_first_and_takes_the_names_along(centre: Centre, device: Callable[[str], Page]) -> None:
    page = device("leaves")
    open_list(page)
    code, _ = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {code}']")
    press(page, "header form button")
    assert "Qualcosa non è ancora partito." in page.locator("main").inner_text()
    page.locator("header form button").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto("/tradate")
    stored = page.evaluate(STORED)
    assert not {"key", "list", "frame"} & set(stored["kept"]) and [one["code"] for one in stored["notes"]] == [code]
    page.context.clear_cookies()
    comes(page.context, centre, "again")
    arrives(page, code)


def test_a_session_that_ended_leaves_no_name_and_no_arrival_is_lost(
    centre: Centre, device: Callable[[str], Page]
) -> None:
    page = device("ends")
    open_list(page)
    code, _ = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {code}']")
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto(LIST)
    assert page.url.startswith(f"{centre.origin}{LIST}/entra")
    page.wait_for_timeout(300)
    assert "key" not in page.evaluate(STORED)["kept"] and len(page.evaluate(STORED)["notes"]) == 1
    comes(page.context, centre, "again")
    arrives(page, code)


def test_what_a_colleague_wrote_on_this_device_is_looked_at(centre: Centre, page: Page) -> None:
    code, _ = next(centre.expected)
    page.context.set_offline(True)
    page.goto(DOOR)
    press(page, f"button[value='arrived {code}']")
    page.context.clear_cookies()
    comes(page.context, centre, "dora")
    page.context.set_offline(False)
    open_list(page)
    page.wait_for_timeout(500)
    page.goto(REVIEW)
    assert "L'ha scritto un'altra persona" in page.locator(f"form.panel:has(a[href$='{code}'])").inner_text()


def test_other_work_is_said_to_need_the_line(page: Page) -> None:
    page.goto(f"{LIST}/cerca", wait_until="load")
    page.locator("#cerca").fill("Amina")
    page.context.set_offline(True)
    press(page, "main form button")
    assert "Questo si fa solo con la rete." in page.locator("main").inner_text()


def test_the_citizens_worker_lives_beside_it_and_citizens_never_meet_the_desks(
    centre: Centre, device: Callable[[str], Page], browser: Browser
) -> None:
    citizen = browser.new_context(base_url=centre.origin)
    page = citizen.new_page()
    for path in ("/tradate", "/tradate/servizi", LIST):  # the last leads to the door, where nobody is signed in
        page.goto(path, wait_until="load")
    page.wait_for_timeout(500)
    assert page.evaluate(SCOPES) == [["/", "/sw.js"]]
    citizen.close()
    page = device("ines")
    page.goto("/tradate", wait_until="load")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.evaluate("() => caches.open('own-abc')")  # of a citizen who was here before
    open_list(page)
    assert not [name for name in page.evaluate("() => caches.keys()") if name.startswith("own-")]
    assert page.evaluate(SCOPES) == [["/", "/sw.js"], [LIST, "/sportello.js"]]
    assert page.evaluate(CONTROLLER) == "/sportello.js"
    page.goto("/tradate/servizi", wait_until="load")
    assert page.evaluate(CONTROLLER) == "/sw.js"
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    page.goto("/tradate/servizi")
    assert page.locator("h1").inner_text() != "Sei senza rete"
    page.goto(f"{LIST}/richieste")
    assert page.locator("h1").inner_text() == "Arrivi con il codice"
