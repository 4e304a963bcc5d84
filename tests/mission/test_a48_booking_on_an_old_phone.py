"""A48: who has an old phone, a slow line, no app and no SPID books, within the bytes of one small photo."""

import pytest

from tests.people import Cast
from tests.timetable import NOW, Timetable
from tests.visitor import Clock, Page, Visitor

pytestmark = pytest.mark.anyio
FIRST_FLIGHT = 14_000  # each page alone
WHOLE_JOURNEY = 48_000  # all of it: style sheet, headers and redirects counted, no dictionary
LINE = 50_000  # bytes a second
GUEST = {"nome": "Carla Neri", "telefono": "300 0000 077"}


class OldPhone:
    """Without scripts and without Fetch Metadata; adds up what travels."""

    def __init__(self, clock: Clock) -> None:
        self.visitor = Visitor(clock, is_old=True)
        self.sent: list[tuple[str, int]] = []

    async def get(self, path: str) -> Page:
        return self._counted(await self.visitor.get(path))

    async def press(self, page: Page, action: str, **values: str) -> Page:
        done = self._counted(await self.visitor.submit(page.form(action), **values))
        assert done.status == 303, done.visible_text[:300]
        return await self.get(done.location.removeprefix("http://127.0.0.1:8000"))

    def _counted(self, page: Page) -> Page:
        self.sent.append((page.path, page.sent + page.header_bytes))
        return page


async def test_the_whole_booking(visitor: Visitor, cast: Cast) -> None:
    town = await Timetable(cast).open()
    await town.service()
    phone = OldPhone(Clock(NOW))
    page = await phone.get("/tradate")
    await phone.get(str(page.all("//link[@rel='stylesheet']/@href")[0]))
    page = await phone.get("/tradate/servizi/compiti")
    page = await phone.get("/tradate/prenota/compiti")
    page = await phone.press(page, "/orario")
    assert "SPID" not in page.visible_text and not page.all("//a[contains(@href, 'spid')]")
    page = await phone.get(page.link("Non ho la tessera"))
    page = await phone.press(page, "/senza-tessera", **GUEST)
    page = await phone.press(page, "/riepilogo")
    assert page.title == "È prenotato" and page.says("Codice della prenotazione")
    whole = sum(size for _, size in phone.sent)
    print(*(f"{size:6} {path}" for path, size in phone.sent), f"{whole:6} bytes in {len(phone.sent)} answers", sep="\n")
    assert len(phone.sent) >= 10 and max(size for _, size in phone.sent) <= FIRST_FLIGHT
    assert whole <= WHOLE_JOURNEY and whole / LINE < 1  # a second of waiting for the line in all


async def test_nothing_on_the_way_needs_a_script(visitor: Visitor, cast: Cast) -> None:
    """What is pressed is a native control in a form with an address; scripts only come after."""
    town = await Timetable(cast).open()
    await town.service()
    page = await visitor.get("/tradate/prenota/compiti")
    assert page.all("//form[@method='post'][@action]//input[@type='radio'][@name='orario']")
    assert not page.all("//script[@src][not(@async)]") and not page.all("//main//button[@type='button']")
    width = page.all("//meta[@name='viewport']/@content")
    assert [str(each) for each in width] == ["width=device-width, initial-scale=1"]
