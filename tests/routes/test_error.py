"""What a person sees when something goes wrong: words, never a trace."""

import sqlite3
from typing import Any

import pytest

from app import database
from app.views.start import StartPage
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_unknown_addresses_say_where_to_go(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/niente")
    assert page.status == 404 and page.title == "Questa pagina non c'è"
    assert page.link("Torna all'inizio") == "/tradate" and page.says("0331 000 001")


async def test_a_wrong_method_is_refused_in_words(citizen: Visitor) -> None:
    page = await citizen.post("/tradate/servizi")
    assert page.status == 405 and page.headers["allow"] and page.title == "Qui non si può"


async def test_too_much_is_refused_before_it_is_read(citizen: Visitor) -> None:
    page = await citizen.post("/tradate/entra", {"card": "x" * 70_000})
    assert page.status == 413


async def fail(citizen: Visitor, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Any:
    async def broken(*_: object) -> StartPage:
        raise error

    monkeypatch.setattr(StartPage, "load", broken)
    return await citizen.client.get("/", headers={"sec-fetch-site": "none"})


async def test_a_busy_database_says_when_to_come_back(citizen: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await fail(citizen, monkeypatch, database.Busy())
    assert answer.status_code == 503 and answer.headers["retry-after"] == "10"
    assert "Siamo fermi per poco" in answer.text and "content-security-policy" in answer.headers


async def test_a_locked_file_is_busy_too(citizen: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await fail(citizen, monkeypatch, sqlite3.OperationalError("database is locked"))
    assert answer.status_code == 503


async def test_a_mistake_of_ours_shows_no_trace(citizen: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await fail(citizen, monkeypatch, ZeroDivisionError("secret detail"))
    assert answer.status_code == 500 and "Qualcosa non ha funzionato" in answer.text
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["cache-control"] == "no-store" and "content-security-policy" in answer.headers


async def test_busy_before_anybody_knows_who_asks(citizen: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def locked(slug: str) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr("app.domain.territory.by_slug", locked)
    answer = await citizen.client.get("/tradate")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "10"
