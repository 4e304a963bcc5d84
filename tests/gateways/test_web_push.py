"""Web Push against a service that speaks the real protocol, and against addresses that want us elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.delivery import Phone
from app.domain.push import is_allowed
from app.gateways import Permanent, Temporary, web_push
from app.gateways.web_push import SIZE, Push, ServicePush, is_public
from tests.gateways.push_service import (
    HANG,
    NAME,
    RESET,
    Browser,
    PushService,
    claims,
    push_service,
    trusting,
    vapid_pem,
)

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
SAID = {"title": "Vicino", "body": "Promemoria: martedì. Tocca per leggere.", "tag": "t1", "receipt": "/avvisi/x"}
PUSH = Push(SAID, "t1", False, NOW + timedelta(hours=3))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    async with push_service(tmp_path) as running:
        yield running


def gateway(service: PushService, folder: Path, *addresses: str) -> ServicePush:
    """Tests stand on this machine: its address is believed because the allowlist writes it down."""

    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    hosts = (f"{NAME}:{service.port}", f"127.0.0.1:{service.port}")
    return ServicePush(
        hosts, vapid_pem(), "mailto:prova@vicino.example", resolve=resolve if addresses else None, tls=trusting(folder)
    )


def phone(service: PushService, browser: Browser | None = None) -> Phone:
    return (browser or Browser()).subscription(f"https://127.0.0.1:{service.port}/send/abc")


async def send(service: PushService, folder: Path, to: Phone | None = None, push: Push = PUSH) -> bool:
    chosen = gateway(service, folder)
    try:
        return await chosen.send(to or phone(service), push, message_id=1, now=NOW)
    finally:
        await chosen.close()


async def test_a_browser_reads_what_was_sent(service: PushService, tmp_path: Path) -> None:
    browser = Browser()
    assert await send(service, tmp_path, phone(service, browser)) is False, "taken is not yet shown"
    (got,) = service.received
    assert browser.opened(got.body) == SAID
    assert got.headers["ttl"] == str(3 * 3600)
    assert (got.headers["topic"], got.headers["urgency"]) == ("t1", "normal")
    assert got.headers["content-encoding"] == "aes128gcm"
    assert claims(got)["aud"] == f"https://127.0.0.1:{service.port}"
    assert claims(got)["sub"] == "mailto:prova@vicino.example"


async def test_all_messages_have_one_size(service: PushService, tmp_path: Path) -> None:
    for body in ("Sì.", "Appuntamento annullato: mercoledì 30 settembre. Tocca per leggere." * 2):
        await send(service, tmp_path, push=replace(PUSH, payload={**SAID, "body": body}))
    assert len({len(got.body) for got in service.received}) == 1
    assert len(service.received[0].body) == SIZE + 103


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_taken(service: PushService, tmp_path: Path, status: int) -> None:
    service.status = status
    assert await send(service, tmp_path) is False


@pytest.mark.parametrize(("status", "is_gone"), [(404, True), (410, True), (400, False), (403, False), (413, False)])
async def test_never_again(service: PushService, tmp_path: Path, status: int, is_gone: bool) -> None:
    service.status = status
    with pytest.raises(Permanent) as caught:
        await send(service, tmp_path)
    assert caught.value.is_gone is is_gone


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_later(service: PushService, tmp_path: Path, status: int) -> None:
    service.status, service.headers = status, {"Retry-After": "120"}
    with pytest.raises(Temporary) as caught:
        await send(service, tmp_path)
    assert caught.value.after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("said", "waits"),
    [("Tue, 24 Nov 2026 11:05:00 GMT", 300), ("soon", 0), ("99999999", 86400), ("", 0), ("-4", 0)],
)
async def test_how_long_it_asks_us_to_wait(service: PushService, tmp_path: Path, said: str, waits: int) -> None:
    service.status, service.headers = 503, {"Retry-After": said}
    with pytest.raises(Temporary) as caught:
        await send(service, tmp_path)
    assert caught.value.after == timedelta(seconds=waits)


async def test_a_silent_service_costs_ten_seconds_at_most(
    service: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert web_push.TIME_OUT == 10.0
    monkeypatch.setattr(web_push, "TIME_OUT", 0.3)
    service.status = HANG
    with pytest.raises(Temporary):
        await send(service, tmp_path)


async def test_a_cut_line_is_tried_again_later(service: PushService, tmp_path: Path) -> None:
    service.status = RESET
    with pytest.raises(Temporary):
        await send(service, tmp_path)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(service: PushService, tmp_path: Path, status: int) -> None:
    service.status, service.headers = status, {"Location": f"https://127.0.0.1:{service.port}/elsewhere"}
    with pytest.raises(Permanent):
        await send(service, tmp_path)
    assert [got.path for got in service.received] == ["/send/abc"]


@pytest.mark.parametrize("path", ["/send/a b", "/send/\u00e8", "/send/a\x7f"])
async def test_what_is_no_address_ends_the_subscription(service: PushService, tmp_path: Path, path: str) -> None:
    with pytest.raises(Permanent) as caught:
        await send(service, tmp_path, Browser().subscription(f"https://127.0.0.1:{service.port}{path}"))
    assert caught.value.is_gone
    assert not service.received


async def test_the_next_message_needs_no_other_connection(service: PushService, tmp_path: Path) -> None:
    chosen = gateway(service, tmp_path)
    for number in range(3):
        await chosen.send(phone(service), replace(PUSH, topic=f"t{number}"), message_id=number, now=NOW)
    await chosen.close()
    assert [got.headers["topic"] for got in service.received] == ["t0", "t1", "t2"]
    assert service.connections == 1


async def test_a_signature_serves_for_hours_and_then_another_one(service: PushService, tmp_path: Path) -> None:
    """A push service refuses one that holds for more than a day."""
    chosen, ends = gateway(service, tmp_path), list[int]()
    for hours in (0, 5, 7):
        now = NOW + timedelta(hours=hours)
        await chosen.send(phone(service), PUSH, message_id=1, now=now)
        ends.append(claims(service.received[-1])["exp"] - int(now.timestamp()))
    await chosen.close()
    assert ends == [12 * 3600, 7 * 3600, 12 * 3600]


async def test_who_is_in_a_hurry_says_so(service: PushService, tmp_path: Path) -> None:
    await send(service, tmp_path, push=replace(PUSH, is_urgent=True, useless_after=NOW - timedelta(hours=1)))
    await send(service, tmp_path, push=replace(PUSH, useless_after=NOW + timedelta(days=60)))
    told = [(got.headers["urgency"], got.headers["ttl"]) for got in service.received]
    assert told == [("high", "60"), ("normal", str(28 * 86400))], "never 0: a phone that is off would hear nothing"


async def test_keys_that_are_none_end_the_subscription(service: PushService, tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        await send(service, tmp_path, replace(phone(service), p256dh="BAAA"))
    assert caught.value.is_gone
    assert not service.received


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
async def test_a_good_name_that_points_inside_is_not_followed(
    service: PushService, tmp_path: Path, address: str
) -> None:
    chosen = gateway(service, tmp_path, address)
    with pytest.raises(Permanent) as caught:
        await chosen.send(Browser().subscription(service.endpoint), PUSH, message_id=1, now=NOW)
    await chosen.close()
    assert caught.value.is_gone
    assert service.connections == 0


async def test_a_name_is_asked_once_and_dialled_as_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that says a public address first and an inner one later."""
    asked, dialled = list[str](), list[str]()

    async def lying(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.8", "8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    async def dial(_: object, address: tuple[str, int]) -> None:
        dialled.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", dial)
    chosen = ServicePush((NAME,), vapid_pem(), "mailto:prova@vicino.example", resolve=lying)
    with pytest.raises(Temporary):
        await chosen.send(Browser().subscription(f"https://{NAME}/x"), PUSH, message_id=1, now=NOW)
    await chosen.close()
    assert (asked, dialled) == ([NAME], ["8.8.8.8"])


async def test_no_other_host(service: PushService, tmp_path: Path) -> None:
    with pytest.raises(Permanent) as caught:
        await send(service, tmp_path, Browser().subscription(f"https://localhost:{service.port}/send/abc"))
    assert caught.value.is_gone
    assert service.connections == 0


HOSTS = ("fcm.googleapis.com", "*.push.apple.com", "push.test:8443")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:443/x",
        "https://web.push.apple.com/Q",
        "https://push.test:8443/x",
    ],
)
def test_allowed(endpoint: str) -> None:
    assert is_allowed(endpoint, HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8080/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://push.apple.com/x",
        "https://evilpush.apple.com/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://evil.example\\.push.apple.com/x",
        "https://evil.example#.push.apple.com/x",
        "https://evil.example?.push.apple.com/x",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com:99999/x",
        "https://fcm.googleapis.com:0/x",
        "https://push.test/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "file:///etc/passwd",
        "fcm.googleapis.com",
        "",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_not_allowed(endpoint: str) -> None:
    assert not is_allowed(endpoint, HOSTS)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.180.10", "2a00:1450:4002:403::200a"])
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:a00:1::",
        "2001:2::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)
