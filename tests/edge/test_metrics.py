"""Figures a monitor reads: of all processes together, from the database as it is, and of nobody."""

import re
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.domain import condition, message
from app.domain.actor import SYSTEM
from app.edge import gauges
from tests.appointments import NOW, START, Diary
from tests.domain.money import open_town
from tests.people import Cast
from tests.servers import free_port, served

Figures = dict[str, float]
pytestmark = pytest.mark.anyio


async def figures(port: int) -> tuple[Figures, str]:
    """By name and labels, as a monitor writes them."""
    async with httpx.AsyncClient(timeout=20) as client:
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found, text


@pytest.mark.slow
async def test_all_processes_count_together(
    cast: Cast, database: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port, processes = free_port(), 1 if database.DB.engine_type == "sqlite" else 3
    monkeypatch.setenv("VICINO_METRICS_PORT", str(port))
    log = tmp_path / "log"
    async with served(processes=processes, log=log) as origin:
        for _ in range(12):
            async with httpx.AsyncClient() as client:  # a connection each, so that several processes answer
                await client.get(f"{origin}/tradate")
                await client.get(f"{origin}/tradate/sportello/persone/71234567")
                await client.get(f"{origin}/nowhere/at/all/{cast.rosa.card}")
        found, text = await figures(port)
        assert found["vicino_requests_total{route=territory,status=2xx}"] == 12
        assert found["vicino_requests_total{route=none,status=4xx}"] == 12
        assert found["vicino_request_seconds_count{route=territory}"] == 12
        assert found["vicino_request_seconds_bucket{le=+Inf,route=territory}"] == 12
        assert found["vicino_statements_total{route=territory}"] > 0
        assert found["vicino_database_up{}"] == 1
        assert found["vicino_migrations_pending{}"] == 0
    named = re.findall(r'"request": "(\w+)"', log.read_text())
    assert len(named) >= 36 and len(set(named)) == len(named), "two requests of one name"
    assert cast.rosa.card not in text and "71234567" not in text
    names = set(re.findall(r'(\w+)="', text))
    assert names <= {"route", "status", "le"}, "a label that might name somebody"


async def read() -> Figures:
    return {name: value for name, (_, value) in (await gauges.read(NOW)).items()}


async def test_what_is_due_and_held_is_counted(database: ModuleType) -> None:
    diary = await Diary().open()
    rosa = await diary.person("rosa", "email")
    put = message.put("credit_given", rosa, due_at=NOW.replace(minute=0), useless_after=START, now=NOW)
    await database.write(lambda: put)
    found = await read()
    assert found["vicino_messages_due"] == 1
    assert found["vicino_messages_oldest_seconds"] == (NOW - NOW.replace(minute=0)).total_seconds()
    assert await message.claim("w", limit=1, now=NOW)
    found = await read()
    assert (found["vicino_messages_due"], found["vicino_messages_leased"]) == (0, 1)
    assert found["vicino_backup_seconds"] == found["vicino_verified_seconds"] == gauges.NEVER
    await condition.note_backup(actor=SYSTEM, now=NOW)
    assert (await read())["vicino_backup_seconds"] == 0


async def test_credit_that_is_set_aside_and_not_sealed_is_counted(database: ModuleType) -> None:
    town = await open_town()
    await town.give(await town.fund("comune", "100,00"), "amina", "50,00")
    await town.book("amina", "homework")
    found = await read()
    assert found["vicino_held_cents"] == 1200
    assert found["vicino_transfers_unsealed"] == 3
