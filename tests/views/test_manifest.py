"""Each territory is an application of its own, in both languages the same one."""

import json
import struct

import pytest

from app.domain.territory import COLOURS
from app.seed.content import TERRITORIES
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("prefix, language", [("", "it"), ("/en", "en")])
@pytest.mark.parametrize("slug", TERRITORIES)
async def test_the_application_opens_its_territory(citizen: Visitor, slug: str, prefix: str, language: str) -> None:
    page = await citizen.get(f"{prefix}/{slug}")
    answer = await citizen.get(str(page.all("//link[@rel='manifest']/@href")[0]))
    found = json.loads(answer.text)
    assert answer.headers["content-type"] == "application/manifest+json"
    assert str(page.all("//title/text()")[0]).endswith(f"· {found['name']}") and found["short_name"] == found["name"]
    assert (found["start_url"], found["lang"]) == (f"{prefix}/{slug}", language)
    assert found["id"] == f"/{slug}", "installed in either language it is one application"
    assert found["theme_color"] == COLOURS[str(page.all("//html/@data-colour")[0])]
    assert (await citizen.get(found["start_url"])).status == 200


async def test_nothing_of_the_site_opens_outside_of_it(citizen: Visitor) -> None:
    """The other language, signing in, what waits for the line: they must not open in a window of the browser."""
    found = json.loads((await citizen.get("/tradate/app.webmanifest")).text)
    for path in (found["start_url"], "/en/tradate", "/tradate/entra", "/da-inviare", "/senza-rete", "/biella"):
        assert path.startswith(found["scope"])


async def test_iphones_may_be_told_by_push(citizen: Visitor) -> None:
    """They give it to standalone applications only; who knows smaller windows with a button to go back has those."""
    found = json.loads((await citizen.get("/tradate/app.webmanifest")).text)
    assert (found["display"], found["display_override"]) == ("standalone", ["minimal-ui"])


async def test_icons_are_what_they_say(citizen: Visitor) -> None:
    icons = json.loads((await citizen.get("/tradate/app.webmanifest")).text)["icons"]
    for icon in icons:
        answer = await citizen.client.get(icon["src"])
        width, height = struct.unpack(">II", answer.content[16:24])
        assert answer.headers["content-type"] == icon["type"] == "image/png"
        assert f"{width}x{height}" == icon["sizes"]
    plain = [icon["sizes"] for icon in icons if "purpose" not in icon]
    assert plain == ["192x192", "512x512"] and [icon.get("purpose") for icon in icons].count("maskable") == 1


async def test_who_is_nowhere_has_none(citizen: Visitor) -> None:
    assert (await citizen.get("/nessuno/app.webmanifest")).status == 404
    assert not (await citizen.get("/")).all("//link[@rel='manifest']")
