"""What a service gives to read: listed on its page, whole on a page of its own, files with their size."""

import pytest

from app import database
from app.domain import material
from app.domain.actor import SYSTEM
from app.seed import content
from app.views.material import Block, blocks, size_in_words
from tests.pages.answer import words
from tests.visitor import NOON, Visitor

pytestmark = pytest.mark.anyio
LIST = "/tradate/servizi/aiuto-compiti/materiali"
SHEET = f"{LIST}/le-tabelline-con-le-mani"


async def test_the_service_leads_to_its_list_and_the_list_to_each_text(citizen: Visitor) -> None:
    service = await citizen.get("/tradate/servizi/aiuto-compiti")
    listed = await citizen.get(service.link("Materiali da leggere"))
    assert [words(card) for card in listed.all("//li[@class='card']")] == [
        "I compiti senza litigare Guida",
        "Le tabelline con le mani Esercizi · 1 file",
        "Lo zaino della sera Lista",
    ]
    page = await citizen.get(listed.link("Le tabelline con le mani"))
    assert page.title == "Le tabelline con le mani" and page.says("Prova con 9 per 7. Piega il settimo dito")
    assert [words(h2) for h2 in page.all("//main//h2")][:2] == ["La tabellina del nove", "I doppi"]
    assert page.headers["cache-control"] == "public,no-cache"


async def test_a_file_is_only_linked_with_its_true_size(citizen: Visitor) -> None:
    page = await citizen.get(SHEET)
    address = page.link("le-otto-piu-difficili.txt")
    assert page.says("le-otto-piu-difficili.txt (1 KB)")
    file = await citizen.get(address)
    told = next(s for s in content.load("tradate").services if s.slug == "aiuto-compiti").materials[1].files[0]
    assert file.text == told.text.strip() and file.headers["content-type"].startswith("text/plain")
    assert file.headers["content-disposition"] == 'attachment; filename="le-otto-piu-difficili.txt"'
    assert await database.scalar("SELECT size FROM material_file WHERE name = 'le-otto-piu-difficili.txt'") == len(
        file.text.encode()
    )
    assert (await citizen.get(address, if_none_match=file.headers["etag"])).status == 304


async def test_a_service_without_materials_has_no_link_and_its_list_says_where_to_go(citizen: Visitor) -> None:
    assert not (await citizen.get("/tradate/servizi/aiuto-telefono")).says("Materiali da leggere")
    page = await citizen.get("/tradate/servizi/aiuto-telefono/materiali")
    assert page.says("Questo servizio non ha ancora materiali.")
    assert page.link("Torna al servizio") == "/tradate/servizi/aiuto-telefono"


@pytest.mark.parametrize(
    "path",
    [
        f"{LIST}/nessuno",
        f"{SHEET}/nessuno.txt",
        "/biella/servizi/aiuto-compiti/materiali",
        "/biella/servizi/aiuto-compiti/materiali/le-tabelline-con-le-mani",
        "/tradate/servizi/logopedia/materiali/le-tabelline-con-le-mani",
        "/biella/servizi/aiuto-compiti/materiali/le-tabelline-con-le-mani/le-otto-piu-difficili.txt",
    ],
)
async def test_what_is_not_there_is_not_there(citizen: Visitor, path: str) -> None:
    assert (await citizen.get(path)).status == 404


async def test_the_materials_of_a_draft_are_nobodys(citizen: Visitor) -> None:
    await database.execute("UPDATE service SET status = 'draft' WHERE slug = 'aiuto-compiti'")
    for path in (LIST, SHEET, f"{SHEET}/le-otto-piu-difficili.txt"):
        assert (await citizen.get(path)).status == 404


async def test_a_new_material_comes_last_and_is_seen_at_once(citizen: Visitor) -> None:
    number = await database.scalar("SELECT id FROM service WHERE slug = 'aiuto-compiti'")
    before = await database.scalar("SELECT version FROM content_version")
    new = material.New("nuovo", "story", "Il topo e la luna", "C'era una volta un topo.")
    await material.add(number, new, actor=SYSTEM, now=NOON)
    assert await database.scalar("SELECT version FROM content_version") > before
    listed = await citizen.get(LIST)
    assert words(listed.all("//li[@class='card']")[-1]) == "Il topo e la luna Storia"


async def test_in_english_the_words_of_others_stay_as_they_were_written(citizen: Visitor) -> None:
    page = await citizen.get(f"/en{SHEET}")
    assert page.all("//h1/span[@lang='it']") and page.says("To download") and page.says("(1 KB)")


def test_signs_at_the_beginning_of_a_line_make_headings_and_lists() -> None:
    assert list(blocks("Ciao\na tutti.\n\n# Come\n- uno\n- due\nE poi.")) == [
        Block("paragraph", ["Ciao a tutti."]),
        Block("heading", ["Come"]),
        Block("items", ["uno", "due"]),
        Block("paragraph", ["E poi."]),
    ]


@pytest.mark.parametrize(("size", "said"), [(1, "1 KB"), (2_499, "2 KB"), (1_250_000, "1,2 MB")])
def test_sizes_are_said_as_phones_say_them(size: int, said: str) -> None:
    assert size_in_words(size, "it") == said
