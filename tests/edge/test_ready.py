"""Public pages are drawn once for everybody, and never shown longer than what they say is true."""

import asyncio

import pytest

from app import database
from app.domain import observation
from app.edge.ready import MOST_BYTES, ReadyPage, Shelf
from tests.edge.everybody import Passerby
from tests.people import Cast
from tests.visitor import NOON, Page, Visitor

pytestmark = pytest.mark.anyio
HOME, LIST, SERVICE = "/tradate", "/tradate/servizi", "/tradate/servizi/aiuto-compiti"
DRAWN = 2  # statements that no page of these gets by with


@pytest.fixture
def neighbour(visitor: Visitor) -> Passerby:
    """Where the cast lives."""
    return Passerby(visitor.clock)


@pytest.fixture
def passerby(citizen: Visitor) -> Passerby:
    return Passerby(citizen.clock)


def was_ready(page: Page) -> bool:
    return page.statements < DRAWN


async def rename(name: str) -> None:
    await database.execute("UPDATE service_text SET name = {} WHERE language = 'it' AND name LIKE '%ompiti%'", name)


async def test_a_page_is_drawn_once_and_its_bytes_stay(passerby: Passerby) -> None:
    drawn, again = await passerby.get(LIST), await passerby.somebody_else().get(LIST)
    assert not was_ready(drawn) and was_ready(again) and again.text == drawn.text
    assert again.headers == drawn.headers


@pytest.mark.parametrize("accepted", ["br", "gzip", "zstd", "identity", "br;q=0, gzip"])
async def test_each_browser_gets_what_it_takes(passerby: Passerby, accepted: str) -> None:
    plain = await passerby.get(HOME, accept_encoding="identity")
    page = await passerby.get(HOME, accept_encoding=accepted)
    assert was_ready(page) and page.text == plain.text
    assert page.headers.get("content-encoding", "identity") == accepted.rpartition(" ")[2]
    assert page.headers["vary"] == "accept-encoding"


async def test_head_and_304_come_from_what_is_kept(passerby: Passerby) -> None:
    page = await passerby.get(LIST)
    head = await passerby.head(LIST)
    assert was_ready(head) and head.text == "" and head.headers == page.headers
    unchanged = await passerby.get(LIST, if_none_match=f'"other", {page.headers["etag"]}')
    assert was_ready(unchanged) and unchanged.status == 304 and unchanged.header_bytes < 150
    assert (await passerby.get(LIST, if_none_match='W/"other"')).status == 200


async def test_what_editors_write_is_seen_within_a_second(passerby: Passerby) -> None:
    for path in (LIST, SERVICE):
        assert not (await passerby.get(path)).says("Studiamo insieme")
    await rename("Studiamo insieme")
    await database.execute("UPDATE service SET price = 4321 WHERE slug = 'aiuto-compiti'")
    passerby.clock.move(seconds=1)
    for path in (LIST, SERVICE):
        page = await passerby.get(path)
        assert page.says("Studiamo insieme") and page.says("43,21")


async def test_free_places_are_at_most_half_a_minute_old_and_say_so(passerby: Passerby) -> None:
    page = await passerby.get(LIST)
    assert page.says("Posti liberi visti alle 12.00.") and "Nessun posto libero" not in page.text
    await database.execute("UPDATE service_place SET first_free = NULL, first_free_at = {}", NOON)
    passerby.clock.move(seconds=29)
    assert was_ready(await passerby.get(LIST))
    passerby.clock.move(seconds=1)
    assert (await passerby.get(LIST)).says("Nessun posto libero, per ora")


async def test_of_many_who_ask_at_the_same_moment_one_draws(passerby: Passerby) -> None:
    """On SQLite nobody waits for a read, and so nobody comes in between."""
    drawn = (await passerby.get(LIST)).statements
    passerby.clock.move(seconds=30)
    crowd = [passerby.somebody_else() for _ in range(24)]
    before = database.counter.statements
    answers = await asyncio.gather(*(one.client.get(LIST) for one in crowd))
    assert database.counter.statements - before <= drawn + len(crowd)  # each may ask for the version
    assert {answer.text for answer in answers} == {answers[0].text} and answers[0].status_code == 200


async def test_who_waited_for_what_is_not_kept_is_answered_too(passerby: Passerby) -> None:
    crowd = [passerby.somebody_else() for _ in range(6)]
    for path, status in (("/tradate/servizi/non-c-e", 404), (f"{LIST}?q=compiti", 200)):
        answers = await asyncio.gather(*(one.client.get(path) for one in crowd))
        assert [answer.status_code for answer in answers] == [status] * len(crowd)


async def test_what_somebody_known_is_shown_is_not_kept(neighbour: Passerby, cast: Cast) -> None:
    amina = await neighbour.somebody_else().as_person(cast.amina)
    amina.is_hasty = True  # else a stranger looks after her, and that is kept
    assert not was_ready(await amina.get(HOME)) and not was_ready(await amina.get(HOME))
    page = await neighbour.get(HOME)
    assert not was_ready(page)
    assert (await amina.get(HOME)).text == page.text


