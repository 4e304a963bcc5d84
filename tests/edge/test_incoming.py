"""Addresses that are none: what a proxy is asked for, nothing at all, numbers beyond everything."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["*", "", "altrove.example:443"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "CONNECT"])
async def test_what_is_no_path_is_not_found(visitor: Visitor, method: str, path: str) -> None:
    said: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    told = {"method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": []}
    scope: Any = {"type": "http", "scheme": "http", "client": ("127.0.0.1", 1), **told}
    await visitor.app(scope, receive, send)
    assert said[0]["status"] == 404
    assert b"content-security-policy" in dict(said[0]["headers"])


@pytest.mark.parametrize("number", ["9" * 20, "-9223372036854775809", "+" + "9" * 20, "9_" * 20 + "9", " " + "9" * 20])
async def test_a_number_that_no_database_holds_is_not_found(visitor: Visitor, number: str) -> None:
    answer = await visitor.client.get(f"/tradate/prenotazione-in-corso/{quote(number)}/dettagli")
    assert answer.status_code == 404
