"""The first sheet comes inlined, or is named for who comes from a page of ours: one page, dressed alike."""

import brotli
import httpx
import pytest

from app.edge import static
from app.views.shell import shell
from tests.edge.everybody import Passerby
from tests.edge.test_dictionary import held
from tests.people import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
FROM_US = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
LIST = "/tradate/servizi"


async def opened(visitor: Visitor, path: str, **headers: str) -> httpx.Response:
    asked = {"accept-encoding": "br", "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}
    return await visitor.client.get(path, headers=asked | {k.replace("_", "-"): v for k, v in headers.items()})


def inlined() -> str:
    return f"<style>{static.critical_css()}</style>"


def named() -> str:
    return f'<link rel="stylesheet" href="{static.address(static.CRITICAL)}">'


async def test_who_comes_from_a_page_of_ours_is_sent_the_name_of_the_sheet(visitor: Visitor, cast: Cast) -> None:
    """A page drawn for one, and one kept ready for all."""
    amina, passerby = await visitor.as_person(cast.amina), Passerby(visitor.clock)
    for someone, path in ((amina, "/tradate/io"), (passerby, LIST), (passerby, LIST)):
        whole = await opened(someone, path)
        light = await opened(someone, path, **FROM_US)
        assert inlined() in whole.text and inlined() not in light.text, path
        assert light.text.replace(named(), inlined()) == whole.text or "_key" in whole.text
        assert int(light.headers["content-length"]) < int(whole.headers["content-length"]) - 1_500
        assert light.headers["content-security-policy"] == whole.headers["content-security-policy"]
        assert light.headers.get("etag") == whole.headers.get("etag")


async def test_the_named_sheet_is_the_inlined_one_and_stays(citizen: Visitor) -> None:
    page = await opened(citizen, LIST, **FROM_US)
    assert named() in page.text.partition("<body>")[0]
    sheet = await citizen.get(static.address(static.CRITICAL), accept_encoding="br")
    assert sheet.text == static.critical_css() and "immutable" in sheet.headers["cache-control"]


@pytest.mark.parametrize(
    "asked",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": ""},
        FROM_US | {"sec-fetch-mode": "cors"},  # what a worker keeps for later brings its own
    ],
)
async def test_anybody_else_has_it_in_the_page(citizen: Visitor, asked: dict[str, str]) -> None:
    assert inlined() in (await opened(citizen, LIST, **asked)).text


async def test_a_dictionary_is_cheaper_still(visitor: Visitor, cast: Cast) -> None:
    amina = await visitor.as_person(cast.amina)
    asked = FROM_US | {"accept-encoding": "br, zstd, dcz", "available-dictionary": held(shell("it"))}
    async with amina.client.stream("GET", "/tradate/io", headers=asked) as answer:
        assert answer.headers["content-encoding"] == "dcz"


async def test_without_any_encoding_it_is_named_too(citizen: Visitor) -> None:
    page = await opened(Passerby(citizen.clock), LIST, accept_encoding="identity", **FROM_US)
    assert "content-encoding" not in page.headers and named() in page.text
    assert brotli.compress(page.content) and page.headers["content-length"] == str(len(page.content))
