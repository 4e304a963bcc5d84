"""A push reaches the worker, as a push service would deliver it: what the phone then shows."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site
from tests.browser.test_offline import enter, opened

pytestmark = pytest.mark.browser
SHOWN = """async () => { const worker = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 50; tries++) {
    const shown = await worker.getNotifications();
    if (shown.length) return shown.map((one) => [one.title, one.body, one.lang, one.data.address]);
    await new Promise((done) => setTimeout(done, 100));
  } return []; }"""
GENERIC = {
    "it-IT": "Hai un messaggio. Tocca per leggerlo.",
    "en-GB": "There is a message for you. Tap to read it.",
}


@pytest.mark.parametrize(("locale", "path"), [("it-IT", "/tradate"), ("en-GB", "/en/tradate")])
@pytest.mark.parametrize("sent", [{"title": "Promemoria", "body": "Domani alle 10.", "lang": "it"}, None])
def test_a_push_shows_its_words_or_generic_ones(
    site: Site, browser: Browser, locale: str, path: str, sent: dict[str, str] | None
) -> None:
    context = browser.new_context(base_url=site.origin, locale=locale)
    try:
        context.grant_permissions(["notifications"], origin=site.origin)
        page = context.new_page()
        page.goto(path, wait_until="load")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        _deliver(page, site.origin, json.dumps({**sent, "address": "https://evil.example/x"}) if sent else "")
        shown = page.evaluate(SHOWN)
    finally:
        context.close()
    wanted = [sent["title"], sent["body"]] if sent else ["Vicino", GENERIC[locale]]
    assert [shown[0][:2], shown[0][3]] == [wanted, f"{site.origin}/"]
    assert shown[0][2] == (sent["lang"] if sent else locale[:2])


CLICK = """async () => { const opened = []; self.clients.openWindow = async (address) => { opened.push(address); };
  const [notification] = await self.registration.getNotifications();
  for (const action of ["", "/annulla"])
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
  await new Promise((done) => setTimeout(done, 300));
  return [notification.actions.map((one) => [one.title, one.action]), opened]; }"""


def test_a_reminder_has_buttons_that_lead_to_what_they_say(site: Site, browser: Browser) -> None:
    """Nothing is changed by pressing them: each opens the page that asks."""
    context, booking = browser.new_context(base_url=site.origin, locale="it-IT"), "/tradate/prenotazioni/K7M2PQRS"
    buttons = [{"action": "/annulla", "title": "Annulla"}, {"action": "/sposta", "title": "Sposta"}]
    try:
        context.grant_permissions(["notifications"], origin=site.origin)
        page = context.new_page()
        page.goto("/tradate", wait_until="load")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        said = {"title": "Vicino", "body": "Promemoria", "lang": "it", "address": booking, "actions": buttons}
        _deliver(page, site.origin, json.dumps(said))
        page.evaluate(SHOWN)
        shown, opened = context.service_workers[0].evaluate(CLICK)
    finally:
        context.close()
    assert shown == [["Annulla", "/annulla"], ["Sposta", "/sposta"]]
    assert opened == [f"{site.origin}{booking}", f"{site.origin}{booking}/annulla"]


def _deliver(page: Page, origin: str, data: str) -> None:
    """To the one worker of this browser."""
    session, found = page.context.new_cdp_session(page), list[dict[str, Any]]()
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(100):
        if found:
            break
        page.wait_for_timeout(50)
    told = {"origin": f"{origin}/", "registrationId": found[0]["registrationId"], "data": data}
    session.send("ServiceWorker.deliverPushMessage", told)


STANDING = """async () => { const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map((one) => [one.tag, one.renotify === true]).sort(); }"""


def test_a_push_that_comes_again_takes_the_place_of_the_first_without_a_sound(site: Site, browser: Browser) -> None:
    """So it is when who sends was stopped between sending and writing down."""
    context = browser.new_context(base_url=site.origin, locale="it-IT")
    try:
        context.grant_permissions(["notifications"], origin=site.origin)
        page = context.new_page()
        page.goto("/tradate", wait_until="load")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        for tag in ("first", "first", "second", "first"):
            _deliver(page, site.origin, json.dumps({"title": "Promemoria", "body": "Domani.", "tag": tag}))
        page.wait_for_timeout(300)
        standing = page.evaluate(STANDING)
    finally:
        context.close()
    assert standing == [["first", False], ["second", False]]


def test_who_signs_out_leaves_no_notification(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.origin, locale="it-IT")
    try:
        context.grant_permissions(["notifications"], origin=site.origin)
        enter(page := opened(context), site)
        _deliver(page, site.origin, json.dumps({"title": "Promemoria", "body": "Domani alle 10.", "lang": "it"}))
        assert page.evaluate(SHOWN)
        with page.expect_navigation():
            page.locator("header form button").click()
        page.wait_for_timeout(300)
        left = page.evaluate("navigator.serviceWorker.ready.then((one) => one.getNotifications())")
    finally:
        context.close()
    assert left == []
