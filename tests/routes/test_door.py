"""The door in the browser: a typed code, the sealed list of a device, and what it sends when the line is back."""

import base64
import json
from collections.abc import AsyncIterator

import pytest

from app import database
from app.domain import door, staff, vault
from app.domain.actor import SYSTEM
from tests.centre import NOON, Centre, state_of
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
DOOR = "/tradate/sportello/alla-porta"


@pytest.fixture
async def centre(visitor: Visitor) -> AsyncIterator[Centre]:
    centre = await Centre().open()
    await centre.person("Amina Haddad", 15000)
    await visitor.as_staff(centre.staff["operator"].id)
    yield centre


async def device(visitor: Visitor) -> tuple[bytes, Page]:
    """The key of the page, and the list that it opens."""
    page = await visitor.get("/tradate/sportello")
    (place,) = page.all("//*[@data-key]")
    assert 0 < int(str(place.get("data-lasts"))) <= 4 * 3600 * 1000
    return base64.b64decode(str(place.get("data-key"))), await visitor.get(str(place.get("data-list")))


def opened(key: bytes, given: Page) -> list[dict[str, object]]:
    told = json.loads(given.text)
    number, _, about = told["about"].partition(":")
    return [json.loads(vault.decrypt_with(key, int(number), about, one)) for one in told["records"]]


async def pledged(visitor: Visitor) -> str:
    return str(json.loads((await device(visitor))[1].text)["pledge"])


async def send(visitor: Visitor, code: str, pledge: str = "", **more: str) -> Page:
    """Written a minute before."""
    pledge = pledge or await pledged(visitor)
    note = {"nonce": "n1", "kind": "arrived", "code": code, "pledge": pledge, "at": "5", "sent": "60005"}
    return await visitor.post(f"{DOOR}/invio", note | more)


async def test_a_code_is_an_arrival_without_script(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    form = (await visitor.get(DOOR)).form("alla-porta")
    for _ in range(2):
        page = await visitor.follow(await visitor.submit(form, code=f" {code[:4].lower()} {code[4:]}"))
    assert page.says("Prenotazione") or page.says("Amina Haddad")
    assert (await state_of(code), await centre.paid_to_centre()) == ("arrived", 900)


async def test_who_arrived_is_said_and_the_field_is_free_again(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    page = await visitor.follow(await visitor.submit((await visitor.get(DOOR)).form("alla-porta"), code=code))
    assert page.says("Amina Haddad: Arrivo alle 12.00") and ("code", "") in page.form("alla-porta").fields


async def test_what_is_not_simply_an_arrival_is_decided_on_its_page(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti", NOON.replace(day=26))
    page = await visitor.follow(await visitor.submit((await visitor.get(DOOR)).form("alla-porta"), code=code))
    assert page.path.endswith(f"/prenotazioni/{code}") and await state_of(code) == "confirmed"
    page = await visitor.submit((await visitor.get(DOOR)).form("alla-porta"), code="ZZZZ9999")
    assert page.status == 422 and page.says("Nessuna prenotazione ha questo codice.")


async def test_the_list_is_sealed_row_by_row_and_its_key_stands_elsewhere(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti", answers={"allergies": "arachidi"})
    key, given = await device(visitor)
    assert given.headers["cache-control"] == "no-store" and "Amina" not in given.text and code not in given.text
    (line,) = opened(key, given)
    assert (line["code"], line["who"], line["time"], line["open"]) == (code, "Amina Haddad", "12.00", True)
    assert "arachidi" not in json.dumps(line)
    again = await visitor.get(f"{DOOR}/lista", if_none_match=given.headers["etag"])
    assert again.status == 304
    await send(visitor, code)
    changed = await visitor.get(f"{DOOR}/lista", if_none_match=given.headers["etag"])
    assert changed.status == 200 and opened(key, changed)[0]["open"] is False


async def test_the_key_is_this_sessions_and_this_days_alone(visitor: Visitor, centre: Centre) -> None:
    key, _ = await device(visitor)
    assert (await device(visitor))[0] == key
    await visitor.as_staff(centre.staff["operator"].id)
    after, given = await device(visitor)
    assert after != key and door.day_key(centre.staff["operator"], "2026-11-24") not in (key, after)
    await visitor.as_staff(centre.staff["coordinator"].id)
    assert (await device(visitor))[0] not in (key, after) and given.status == 200
    visitor.clock.move(hours=24)
    await visitor.as_staff(centre.staff["operator"].id)
    assert (await device(visitor))[0] not in (key, after)


async def test_the_kept_page_holds_no_key_and_no_name(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    page = await visitor.get(DOOR)
    assert not page.all("//@data-key") and "Amina" not in page.text and code not in page.text


async def test_a_note_is_taken_once_and_says_each_time_what_it_came_to(visitor: Visitor, centre: Centre) -> None:
    code = await centre.book("amina", "compiti")
    pledge = await pledged(visitor)
    visitor.clock.move(minutes=10)
    for _ in range(3):
        answer = await send(visitor, code, pledge)
        assert (answer.status, json.loads(answer.text)) == (200, {"became": "done"})
    assert await centre.paid_to_centre() == 900
    assert (await visitor.get("/tradate/sportello")).says("Arrivo alle 12.09")


@pytest.mark.parametrize("wrong", [{"nonce": ""}, {"kind": "gone"}, {"at": "soon"}, {"sent": "9" * 30}])
async def test_what_no_device_of_ours_writes_is_not_taken(
    visitor: Visitor, centre: Centre, wrong: dict[str, str]
) -> None:
    code = await centre.book("amina", "compiti")
    assert (await send(visitor, code, **wrong)).status == 422
    assert await state_of(code) == "confirmed"


@pytest.mark.parametrize(("at", "sent"), [("-62135596800000", "0"), ("9007199254740991", "9007199254740991")])
async def test_any_clock_can_be_kept(visitor: Visitor, centre: Centre, at: str, sent: str) -> None:
    code = await centre.book("amina", "compiti")
    assert json.loads((await send(visitor, code, at=at, sent=sent)).text) == {"became": "done"}


async def test_who_has_no_role_here_any_more_sends_nothing_and_loses_nothing(visitor: Visitor, centre: Centre) -> None:
    """The device keeps it; a colleague who signs in on it sends it, and somebody looks at it."""
    code = await centre.book("amina", "compiti")
    pledge = await pledged(visitor)
    operator = centre.staff["operator"]
    (role,) = await staff.roles(operator.id, "operator", now=NOON)
    visitor.clock.move(minutes=1)
    await staff.end_role(role, actor=SYSTEM, now=visitor.clock.now)
    note = {"nonce": "n1", "kind": "arrived", "code": code, "pledge": pledge, "at": "0", "sent": "0"}
    assert (await visitor.post(f"{DOOR}/invio", note)).status == 404
    await visitor.as_staff(centre.staff["coordinator"].id)
    assert json.loads((await visitor.post(f"{DOOR}/invio", note)).text) == {"became": "another"}
    assert await state_of(code) == "confirmed"
    assert await database.scalar("SELECT written_by FROM door_note") == operator.id


async def test_a_session_that_ended_is_led_to_the_door(visitor: Visitor, centre: Centre) -> None:
    visitor.as_nobody()
    answer = await visitor.post(f"{DOOR}/invio", {"nonce": "n", "kind": "arrived"})
    assert answer.status == 303 and "/sportello/entra" in answer.location
