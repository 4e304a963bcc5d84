"""Addresses that are none: what a proxy is asked for, or nothing at all."""

from typing import Any

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

    told: Any = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    await visitor.app({**told, "headers": [], "client": ("127.0.0.1", 1), "scheme": "http"}, receive, send)
    assert said[0]["status"] == 404
    assert b"content-security-policy" in dict(said[0]["headers"])
