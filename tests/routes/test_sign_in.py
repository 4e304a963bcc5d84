import pytest

from app import database
from tests.people import PIN, Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


async def sign_in(visitor: Visitor, card: str, pin: str = PIN, phone: str = "mine", back: str = "") -> str:
    """Where the sign-in leads, '' when it is refused."""
    page = await visitor.get(f"/tradate/entra?poi={back}")
    done = await visitor.submit(page.form("/tradate/entra"), card=card, pin=pin, phone=phone)
    return done.location


async def test_card_and_pin_let_in_with_spaces_and_small_letters(visitor: Visitor, cast: Cast) -> None:
    spaced = " ".join(cast.amina.card[i : i + 4] for i in range(0, 10, 4)).lower()
    assert await sign_in(visitor, spaced) == "/tradate/io"
    page = await visitor.get("/tradate/io/telefoni")
    assert page.says("Amina") and page.says("questo telefono")


async def test_sign_in_goes_back_to_the_same_step(visitor: Visitor, cast: Cast) -> None:
    sent = await visitor.get("/tradate/io/famiglia")
    assert sent.location.endswith("/tradate/entra?poi=%2Ftradate%2Fio%2Ffamiglia")
    page = await visitor.get("/tradate/entra?poi=%2Ftradate%2Fio%2Ffamiglia")
    done = await visitor.submit(page.form("/tradate/entra"), card=cast.amina.card, pin=PIN, phone="others")
    assert done.location == "/tradate/io/famiglia"


async def test_who_is_inside_is_not_asked_again(visitor: Visitor, cast: Cast) -> None:
    """The public pages, the same for everybody, say Entra to who is signed in too."""
    await visitor.as_person(cast.amina)
    assert (await visitor.get("/tradate/entra")).location == "/tradate/io"
    assert (await visitor.get("/tradate/entra?poi=/tradate/io/famiglia")).location == "/tradate/io/famiglia"
    assert (await visitor.get("/tradate/entra?poi=//evil.example")).location == "/tradate/io"


@pytest.mark.parametrize(
    "back", ["https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a%0d%0aSet-Cookie"]
)
async def test_sign_in_leads_to_no_other_site(visitor: Visitor, cast: Cast, back: str) -> None:
    assert await sign_in(visitor, cast.amina.card, back=back) == "/tradate/io"


async def test_wrong_pin_and_unknown_card_get_the_same_page(visitor: Visitor, cast: Cast) -> None:
    texts = []
    for card in (cast.amina.card, "2222222222"):
        page = await visitor.get("/tradate/entra")
        refused = await visitor.submit(page.form("/tradate/entra"), card=card, pin="000111", phone="mine")
        assert refused.status == 422
        texts.append(refused.visible_text)
    assert texts[0] == texts[1] and "Tessera o PIN non corrispondono" in texts[0]


async def test_what_was_typed_stays_but_never_the_pin(visitor: Visitor, cast: Cast) -> None:
    page = await visitor.get("/tradate/entra")
    refused = await visitor.submit(page.form("/tradate/entra"), card=cast.amina.card, pin="000111")
    assert refused.status == 422 and refused.says("Scegli di chi è questo telefono.")
    assert cast.amina.card in refused.text and "000111" not in refused.text


async def test_phone_of_others_leaves_no_key_and_closes_after_five_minutes(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.amina.card, phone="others")
    assert {cookie.name for cookie in visitor.client.cookies.jar} == {"vicino"}
    page = await visitor.get("/tradate/io/telefoni")
    assert page.headers["cache-control"] == "no-store"
    visitor.clock.move(minutes=6)
    assert "/tradate/entra" in (await visitor.get("/tradate/io/telefoni")).location


async def test_own_phone_stays_signed_in_for_months(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.amina.card)
    visitor.clock.move(days=100)
    assert (await visitor.get("/tradate/io/telefoni")).status == 200


async def test_closing_ends_the_session_at_the_server_and_keeps_the_phone_known(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.amina.card)
    token = visitor.client.cookies["vicino"]
    closed = await visitor.post("/tradate/chiudi", {"_key": "k"})
    assert closed.location == "/tradate" and "clear-site-data" not in closed.headers
    visitor.carry(token)
    assert (await visitor.get("/tradate/io/telefoni")).status == 303
    page = await visitor.get("/tradate/entra")
    assert page.says("Su questo telefono basta il tuo PIN.")
    done = await visitor.submit(page.form("/tradate/entra"), pin=PIN, phone="mine")
    assert done.location == "/tradate/io"
    assert await database.scalar("SELECT count(*) FROM device WHERE person_id = {}", cast.amina.id) == 1


async def test_leaving_wipes_the_phone(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.amina.card)
    page = await visitor.get("/tradate/esci-da-questo-telefono")
    left = await visitor.submit(page.form("esci-da-questo-telefono"))
    assert left.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert not list(visitor.client.cookies.jar)
    assert (await visitor.follow(left)).says("Su questo telefono non resta niente di tuo.")
    alive = "SELECT count(*) FROM device WHERE person_id = {} AND ended_at IS NULL"
    assert await database.scalar(alive, cast.amina.id) == 0


async def test_an_invented_session_is_no_session(visitor: Visitor, cast: Cast) -> None:
    visitor.carry("invented-by-somebody-else-0001")
    await sign_in(visitor, cast.amina.card)
    assert visitor.client.cookies["vicino"] != "invented-by-somebody-else-0001"


async def test_an_old_phone_signs_in_with_the_hidden_token(visitor: Visitor, cast: Cast) -> None:
    old = Visitor(visitor.clock, is_old=True)
    assert await sign_in(old, cast.amina.card) == "/tradate/io"


async def test_a_new_phone_is_told_once_and_only_when_new(visitor: Visitor, cast: Cast) -> None:
    count = "SELECT count(*) FROM message WHERE kind = 'new_device' AND person_id = {}"
    await sign_in(visitor, cast.amina.card)
    assert await database.scalar(count, cast.amina.id) == 1
    visitor.clock.move(days=2)
    await visitor.post("/tradate/chiudi", {"_key": "k"})
    page = await visitor.get("/tradate/entra")
    await visitor.submit(page.form("/tradate/entra"), pin=PIN, phone="mine")
    assert await database.scalar(count, cast.amina.id) == 1


async def test_others_cannot_lock_somebody_out_of_their_own_phone(visitor: Visitor, cast: Cast) -> None:
    await sign_in(visitor, cast.amina.card)
    stranger = visitor.somebody_else()
    for _ in range(5):
        assert await sign_in(stranger, cast.amina.card, "000111") == ""
    page = await stranger.get("/tradate/entra")
    locked = await stranger.submit(page.form("/tradate/entra"), card=cast.amina.card, pin=PIN, phone="mine")
    assert locked.status == 429 and locked.says("Riprova tra 15 minuti")
    assert locked.headers["retry-after"] == "900"
    page = await visitor.somebody_else().get("/tradate/entra")
    again = visitor.somebody_else()
    again.client.cookies.set("vicino_phone", visitor.client.cookies["vicino_phone"], domain="127.0.0.1")
    assert await sign_in(again, cast.amina.card) == "/tradate/io"
    visitor.clock.move(minutes=16)
    assert await sign_in(stranger, cast.amina.card) == "/tradate/io"
