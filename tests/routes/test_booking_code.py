import pytest

from app import database
from tests.centre import BEFORE, Centre
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.anyio
DOOR = "/tradate/codice"


@pytest.fixture
async def code(visitor: Visitor) -> str:
    """Luisa's booking; she was born on 1 March 1980 and answers at 300 0000 456."""
    centre = await Centre().open()
    await centre.person("Luisa Riva", contacts=(("sms", "300 0000 456"),))
    visitor.clock.now = BEFORE
    return await centre.book("luisa", "ascolto")


async def opened(visitor: Visitor, code: str, fact: str) -> Page:
    page = await visitor.get(DOOR)
    return await visitor.submit(page.form(DOOR), code=code, fact=fact)


@pytest.mark.parametrize("fact", ["1/3/1980", "01.03.1980", "456"])
async def test_code_and_one_fact_open_that_booking(visitor: Visitor, code: str, fact: str) -> None:
    assert (await visitor.get(f"/tradate/prenotazioni/{code}")).status in (303, 404)
    done = await opened(visitor, f"{code[:4]} {code[4:]}".lower(), fact)
    assert done.location == f"/tradate/prenotazioni/{code}"
    assert (await visitor.follow(done)).status == 200
    assert (await visitor.get("/tradate/io")).status == 303


@pytest.mark.parametrize(
    ("end", "button"), [("/annulla", "annullare"), ("/sposta", "Sposta"), ("", "Annulla la prenotazione")]
)
async def test_a_link_of_a_message_leads_through_code_and_fact(
    visitor: Visitor, code: str, end: str, button: str
) -> None:
    """Who has no card types one fact; until the button there is pressed, nothing has changed."""
    visitor.as_nobody()
    door = await visitor.follow(await visitor.get(f"/tradate/prenotazioni/{code}{end}"))
    assert door.title == "Entra con la tessera"
    page = await visitor.get(door.link("Ho un codice di prenotazione"))
    assert ("code", code) in page.form(DOOR).fields
    there = await visitor.submit(page.form(DOOR), fact="456")
    assert there.location == f"/tradate/prenotazioni/{code}{end}"
    page = await visitor.follow(there)
    assert page.status == 200 and page.says(button)
    assert await database.scalar("SELECT state FROM booking WHERE code = {}", code) == "confirmed"


async def test_the_short_address_of_a_text_message(visitor: Visitor, code: str) -> None:
    missing = await visitor.as_nobody().get("/tradate/p/22222222")
    assert missing.location == "/tradate/entra?poi=%2Ftradate%2Fp%2F22222222"
    door = await visitor.follow(await visitor.get(f"/tradate/p/{code}"))
    page = await visitor.get(door.link("Ho un codice di prenotazione"))
    done = await visitor.submit(page.form(DOOR), fact="456")
    assert (await visitor.get(f"/tradate/p/{code}")).location == done.location == f"/tradate/prenotazioni/{code}"


async def test_wrong_fact_and_missing_booking_are_the_same_page(visitor: Visitor, code: str) -> None:
    wrong = await opened(visitor, code, "457")
    missing = await opened(visitor, "22222222", "457")
    assert wrong.status == missing.status == 422
    assert wrong.visible_text == missing.visible_text and wrong.says("Il codice e la risposta non vanno insieme.")


async def test_tries_are_limited(visitor: Visitor, code: str) -> None:
    for number in range(5):
        assert (await opened(visitor, code, f"{number:03}")).status == 422
    assert (await opened(visitor, code, "456")).status == 429
    assert await database.scalar("SELECT count(*) FROM booking_grant") == 1, "only the session that booked"


async def test_empty_answers_say_what_to_do(visitor: Visitor, code: str) -> None:
    page = await opened(visitor, "", "")
    assert page.says("Scrivi il codice della prenotazione.") and page.says("Scrivi la data di nascita")
