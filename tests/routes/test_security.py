"""Whoever finds a weakness is told whom to write to, for less than a year."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.config import read
from app.routes import security
from app.views.security import security_text
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio
PATH = "/.well-known/security.txt"
CHOSEN = read({"VICINO_SECURITY_CONTACT": "sicurezza@comune.example", "VICINO_PUBLIC_URL": "https://vicino.example"})


async def test_it_says_whom_and_until_when(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "settings", lambda: CHOSEN)
    page = await visitor.get(PATH)
    assert page.headers["content-type"].startswith("text/plain")
    said = dict(line.split(": ", 1) for line in page.text.splitlines())
    assert said["Contact"] == "mailto:sicurezza@comune.example"
    assert said["Canonical"] == f"https://vicino.example{PATH}"
    assert NOON < datetime.fromisoformat(said["Expires"]) < NOON.replace(year=NOON.year + 1)


async def test_without_anybody_there_is_no_such_file(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "settings", lambda: replace(CHOSEN, security_contact=""))
    assert (await visitor.get(PATH)).status == 404


def test_each_line_is_a_field_of_its_own() -> None:
    assert len(security_text(replace(CHOSEN, security_contact="https://a.example"), NOON).splitlines()) == 4
