"""The journey of bin/prove old-browsers in a browser of text, pressed key by key, where this machine has one."""

import shutil
from pathlib import Path

import pytest

from app import database
from tests.conftest import ENGINE
from tests.copies import Copies
from tests.proofs import old_browsers
from tests.proving import journey
from tests.proving.terminal import W3M, terminal
from tests.servers import served

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.mark.skipif(ENGINE != "sqlite", reason="a browser asks nothing of the engine")
@pytest.mark.skipif(not shutil.which("w3m"), reason="w3m is not here")
async def test_w3m_books_and_cancels(copies: Copies, migrated: str, tmp_path: Path) -> None:
    async with copies.fresh(migrated):
        await database.start()
        try:
            cards = await old_browsers.fill()
            async with served() as origin, terminal(W3M, origin, tmp_path) as browser:
                visit = await journey.walk(browser, cards[0])
            states = await database.rows("SELECT state FROM booking")
        finally:
            await database.stop()
    assert (visit.stopped, visit.steps) == ("", len(journey.steps("")))
    assert [row["state"] for row in states] == ["cancelled"]
