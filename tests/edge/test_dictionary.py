"""Of a page only what differs from the shell travels, to who holds the shell; nobody else notices."""

import base64
import hashlib
import json

import httpx
import pytest
import zstandard

from app.edge import dictionary
from app.i18n import LANGUAGES
from app.main import create_app
from app.views.shell import shell
from tests.edge.everybody import Passerby
from tests.people import Cast
from tests.processes import together
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
LIST = "/tradate/servizi"
TAKES = "gzip, deflate, br, zstd, dcb, dcz"


def held(body: bytes) -> str:
    return f":{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


async def sent(visitor: Visitor, path: str, body: bytes, takes: str = TAKES, **more: str) -> httpx.Response:
    """The answer as it travelled."""
    headers = {"accept-encoding": takes, "available-dictionary": held(body), **more}
    async with visitor.client.stream("GET", path, headers=headers) as answer:
        answer._content = b"".join([part async for part in answer.aiter_raw()])
    return answer


def unpacked(body: bytes, shell: bytes) -> str:
    assert body[:8].hex() == "5e2a4d1820000000" and body[8:40] == hashlib.sha256(shell).digest()
    words = zstandard.ZstdCompressionDict(shell, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdDecompressor(dict_data=words).decompressobj().decompress(body[40:]).decode()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_page_names_its_dictionary_and_travels_by_it(citizen: Visitor, language: str) -> None:
    prefix = "" if language == "it" else f"/{language}"
    page = await citizen.get(f"{prefix}{LIST}")
    file = await citizen.client.get(str(page.all("//link[@rel='compression-dictionary']/@href")[0]))
    assert file.headers["use-as-dictionary"] == f'match="{prefix}/*"' and "immutable" in file.headers["cache-control"]
    answer = await sent(citizen, f"{prefix}{LIST}", file.content)
    assert answer.headers["content-encoding"] == "dcz"
    assert answer.headers["vary"] == "accept-encoding,available-dictionary"
    assert unpacked(answer.content, file.content) == page.text
    assert len(answer.content) < page.sent / 2


async def test_another_hash_or_no_zstd_is_answered_as_always(citizen: Visitor) -> None:
    ours = shell("it")
    plain = (await citizen.get(LIST)).text
    for body, takes in ((ours + b" ", TAKES), (b"", TAKES), (ours, "gzip, br"), (ours, "br, dcz;q=0")):
        answer = await sent(citizen, LIST, body, takes)
        assert answer.headers["content-encoding"] in ("zstd", "br") and answer.headers["vary"] == "accept-encoding"
        assert (await citizen.client.get(LIST, headers={"accept-encoding": takes.replace("dcz", "x")})).text == plain


async def test_pages_kept_ready_travel_by_it_too(citizen: Visitor) -> None:
    passerby = Passerby(citizen.clock)
    page = await passerby.get(LIST)
    for _ in range(2):
        answer = await sent(passerby, LIST, shell("it"))
        assert unpacked(answer.content, shell("it")) == page.text
    assert (await passerby.get(LIST)).text == page.text


async def test_a_personal_page_travels_by_it_and_is_none(visitor: Visitor, cast: Cast) -> None:
    amina = await visitor.as_person(cast.amina)
    page = await amina.get("/tradate/io")
    answer = await sent(amina, "/tradate/io", shell("it"))
    assert "Amina" in unpacked(answer.content, shell("it")) and "use-as-dictionary" not in answer.headers
    assert "vary" not in answer.headers and len(answer.content) < page.sent / 2


async def test_another_site_cannot_weigh_its_words_against_ours(visitor: Visitor, cast: Cast) -> None:
    """A link from elsewhere whose words stand on a personal page: packed, its length would tell what stands there."""
    amina = await visitor.as_person(cast.amina)
    path = "/tradate/io/messaggi?x=Amina"
    for site, encoding in (("cross-site", None), ("same-site", None), ("same-origin", "dcz"), ("none", "dcz")):
        answer = await sent(amina, path, shell("it"), sec_fetch_site=site, **{"sec-fetch-site": site})
        assert answer.headers.get("content-encoding") == encoding
    from_a_friend = await sent(amina, "/tradate/io", shell("it"), **{"sec-fetch-site": "cross-site"})
    assert from_a_friend.headers["content-encoding"] == "dcz"


async def test_nobody_stands_in_it() -> None:
    for language in LANGUAGES:
        assert b"_key" not in shell(language) and b"compression-dictionary" not in shell(language)


async def make_shells(number: int) -> list[str]:
    create_app()
    return [dictionary.address(language) for language in LANGUAGES]


@pytest.mark.slow
async def test_every_process_knows_it_by_the_same_hash(database: object) -> None:
    first, second = await together(2, make_shells)
    assert first == second == json.loads(json.dumps(await make_shells(0)))
