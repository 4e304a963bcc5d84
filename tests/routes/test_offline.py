"""The page a phone keeps for when the line is gone."""

import pytest

from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_it_says_what_to_do_and_whom_to_call(citizen: Visitor) -> None:
    page = await citizen.get("/senza-rete")
    assert page.is_public and page.title == "Sei senza rete"
    assert page.says("0331 000 001") and page.says("Vicino Tradate") and page.says("Vicino Biella")


async def test_the_worker_keeps_it_from_its_first_visit(citizen: Visitor) -> None:
    script = await citizen.get("/sw.js")
    assert "/senza-rete" in script.text
