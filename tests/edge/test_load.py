"""When all places are taken, who comes next is told so at once; the others are answered as ever."""

import asyncio
from types import ModuleType

import httpx
import pytest
from litestar.types import Receive, Scope, Send

from app.domain import clock
from app.edge.load import FEWEST, MOST, SLOW, Load, at_the_door
from app.edge.outer import Edge
from app.main import busy, plain
from tests.visitor import ORIGIN, Page, check

pytestmark = pytest.mark.anyio


class Slow:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def browser(app: Slow) -> tuple[httpx.AsyncClient, Load]:
    edge = Edge(app, now=clock.now, is_https=True, trusted_proxies=(), plain=plain, busy=busy)
    door = at_the_door(edge, edge.load, edge.refusal)
    transport = httpx.ASGITransport(door)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN), edge.load


async def full(client: httpx.AsyncClient, load: Load) -> list[asyncio.Task[httpx.Response]]:
    """Each asks for another page: who asks for the same waits for the first."""
    asked = [asyncio.create_task(client.get(f"/?{number}")) for number in range(int(MOST))]
    for _ in range(1000):
        if load.is_full:
            break
        await asyncio.sleep(0.01)
    return asked


@pytest.mark.parametrize("address", ["/tradate/io", "/en/tradate/io"])
async def test_who_is_too_many_is_told_when_to_come_back(database: ModuleType, address: str) -> None:
    app = Slow()
    client, load = browser(app)
    asked = await full(client, load)
    for method in ("GET", "POST"):
        refused = await client.request(method, address, content=b"a=b" if method == "POST" else None)
        assert refused.status_code == 503 and refused.headers["retry-after"] == "10"
        check(Page.of(refused, statements=0, secrets=frozenset()))
        heads = sum(len(name) + len(value) + 4 for name, value in refused.headers.raw)
        assert heads + int(refused.headers["content-length"]) < 1000 and "content-encoding" not in refused.headers
    app.may_answer.set()
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * int(MOST)


async def test_a_place_is_free_again_after_the_answer(database: ModuleType) -> None:
    app = Slow()
    client, load = browser(app)
    asked = await full(client, load)
    app.may_answer.set()
    await asyncio.gather(*asked)
    assert (await client.get("/")).status_code == 200


async def test_a_sheet_and_a_sign_of_life_need_no_place(database: ModuleType) -> None:
    client, load = browser(Slow())
    asked = await full(client, load)
    assert (await client.get("/sw.js")).status_code == 200
    assert (await client.get("/healthz")).status_code == 200
    for task in asked:
        task.cancel()


@pytest.mark.slow
async def test_who_draws_a_page_slowly_holds_up_nobody(database: ModuleType) -> None:
    app = Slow()
    client, load = browser(app)
    asked = [asyncio.create_task(client.get("/")) for _ in range(2)]
    for _ in range(500):
        if load.taken == len(asked):
            break
        await asyncio.sleep(0.01)
    assert load.taken == len(asked)
    app.may_answer.set()
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200, 200]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answered(load: Load, clock: Clock, times: int, seconds: float) -> None:
    for _ in range(times):
        with load.at_work():
            clock.now += seconds


async def test_where_answers_are_slow_there_are_fewer_places_and_more_again_when_they_are_quick() -> None:
    clock = Clock()
    load = Load(clock)
    answered(load, clock, 1000, SLOW)
    assert load.places == MOST
    answered(load, clock, 1, 15.0)
    assert load.places > MOST * 0.9
    answered(load, clock, 100, SLOW + 0.01)
    assert load.places == FEWEST
    answered(load, clock, 1000, 0.01)
    assert load.places == MOST
