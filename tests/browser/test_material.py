"""A material that was opened once, on a phone whose line is then cut."""

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.test_offline import NOTICE, opened, see

pytestmark = pytest.mark.browser
SHEET = "/tradate/servizi/aiuto-compiti/materiali/le-tabelline-con-le-mani"


def test_what_was_opened_once_opens_without_a_line(phone: BrowserContext) -> None:
    page = opened(phone)
    page.goto("/tradate/servizi/aiuto-compiti", wait_until="load")
    page.locator("main a[href$='/materiali']").click()
    page.locator("main a[href$='/le-tabelline-con-le-mani']").click()
    page.wait_for_url(f"**{SHEET}")
    page.wait_for_timeout(250)
    text = page.locator("main").inner_text()
    phone.set_offline(True)
    assert see(page, SHEET) == "Le tabelline con le mani"
    assert page.locator("main").inner_text() == text and "Piega il settimo dito" in text
    assert page.locator(NOTICE).inner_text().startswith("La rete non risponde. Questa pagina è di oggi alle ")
    assert see(page, "/tradate/servizi/aiuto-compiti/materiali/lo-zaino-della-sera") == "Sei senza rete"
