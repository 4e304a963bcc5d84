"""What a start need not wait for is not imported by it: whoever comes first after a crash waits for every import."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from types import ModuleType

import pytest

from app.domain import clock, demo, slot
from app.domain.actor import SYSTEM
from app.domain.ledger import ZONE
from tests.servers import ROOT, Caller, served

# Another command line and its colours, calendar files, holidays, the models of another framework, what sends a push,
# what counts for a monitor that nobody set up.
LATER = {"aiohttp", "attrs", "holidays", "httpx", "icalendar", "prometheus_client", "pydantic", "pygments"}
LATER |= {"pywebpush", "rich"}
TELLS = """
import sys
from app.commands import base, running
base.in_database(running._tell)
print(*sys.modules)
"""


pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_the_first_page_waits_for_no_import_it_can_do_without(
    citizen: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await slot.refresh_stale(actor=SYSTEM, now=clock.now())  # as a worker did a minute ago
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    log = tmp_path / "log"
    async with served(log=log) as origin:
        assert (await Caller(origin).get("/tradate")).status == 200
    names = set(re.findall(r"^import time: .*\| +(\S+)$", log.read_text(), re.MULTILINE))
    assert {"app.main", "granian", "litestar.app", "jinja2.loaders"} <= names
    assert {name for name in names if name.partition(".")[0] in LATER} == set()


async def test_a_day_that_was_told_needs_no_stories(database: ModuleType) -> None:
    now = clock.now()
    await demo.mark_told(now.astimezone(ZONE).date(), actor=SYSTEM, now=now)
    telling = await asyncio.create_subprocess_exec(sys.executable, "-c", TELLS, cwd=ROOT, stdout=PIPE)
    said, _ = await telling.communicate()
    assert "app.domain.demo" in said.decode().split() and "app.seed.tell" not in said.decode().split()
