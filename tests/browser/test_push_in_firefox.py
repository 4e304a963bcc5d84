"""A push from our worker to a stock Firefox: signed, encrypted, delivered, read by the worker, drawn, pressed.

The push service is the only double, and speaks the protocols of the real one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.browser.autopush import HOST, Autopush, autopush
from tests.browser.conftest import serving
from tests.browser.firefox import Firefox, binary, firefox, until
from tests.copies import Copies
from tests.gateways.push_service import certificate
from tests.pages.world import PIN, World
from tests.servers import Caller

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not binary(), reason="Firefox is not here"),
]
SERVICE = "aiuto-telefono"
MESSAGES = "/tradate/io/messaggi"
OFFERED = "button[data-push]:not([hidden])"
TOLD = "Fatto: ti avvisiamo su questo telefono."
SHOWN = "document.getElementById('alertTextLabel')?.textContent"
UNSUBSCRIBE = """navigator.serviceWorker.ready.then((one) => one.pushManager.getSubscription())
  .then((one) => one.unsubscribe())"""


def test_a_phone_is_told_while_no_page_is_open_and_after_it_was_off(
    copies: Copies, migrated: str, tmp_path: Path
) -> None:
    """In a loop of its own: that of the other browser tests is taken."""
    world = World(datetime.now(UTC))
    name = copies.build("firefox", world.fill, base=migrated)

    async def told() -> None:
        async with autopush(tmp_path) as service:
            settings = {
                "VICINO_DEMO": "0",
                "VICINO_PUSH_HOSTS": f"{HOST}:{service.port}",
                "SSL_CERT_FILE": str(certificate(tmp_path)),
            }
            with serving(copies, name, **settings) as origin:
                await Story(world, origin, service, tmp_path / "phone").told()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, told()).result()


class Story:
    """Owner's own phone, and Owner somewhere else with the card."""

    def __init__(self, world: World, origin: str, service: Autopush, profile: Path) -> None:
        self.world, self.origin, self.service, self.profile = world, origin, service, profile
        self.elsewhere = Caller(origin)

    async def told(self) -> None:
        await self.enter_elsewhere()
        async with self.phone() as phone:
            await self.enter(phone)
            await self.subscribe(phone)
            await phone.open("about:blank")
            booked = await self.book_elsewhere()
            await self.pressed(phone, "Prenotazione confermata: ")
            await until(self.tells(phone, "arrivato."), "the server knows that it was shown")
        await self.cancel_elsewhere(booked)
        await until(self.answered(2), "the push service took the second while the phone was off")
        async with self.phone() as phone:
            await self.pressed(phone, "Appuntamento annullato: ")
            await phone.open(self.origin + MESSAGES)
            await phone.run(UNSUBSCRIBE)
            await self.book_elsewhere()
            await until(self.answered(3), "the push service was asked a third time")
            await phone.open(self.origin + MESSAGES)
            await until(lambda: phone.run(f"!!document.querySelector('{OFFERED}')"), "the offer stands again")
        assert self.service.statuses == [201, 201, 410]

    def phone(self) -> AbstractAsyncContextManager[Firefox]:
        return firefox(self.profile, **{"dom.push.serverURL": f"ws://{HOST}:{self.service.web_port}/"})

    async def enter(self, phone: Firefox) -> None:
        await phone.open(f"{self.origin}/tradate/entra")
        for field, typed in (("card", self.world.card), ("pin", PIN)):
            await phone.run(f"document.getElementById('{field}').value = {typed!r}")
        await phone.run("document.querySelector('input[name=phone][value=mine]').checked = true")
        await phone.click("main form button")
        await until(self.at(phone, "/tradate/io"), "the own page")

    async def subscribe(self, phone: Firefox) -> None:
        await phone.open(self.origin + MESSAGES)
        await until(lambda: phone.run(f"!!document.querySelector('{OFFERED}')"), "the offer")
        await phone.click(OFFERED)
        await until(lambda: phone.run(f"document.body.innerText.includes('{TOLD}')"), TOLD)

    async def pressed(self, phone: Firefox, words: str) -> None:
        """What is shown, once, and says nothing to who looks over a shoulder; a press opens what it speaks of."""
        (alert,) = await until(phone.alerts, f"a notification: {self.service.statuses}")
        shown = await until(lambda: phone.run(SHOWN, alert), "its words")
        assert shown.startswith(words) and shown.endswith(". Tocca per leggere.") and shown.count(" ") < 9
        await phone.run("document.getElementById('alertBox').click()", alert)
        await until(self.at(phone, MESSAGES), MESSAGES)

    def tells(self, phone: Firefox, words: str) -> Callable[[], Awaitable[bool]]:
        async def found() -> bool:
            await phone.open(self.origin + MESSAGES)
            return words in await phone.run("document.body.innerText")

        return found

    def answered(self, count: int) -> Callable[[], Awaitable[bool]]:
        async def found() -> bool:
            return len(self.service.statuses) >= count

        return found

    def at(self, phone: Firefox, path: str) -> Callable[[], Awaitable[bool]]:
        async def found() -> bool:
            return self.origin + path in (await phone.tabs()).values()

        return found

    async def enter_elsewhere(self) -> None:
        page = await self.elsewhere.get("/tradate/entra")
        entered = await self.elsewhere.submit(page.form(), card=self.world.card, pin=PIN, phone="mine")
        assert (await self.elsewhere.follow(entered)).path == "/tradate/io"

    async def book_elsewhere(self) -> str:
        page = await self.elsewhere.get(f"/tradate/prenota/{SERVICE}")
        page = await self.elsewhere.get(page.link("Rete debole? Chiedi con tre orari."))
        first = {
            str(radio.get("name")): str(radio.get("value")) for radio in page.all("//main//input[@type='radio']")[::-1]
        }
        first["primo-orario"] = str(page.all("//select[@name='primo-orario']/option[@value!='']/@value")[0])
        booked = await self.elsewhere.submit(page.form("/tre-orari"), **first)
        return (await self.elsewhere.follow(booked)).path

    async def cancel_elsewhere(self, booking: str) -> None:
        page = await self.elsewhere.get(f"{booking}/annulla")
        done = await self.elsewhere.submit(page.form("/annulla"))
        assert done.status == 303
