"""The real server in its own process, on the world of tests/pages/world.py, and a Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

from app.edge.session import cookie_name
from tests.browser.at_the_door import Centre
from tests.copies import Copies
from tests.pages.world import World

ROOT = Path(__file__).parent.parent.parent
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    origin: str
    world: World


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_type: BrowserType) -> dict[str, Any]:
    """Playwright's own Chromium where there is one, else the system's."""
    own = browser_type.executable_path if Path(browser_type.executable_path).exists() else None
    path = os.environ.get("CHROMIUM_PATH") or own or shutil.which("chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": QUIET, "chromium_sandbox": False}


@pytest.fixture(scope="session")
def site(copies: Copies, migrated: str) -> Iterator[Site]:
    world = World(datetime.now(UTC))
    name = copies.build("site", world.fill, base=migrated)
    with serving(copies, name) as origin:
        yield Site(origin, world)


@pytest.fixture(scope="module")
def centre(copies: Copies, migrated: str) -> Iterator[Centre]:
    made = Centre()
    with serving(copies, copies.build("door", made.fill, base=migrated)) as made.origin:
        yield made


@contextmanager
def serving(copies: Copies, name: str, **settings: str) -> Iterator[str]:
    """Where the server of this database answers."""
    told = {**copies.environment(name), **settings}
    port = _free_port()
    log = Path(told["VICINO_DATA"]) / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "app.cli", "serve", "--empty"]
        environment = {**os.environ, **told, "PORT": str(port)}
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        origin = f"http://127.0.0.1:{port}"
        _wait_for(origin, server, log)
        yield origin
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def open_as(site: Site, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """A page in a new browser, signed in as an actor of tests/matrix.py."""
    contexts: list[BrowserContext] = []

    def opened(actor: str) -> Page:
        context = browser.new_context(base_url=site.origin, locale="it-IT", service_workers="block")
        contexts.append(context)
        if token := site.world.tokens.get(actor):
            context.add_cookies([{"name": cookie_name(False), "value": token, "url": site.origin}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """Of nobody yet, with a service worker."""
    context = browser.new_context(base_url=site.origin, locale="it-IT")
    yield context
    context.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(origin: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and server.poll() is None:
        try:
            if httpx.get(f"{origin}/healthz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the server does not answer:\n{log.read_text()}")