async def test_no_personal_page_is_kept(neighbour: Passerby, cast: Cast) -> None:
    amina = await neighbour.somebody_else().as_person(cast.amina)
    for path in ("/tradate/io", "/tradate/io/borsellino", "/tradate/io/messaggi"):
        assert (await amina.get(path)).status == 200
        assert (await neighbour.get(path)).location.startswith("/tradate/entra")
        assert (await amina.get(path)).status == 200


async def test_who_only_reads_public_pages_is_not_idle(neighbour: Passerby, cast: Cast) -> None:
    await neighbour.get(LIST)
    amina = await neighbour.somebody_else().as_person(cast.amina, is_shared=True)
    for _ in range(4):
        neighbour.clock.move(minutes=2)
        await neighbour.get(LIST)
        assert (await amina.get(LIST)).statements <= 4
    assert (await amina.get("/tradate/io")).status == 200


@pytest.mark.parametrize("query", ["categoria=home-care", "famiglia=elderly&prezzo=0", "pagina=1", "scegli=1"])
async def test_what_can_be_chosen_is_kept(passerby: Passerby, query: str) -> None:
    page = await passerby.get(f"{LIST}?{query}")
    again = await passerby.get(f"{LIST}?{query}")
    assert was_ready(again) and again.text == page.text != (await passerby.get(LIST)).text


@pytest.mark.parametrize(
    "query", ["q=compiti", "fbclid=1", "categoria=home-care&utm_source=x", "x", "pagina=" + "1" * 250]
)
async def test_what_anybody_may_invent_is_not_kept(passerby: Passerby, query: str) -> None:
    await passerby.get(f"{LIST}?{query}")
    assert not was_ready(await passerby.get(f"{LIST}?{query}"))
    assert f"?{query}" not in (await passerby.get(LIST)).text


@pytest.mark.parametrize(
    "poison",
    [
        {"host": "evil.example"},
        {"x_forwarded_host": "evil.example", "x_forwarded_proto": "https"},
        {"hx_request_type": "partial"},
        {"accept_language": "en"},
        {"x_original_url": "/tradate/io", "x_rewrite_url": "/tradate/io"},
        {"range": "bytes=0-10"},
        {"save_data": "on"},
    ],
)
async def test_nothing_a_request_says_beside_its_address_changes_what_is_kept(
    passerby: Passerby, poison: dict[str, str]
) -> None:
    await passerby.client.get(LIST, headers={name.replace("_", "-"): value for name, value in poison.items()})
    shown, clean = await passerby.get(LIST), await Visitor(passerby.clock).get(LIST)
    assert shown.text == clean.text and "evil" not in shown.text


async def test_a_language_is_another_page(passerby: Passerby) -> None:
    italian, english = await passerby.get(LIST), await passerby.get(f"/en{LIST}")
    assert 'lang="it"' in italian.text and 'lang="en"' in english.text
    assert was_ready(await passerby.get(f"/en{LIST}")) and (await passerby.get(f"/en{LIST}")).text == english.text


async def test_a_refusal_is_not_kept(passerby: Passerby) -> None:
    assert (await passerby.get("/tradate/servizi/nuovo")).status == 404
    await database.execute("UPDATE service SET slug = 'nuovo' WHERE slug = 'aiuto-compiti'")
    assert (await passerby.get("/tradate/servizi/nuovo")).status == 200


async def test_looking_in_vain_counts_each_time(passerby: Passerby) -> None:
    await database.execute("UPDATE working_plan SET until_on = {}", NOON.date())
    passerby.clock.move(days=1)
    assert (await passerby.get(SERVICE)).says("Per ora non ci sono date libere.")
    assert was_ready(await passerby.get(SERVICE))
    await observation.flush()
    seen = "SELECT seen FROM observation WHERE kind = 'no_free_date' AND subject = 'aiuto-compiti'"
    assert await database.scalar(seen) == 2


def kept(size: int) -> ReadyPage:
    return ReadyPage(b"x" * size, b'W/"x"', [], NOON)


def test_pages_have_so_many_bytes_and_no_more() -> None:
    shelf = Shelf(10_000)
    for number in range(50):
        shelf.put((f"/{number}", b""), kept(900))
        shelf.find(("/0", b""))
    held = [page.size for page in shelf.pages.values()]
    assert shelf.used == sum(held) and 9_000 <= shelf.used <= 10_000
    assert shelf.find(("/0", b"")) and not shelf.find(("/1", b""))  # who is asked for stays


def test_what_is_packed_later_counts_too() -> None:
    shelf, page = Shelf(10_000), kept(900)
    shelf.put(("/", b""), page)
    page.packed_for({"accept-encoding": "br"})
    assert shelf.used == page.size > 900
    shelf.clear()
    page.packed_for({"accept-encoding": "gzip"})
    assert shelf.used == 0


async def test_invented_queries_push_out_no_page_without_one(passerby: Passerby) -> None:
    await passerby.get(LIST)
    for number in range(2, 60):
        await passerby.client.get(f"{LIST}?pagina={number}&scegli={number}")
    assert was_ready(await passerby.get(LIST))
    assert MOST_BYTES == 32 * 1024 * 1024
