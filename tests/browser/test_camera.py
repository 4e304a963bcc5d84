"""A ticket held before a camera, at the door and without a line; and where there is no camera, or none that opens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno
from playwright.sync_api import Browser, BrowserType, Page

from app.domain import ticket
from tests.browser import look
from tests.browser.at_the_door import Centre
from tests.browser.test_door import DOOR, WAITS, comes, open_list, press, states

pytestmark = pytest.mark.browser
WIDTH, HEIGHT, SCALE, LIGHT, DARK = 640, 480, 9, 200, 40
SCAN = "[data-scan]"
READS = "() => 'BarcodeDetector' in window"
OWN_READER = """code => { window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"] } async detect() { return [{ rawValue: code }] } } }"""
NO_READER = "class { static async getSupportedFormats() { return ['ean_13'] } }"
REFUSED = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"


def film(path: Path, value: str) -> None:
    """One second of a camera that sees a ticket, a little off the middle (YUV4MPEG2)."""
    rows = segno.make(value, error="m", micro=False).matrix
    bright = bytearray([LIGHT]) * (WIDTH * HEIGHT)
    for y in range(len(rows) * SCALE):
        begins = (130 + y) * WIDTH + 190
        dark = b"".join(bytes([DARK if one else LIGHT]) * SCALE for one in rows[y // SCALE])
        bright[begins : begins + len(dark)] = dark
    frame = b"FRAME\n" + bytes(bright) + b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)


@pytest.fixture
def before(
    centre: Centre, browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[[str], Page]]:
    """The door on a device whose camera sees these letters."""
    browsers: list[Browser] = []

    def seen(value: str) -> Page:
        film(tmp_path / "seen.y4m", value)
        camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        camera += [f"--use-file-for-fake-video-capture={tmp_path / 'seen.y4m'}"]
        told = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *camera]}
        browsers.append(browser_type.launch(**told))
        context = browsers[-1].new_context(base_url=centre.origin, locale="it-IT", timezone_id="Europe/Rome")
        comes(context, centre, "ines")
        page = context.new_page()
        open_list(page)
        return page

    yield seen
    for browser in browsers:
        browser.close()


def at_the_door(page: Page) -> None:
    page.context.set_offline(True)
    page.goto(DOOR, wait_until="load")
    page.locator(f"{SCAN}:enabled").wait_for()


def came(page: Page) -> list[tuple[str, str]]:
    return [(who.partition(" ")[0], state) for who, state in states(page).items()]


@contextmanager
def libraries(page: Page) -> Iterator[list[str]]:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/vendor/qr" in request.url else None)
    yield fetched


def test_a_ticket_is_read_without_a_line_where_the_browser_reads_no_codes(
    centre: Centre, before: Callable[[str], Page]
) -> None:
    code, name = next(centre.expected)
    page = before(ticket.drawn(code, centre.provider, datetime.now(ZoneInfo("Europe/Rome")).date()))
    at_the_door(page)
    assert not page.evaluate(READS)
    press(page, SCAN)
    assert came(page) == [(name, WAITS)]


def test_a_browser_that_reads_other_codes_only_is_helped_too(centre: Centre, before: Callable[[str], Page]) -> None:
    code, name = next(centre.expected)
    page = before(code)
    page.add_init_script(f"window.BarcodeDetector = {NO_READER}")
    at_the_door(page)
    press(page, SCAN)
    assert came(page) == [(name, WAITS)]


def test_who_reads_codes_fetches_nothing_for_it(centre: Centre, before: Callable[[str], Page]) -> None:
    code, name = next(centre.expected)
    page = before("")
    page.add_init_script(f"({OWN_READER})({code!r})")
    at_the_door(page)
    with libraries(page) as fetched:
        press(page, SCAN)
    assert came(page) == [(name, WAITS)] and not fetched


def test_a_camera_that_does_not_open_is_told_and_the_code_is_typed(
    centre: Centre, before: Callable[[str], Page]
) -> None:
    page = before("")
    page.add_init_script(REFUSED)
    at_the_door(page)
    page.locator(SCAN).click()
    page.get_by_text("La fotocamera non si apre. Scrivi il codice.").wait_for()
    assert page.locator("#code").evaluate("field => field === document.activeElement")
    assert page.locator("video").count() == 0


def test_what_the_camera_sees_fits_a_narrow_screen_and_a_second_press_ends_it(
    centre: Centre, before: Callable[[str], Page]
) -> None:
    page = before("12345")
    page.set_viewport_size({"width": 320, "height": 640})
    at_the_door(page)
    page.locator(SCAN).click()
    page.locator("video").wait_for()
    page.wait_for_function("() => document.querySelector('video').videoWidth > 320")
    assert page.evaluate(look.SIDEWAYS) == 0
    page.locator(SCAN).click()
    assert page.locator("video").count() == 0 and not came(page)


def test_without_a_camera_the_button_stays_off(centre: Centre, browser: Browser) -> None:
    context = browser.new_context(base_url=centre.origin)
    comes(context, centre, "ines")
    page = context.new_page()
    page.goto(DOOR, wait_until="load")
    page.wait_for_timeout(500)
    assert page.locator(SCAN).is_disabled()
    context.close()
