"""Only a person's own phone is subscribed, and only at a push service we know."""

import base64
from collections.abc import AsyncIterator

import pytest

from app import database
from app.domain import contact, push, session
from tests.appointments import NOW, Diary
from tests.rows import insert
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
P256DH = base64.urlsafe_b64encode(b"\x04" + b"k" * 64).rstrip(b"=").decode()
AUTH = base64.urlsafe_b64encode(b"a" * 16).rstrip(b"=").decode()


@pytest.fixture
async def diary(visitor: Visitor) -> AsyncIterator[Diary]:
    visitor.clock.now = NOW
    yield await Diary().open()


async def sign_in(visitor: Visitor, person_id: int, *, is_own_phone: bool) -> int:
    device = await insert(
        "device", person_id=person_id, key_hash=f"h{person_id}", name="Telefono", added_at=NOW, last_seen_at=NOW
    )

    async def start() -> str:
        chosen = {"device_id": device} if is_own_phone else {"is_shared": True}
        return (await session.start("person", now=NOW, browser="t", person_id=person_id, **chosen))[1]

    visitor.as_nobody().carry(await database.write(start))
    return device


async def subscribe(visitor: Visitor, endpoint: str = ENDPOINT, p256dh: str = P256DH, auth: str = AUTH) -> Page:
    return await visitor.post("/tradate/io/avvisi", {"endpoint": endpoint, "p256dh": p256dh, "auth": auth})


async def subscribed() -> list[dict[str, object]]:
    return await database.rows("SELECT person_id, device_id, endpoint FROM push_subscription WHERE ended_at IS NULL")


async def test_an_own_phone_is_offered_it_and_subscribes_once(visitor: Visitor, diary: Diary) -> None:
    amina = await diary.person("amina", "sms")
    device = await sign_in(visitor, amina, is_own_phone=True)
    page = await visitor.get("/tradate/io/messaggi")
    (button,) = page.all("//button[@data-push]")
    assert (button.get("data-push"), button.get("data-key")) == ("/tradate/io/avvisi", push.public_key())
    assert button.get("hidden") is not None, "drawn by its script alone"
    assert len(base64.urlsafe_b64decode(push.public_key() + "=")) == 65
    for _ in range(2):
        assert (await subscribe(visitor)).status == 204
    assert await subscribed() == [{"person_id": amina, "device_id": device, "endpoint": ENDPOINT}]
    assert [c.channel for c in await contact.of(amina)] == ["push", "sms"]


async def test_it_is_offered_again_where_the_push_service_ended_it(visitor: Visitor, diary: Diary) -> None:
    await sign_in(visitor, await diary.person("amina", "sms"), is_own_phone=True)
    await subscribe(visitor)
    assert not (await visitor.get("/tradate/io/messaggi")).all("//button[@data-push]")
    await push.end(await database.scalar("SELECT id FROM push_subscription"), now=NOW)
    assert (await visitor.get("/tradate/io/messaggi")).all("//button[@data-push]")


async def test_a_borrowed_phone_is_not_offered_it_and_cannot(visitor: Visitor, diary: Diary) -> None:
    await sign_in(visitor, await diary.person("amina", "sms"), is_own_phone=False)
    assert not (await visitor.get("/tradate/io/messaggi")).all("//button[@data-push]")
    assert (await subscribe(visitor)).status == 303
    assert await subscribed() == []


async def test_the_next_owner_of_a_browser_takes_its_subscription(visitor: Visitor, diary: Diary) -> None:
    await sign_in(visitor, await diary.person("amina", "sms"), is_own_phone=True)
    await subscribe(visitor)
    karim = await diary.person("karim", "sms")
    await sign_in(visitor, karim, is_own_phone=True)
    await subscribe(visitor)
    assert [row["person_id"] for row in await subscribed()] == [karim]


async def test_five_phones_at_most(visitor: Visitor, diary: Diary) -> None:
    await sign_in(visitor, await diary.person("amina", "sms"), is_own_phone=True)
    for number in range(7):
        await subscribe(visitor, f"{ENDPOINT}{number}")
    assert [str(row["endpoint"])[-1] for row in await subscribed()] == ["2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://evil.example/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"p256dh": "è"},
        {"auth": "AAAA"},
        {"auth": ""},
    ],
    ids=str,
)
async def test_what_no_browser_sends(visitor: Visitor, diary: Diary, wrong: dict[str, str]) -> None:
    await sign_in(visitor, await diary.person("amina", "sms"), is_own_phone=True)
    assert (await subscribe(visitor, **wrong)).status == 422
    assert await subscribed() == []
