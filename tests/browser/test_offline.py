"""A phone without a line, in Chromium: what was seen opens, what is somebody's is nobody else's."""

import pytest
from playwright.sync_api import BrowserContext, Page

from app import addresses
from app.edge import static
from tests.browser import look
from tests.browser.conftest import Site
from tests.pages.world import PIN

pytestmark = pytest.mark.browser
READY = """() => new Promise((done) => { const worker = navigator.serviceWorker;
  if (worker.controller) done(); else worker.addEventListener("controllerchange", () => done()); })"""
KEPT = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
  [name, (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)])))"""
ALL_TEXT = """async () => { let all = "";
  for (const name of await caches.keys()) { const cache = await caches.open(name);
  for (const one of await cache.keys()) all += await (await cache.match(one)).text(); } return all; }"""
OWNER = "Owner"  # their name
NOTICE = "#status .notice"


def opened(phone: BrowserContext, path: str = "/tradate") -> Page:
    page = phone.new_page()
    page.goto(path, wait_until="load")
    page.evaluate(READY)
    return page


def see(page: Page, path: str) -> str:
    """Its heading, once the worker has it or has decided against it."""
    page.goto(path, wait_until="load")
    page.wait_for_timeout(250)
    return page.locator("h1").inner_text()


def kept(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(KEPT)
    return {name.partition("-")[0]: paths for name, paths in found.items()}


def enter(page: Page, site: Site, phone_is: str = "mine") -> None:
    page.goto("/tradate/entra")
    page.locator("#card").fill(site.world.card)
    page.locator("#pin").fill(PIN)
    page.locator(f"input[name=phone][value={phone_is}]").check()
    page.locator("main form button").click()
    page.wait_for_url("**/tradate/io")
    page.wait_for_timeout(250)


@pytest.mark.parametrize(
    ("prefix", "said", "title"),
    [
        ("", "La rete non risponde. Questa pagina è di oggi alle ", "Sei senza rete"),
        ("/en", "The network does not answer. This page is from today at ", "You are offline"),
    ],
)
def test_public_pages_seen_open_and_say_of_when_they_are(
    site: Site, phone: BrowserContext, prefix: str, said: str, title: str
) -> None:
    page = opened(phone, f"{prefix}/tradate")
    paths = [f"{prefix}/tradate/servizi", f"{prefix}/tradate/servizi/aiuto-compiti", f"{prefix}/tradate/come-funziona"]
    titles = {path: see(page, path) for path in paths}
    phone.set_offline(True)
    for path in (*paths, f"{prefix}/tradate"):  # the first page came before the worker
        shown = see(page, path)
        assert shown == titles.get(path, shown) != title
        assert page.locator(NOTICE).inner_text().startswith(said)
        assert [*look.still(page), *look.axe(page), *look.sideways(page)] == []
    assert see(page, f"{prefix}/tradate/social-point") == title
    phone.set_offline(False)
    see(page, paths[0])
    assert page.locator(NOTICE).count() == 0


def test_words_that_somebody_typed_are_not_kept(phone: BrowserContext) -> None:
    page = opened(phone)
    for query in ("?q=depressione", "?famiglia=1&pagina=1"):
        see(page, f"/tradate/servizi{query}")
    assert "depressione" not in str(page.evaluate(ALL_TEXT))
    phone.set_offline(True)
    assert see(page, "/tradate/servizi?q=depressione") == "Sei senza rete"
    assert see(page, "/tradate/servizi?famiglia=1&pagina=1") != "Sei senza rete"


def test_own_bookings_open_and_die_with_the_session(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    booking = addresses.url("booking", **site.world.parts)
    code = page.locator("body").inner_text() and see(page, booking)
    see(page, "/tradate/io/borsellino")
    see(page, "/tradate/io/famiglia")
    see(page, "/tradate/io/messaggi")
    assert sorted(kept(page)["own"]) == sorted(["/tradate/io", booking, "/tradate/io/borsellino"])
    phone.set_offline(True)
    assert see(page, booking) == code and page.locator("figure.qr svg").is_visible()
    assert page.locator(NOTICE).is_visible()
    assert see(page, "/tradate/io/famiglia") == "Sei senza rete"
    phone.set_offline(False)
    page.goto("/tradate/io")
    page.locator("header form button").click()
    page.wait_for_url("**/tradate")
    page.wait_for_timeout(250)
    assert "own" not in kept(page) and OWNER not in str(page.evaluate(ALL_TEXT))
    phone.set_offline(True)
    assert see(page, booking) == see(page, "/tradate/io") == "Sei senza rete"


def test_who_signs_out_without_a_line_leaves_nothing(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    phone.set_offline(True)
    page.locator("header form button").click()
    page.wait_for_timeout(500)
    page = phone.new_page()
    assert see(page, "/tradate/io") == "Sei senza rete" and "own" not in kept(page)


def test_a_session_that_ended_elsewhere_takes_the_pages_with_it(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    assert "own" in kept(page)
    phone.clear_cookies()
    see(page, "/tradate/io")
    assert page.url.endswith("/tradate/entra?poi=%2Ftradate%2Fio") and "own" not in kept(page)


def test_a_phone_of_others_keeps_nothing(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site, "others")
    see(page, "/tradate/io/borsellino")
    assert "own" not in kept(page) and OWNER not in str(page.evaluate(ALL_TEXT))


def test_leaving_the_phone_leaves_nothing_at_all(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    enter(page, site)
    page.goto("/tradate/esci-da-questo-telefono")
    page.locator("main form button").click()
    page.wait_for_timeout(500)
    assert page.locator("h1").inner_text() == "Fatto" and "own" not in kept(page)


def test_a_form_and_what_it_leads_to_are_one_request_and_two_pages(site: Site, phone: BrowserContext) -> None:
    """Back and reload are as after a redirect: nothing is sent again."""
    page = opened(phone)
    asked: list[tuple[str, str]] = []
    phone.on("request", lambda one: asked.append((one.method, one.url)) if one.service_worker else None)
    enter(page, site)
    assert [method for method, _ in asked if method == "POST"] == ["POST"]
    assert not [url for method, url in asked if method == "GET" and url.endswith("/tradate/io")]
    page.reload()
    assert page.url.endswith("/tradate/io") and [method for method, _ in asked].count("POST") == 1
    page.go_back()
    assert [method for method, _ in asked].count("POST") == 1


@pytest.mark.parametrize("referrer", ["unsafe-url", "no-referrer"])
def test_a_form_of_another_site_is_not_sent_in_our_name(site: Site, phone: BrowserContext, referrer: str) -> None:
    """The worker hears of it, too, and what the worker asks for itself comes from us."""
    page = opened(phone)
    typed = {"card": site.world.card, "pin": PIN, "phone": "mine", "_key": "forged"}
    fields = "".join(f'<input name="{name}" value="{value}">' for name, value in typed.items())
    form = f'<form method="post" action="{site.origin}/tradate/entra">{fields}<button>Gratis</button></form>'
    body = f'<meta name="referrer" content="{referrer}">{form}'
    phone.route("http://another.example/", lambda route: route.fulfill(content_type="text/html", body=body))
    page.goto("http://another.example/")
    with page.expect_navigation(url=f"{site.origin}/**") as sent:
        page.locator("button").click()
    assert sent.value and sent.value.status == 403
    assert "vicino" not in [cookie["name"] for cookie in phone.cookies()]


def test_a_line_that_does_not_answer_is_not_waited_for(phone: BrowserContext) -> None:
    """What was seen is shown after 8 seconds; what was not seen is waited for."""
    page = opened(phone)
    title = see(page, "/tradate/servizi")
    phone.route("**/tradate/servizi", lambda route: None)
    assert see(page, "/tradate/servizi") == title and page.locator(NOTICE).is_visible()


def test_a_full_or_refused_storage_stops_nothing(site: Site, phone: BrowserContext) -> None:
    page = opened(phone)
    phone.service_workers[0].evaluate(
        "() => { const full = () => Promise.reject(new DOMException('', 'QuotaExceededError'));"
        "caches.open = caches.match = caches.keys = full }"
    )
    assert see(page, "/tradate/servizi")
    enter(page, site)
    assert page.locator("h1").inner_text() == f"Ciao {OWNER}"
    page.locator("header form button").click()
    page.wait_for_url("**/tradate")


def test_a_kept_page_that_only_names_the_first_sheet_is_dressed(phone: BrowserContext) -> None:
    """Browsers that know no dictionaries are sent such pages; the file may be gone."""
    opened(phone)
    shown = phone.service_workers[0].evaluate(
        """async () => { const page = '<link rel="stylesheet" href="/static/css/critical.x.css"><p>';
        const kept = new Response(page, { headers: { seen: Date.now() } });
        return (await dated(kept, await wordsOf("/senza-rete"))).text(); }"""
    )
    assert shown == f"<style>{static.critical_css()}</style><p>"


def test_a_cache_holds_forty_pages_and_none_for_long(phone: BrowserContext) -> None:
    page = opened(phone)
    see(page, "/tradate/servizi")
    worker = phone.service_workers[0]
    worker.evaluate(
        """async () => { const kind = { "content-type": "text/html", "cache-control": "public, no-cache" };
        for (let number = 0; number < 45; number++)
          await note(`${location.origin}/tradate/${number}`, new Response("x", { headers: kind }), Date.now()); }"""
    )
    paths = kept(page)["public"]
    assert len(paths) == 40 and paths[-1] == "/tradate/44" and "/tradate/servizi" not in paths
    see(page, "/tradate/servizi")
    phone.set_offline(True)
    worker.evaluate("() => { const now = Date.now; Date.now = () => now() + 31 * 24 * 3600e3 }")
    assert see(page, "/tradate/servizi") == "Sei senza rete"
