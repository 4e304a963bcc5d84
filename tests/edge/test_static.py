"""Files: under a name that changes with their bytes, packed once, sent once; the whole first page in a few of them."""

import gzip
import re

import brotli
import pytest
import zstandard

from app.edge import static
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
UNPACK = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "gzip": gzip.decompress,
}
FETCHED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|txt))"')
ALWAYS = ("/sw.js", "/senza-rete")


@pytest.mark.parametrize("name", sorted(static.files()))
def test_a_file_unpacks_to_itself_and_is_the_smaller_for_it(name: str) -> None:
    file = static.files()[name]
    packed = {encoding: pack() for encoding, pack in file.packed.items()}
    for encoding, body in packed.items():
        assert UNPACK[encoding](body) == file.body and len(body) < len(file.body)
    assert min(map(len, packed.values()), default=0) == len(next(iter(packed.values()), b""))


async def test_a_file_is_kept_for_ever_and_nothing_is_sent_twice(visitor: Visitor) -> None:
    address = static.address("css/paper.css")
    file = await visitor.get(address, accept_encoding="br, gzip")
    assert file.headers["cache-control"] == "max-age=31536000,immutable" and file.headers["content-encoding"] == "br"
    assert file.text == static.files()["css/paper.css"].body.decode()
    again = await visitor.get(address, if_none_match=file.headers["etag"])
    assert again.status == 304 and again.text == "" and again.header_bytes < 150
    head = await visitor.head(address)
    assert head.text == "" and head.headers["content-length"] and head.status == 200
    assert (await visitor.get(address.replace("paper.", "paper.0"))).status == 404


async def test_a_worker_may_ask_us_and_nothing_else(visitor: Visitor) -> None:
    script = await visitor.get("/sw.js")
    assert script.headers["content-security-policy"] == "default-src 'none';connect-src 'self'"
    assert "//" not in script.text.replace("://", "")


async def test_a_worker_is_asked_for_at_most_once_an_hour(visitor: Visitor) -> None:
    """Where the page that registers it lets the browser's cache answer, too: by default no worker is ever kept."""
    script = await visitor.get("/sw.js")
    kept = dict(part.strip().partition("=")[::2] for part in script.headers["cache-control"].split(","))
    assert kept == {"max-age": "3600"} and "expires" not in script.headers and script.headers["etag"]
    page = await visitor.get("/")
    scripts = [await visitor.get(str(address)) for address in page.all("//script/@src")]
    assert sum('.register("/sw.js",{updateViaCache:"all"})' in one.text.replace(" ", "") for one in scripts) == 1
    again = await visitor.get("/sw.js", if_none_match=script.headers["etag"])
    assert again.status == 304 and (await visitor.get("/sw.js", if_none_match='W/"older"')).text == script.text


async def test_script_and_a_cold_page_keep_their_bounds(citizen: Visitor) -> None:
    """P4: 14 KB of script sent, 42 KB read, none of it in the way; P1: 24 KB for a page with all it fetches.

    A page that swaps parts has htmx and leaves the worker to the others (`static/js/boot.js`).
    """
    page = await citizen.get("/tradate/servizi", accept_encoding="br")
    assert [str(script.get("async")) for script in page.all("//script[@src]")] == [""]
    fetched = [await citizen.get(address, accept_encoding="br") for address in FETCHED.findall(page.text)]
    fetched += [await citizen.get(address, accept_encoding="br") for address in ALWAYS]
    own, worker = [one for one in fetched if one.path.endswith(".js")]
    htmx = await citizen.get(static.address("vendor/htmx-4.0.1.min.js"), accept_encoding="br")
    for scripts in ((own, worker), (own, htmx)):
        assert sum(one.sent + one.header_bytes for one in scripts) <= 14 * 1024
        assert sum(len(one.text) for one in scripts) <= 42 * 1024
    assert sum(one.sent + one.header_bytes for one in (page, *fetched)) <= 20 * 1024
