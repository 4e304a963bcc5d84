"""Doors into the stories; what stands behind them is tested in tests/seed/test_tell.py."""

import pytest

from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def test_without_a_demo_there_is_no_prova(visitor: Visitor) -> None:
    assert (await visitor.get("/prova")).status == 404
    assert (await visitor.post("/prova/rosa", {"_key": "k"})).status == 404
