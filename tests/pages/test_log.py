"""Every page is opened and every form is sent by people with names, telephones and codes: none of it is logged."""

import re

import pytest

from app import addresses, database
from tests.edge.logged import leaks, logging_as_served, read
from tests.matrix import Door, doors
from tests.pages import walk
from tests.pages.world import PASSWORD, PIN, World
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
TYPED = {
    "nome": "Zenobia",
    "cognome": "Pasticcioni",
    "telefono": "0331 998 877",
    "email": "zenobia@pasticcioni.example",
    "codice_fiscale": "PSTZNB80A41L319K",
    "card": "ZZZZ YYYY 99",
    "pin": "918273",
    "cerca": "Zenobia Pasticcioni",
    "nota": "abita in via del Pasticcio 12",
}


async def known(world: World) -> list[str]:
    """What tells who somebody is, or opens something."""
    stored = await database.rows("SELECT given_name || ' ' || family_name AS name FROM identity")
    names = [row["name"] for row in stored] + ["Colombo", "Pasticcioni", "Zenobia"]
    codes = [world.card, world.parts["code"], world.parts["reference"], PIN, PASSWORD, *world.codes]
    return [*names, *codes, *world.tokens.values(), *TYPED.values(), "0331 000 111", str(world.ids["owner"])]


async def _ask(visitor: Visitor, door: Door, world: World) -> None:
    path = addresses.url(door.name, query=TYPED, **world.parts_of(door))
    body = {**TYPED, "_key": "k"} if door.method == "POST" else None
    await visitor.client.request(door.method, path, data=body, headers={"sec-fetch-site": "same-origin"})


@pytest.mark.slow
async def test_nobody_stands_in_the_log(
    world: World, hasty_visitors: dict[str, Visitor], capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_as_served():
        for door in doors():
            await _ask(hasty_visitors[walk.viewer(door)], door, world)
            await _ask(hasty_visitors["anonymous"], door, world)
        said = capsys.readouterr().err
    lines = read(said)
    assert {line["route"] for line in lines} == {door.name for door in doors()}
    assert len(lines) >= 2 * len(doors()) and any(line["status"] == 200 and line["statements"] for line in lines)
    assert len({line["request"] for line in lines}) == len(lines)
    assert all(re.fullmatch(r"[0-9a-f]{12}", line["request"]) and line["at"].endswith("Z") for line in lines)
    assert leaks(said, await known(world)) == []


async def test_nobody_stands_in_the_log_when_a_page_fails(
    world: World,
    hasty_visitors: dict[str, Visitor],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a database that quotes what it refuses."""
    secrets, fetch = await known(world), database.DB.fetch

    async def refusing(sql: str, args: object) -> object:
        if " session" in sql or " territory" in sql:
            return await fetch(sql, args)  # type: ignore[arg-type]
        raise RuntimeError(f"DETAIL: Key (all)=({', '.join(secrets)}) already exists in {sql} {args}")

    monkeypatch.setattr(database.DB, "fetch", refusing)
    with logging_as_served():
        for door in doors():
            await _ask(hasty_visitors[walk.viewer(door)], door, world)
        said = capsys.readouterr().err
    failed = [line for line in read(said) if "error" in line]
    assert len(failed) > len(doors()) / 2
    assert all("RuntimeError" in line["error"] and line["request"] and line["trace"] for line in failed)
    assert {line["route"] for line in failed} > {"me", "booking", "desk"}
    assert leaks(said, secrets) == []


def test_a_leak_would_be_found() -> None:
    assert leaks('{"said": "call 0331 998877"}', ["0331 998 877"]) != []
    assert leaks('{"said": "ROSA colombo"}', ["Rosa Colombo"]) != []
    assert leaks('{"said": "nobody"}', ["Rosa"]) == []
