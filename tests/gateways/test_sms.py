"""Texts against a server that speaks docs/sms.md."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from app.gateways import Permanent, Temporary, sms
from app.gateways.sms import HttpSms
from tests.gateways.sms_server import HANG, RESET, TOKEN, SmsServer, sms_server

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[SmsServer]:
    async with sms_server() as running:
        yield running


async def send(server: SmsServer, number: str = "3000000456", *, token: str = TOKEN, tag: str = "k3y") -> None:
    gateway = HttpSms(server.url, token, "Vicino", "https://vicino.example")
    try:
        await gateway.send(number, "Vicino: è domani.", tag=tag, message_id=7, now=NOW)
    finally:
        await gateway.close()


async def test_what_arrives(server: SmsServer) -> None:
    await send(server)
    (text,) = server.sent.values()
    assert (text.to, text.sender, text.text) == ("+393000000456", "Vicino", "Vicino: è domani.")
    assert text.status_url == "https://vicino.example/avvisi/k3y/sms"
    await send(server, "+447700900123", tag="other")
    assert server.sent["other"].to == "+447700900123"


async def test_the_same_key_is_sent_once(server: SmsServer) -> None:
    await send(server)
    await send(server)
    assert (server.asked, len(server.sent)) == (2, 1)


@pytest.mark.parametrize("status", [400, 404, 410, 413, 422])
async def test_what_can_never_go_is_for_good(server: SmsServer, status: int) -> None:
    server.status = status
    with pytest.raises(Permanent):
        await send(server)


@pytest.mark.parametrize("status", [429, 500, 503, RESET])
async def test_what_may_go_later_is_for_now(server: SmsServer, status: int) -> None:
    server.status = status
    with pytest.raises(Temporary) as caught:
        await send(server)
    assert caught.value.after == timedelta(0)


async def test_it_waits_as_long_as_it_is_asked_to(server: SmsServer) -> None:
    server.status = 429
    for told, seconds in (("300", 300), ("Tue, 24 Nov 2026 11:02:00 GMT", 120), ("soon", 0)):
        server.headers = {"Retry-After": told}
        with pytest.raises(Temporary) as caught:
            await send(server)
        assert caught.value.after.total_seconds() == seconds


async def test_a_wrong_token_and_a_redirect_are_our_fault(server: SmsServer) -> None:
    with pytest.raises(Temporary) as caught:
        await send(server, token="guessed")
    assert caught.value.after == sms.OUR_FAULT
    server.status, server.headers = 307, {"Location": "http://127.0.0.1:1/"}
    with pytest.raises(Temporary):
        await send(server)
    assert server.asked == 2 and server.sent == {}


async def test_a_server_that_hangs_is_given_up(server: SmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "TIME_OUT", 0.2)
    server.status = HANG
    with pytest.raises(Temporary):
        await send(server)


async def test_nobody_listening_is_for_now() -> None:
    with pytest.raises(Temporary):
        await send(SmsServer(port=1))
