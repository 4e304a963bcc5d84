"""Social Points: where, how to get there, when."""

import pytest

from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_each_says_where_and_whether_it_is_open(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/social-point")
    assert page.says("Via dei Gelsi 12, 21049 Tradate") and page.says("accanto alla biblioteca")
    assert page.says("aperto ora, fino alle 12.30")  # Tradate and Castiglione, on a Tuesday at noon
    assert page.says("chiuso ora, apre oggi alle 14")  # Venegono
    citizen.clock.move(hours=9)
    assert not (await citizen.get("/tradate/social-point")).says("aperto ora")
