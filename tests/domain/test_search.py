"""What people say finds what they mean; slips are forgiven; the order is always the same."""

from collections.abc import AsyncIterator

import pytest

from app import database as engine_room
from app.domain import search, synonym
from app.domain.actor import SYSTEM
from app.domain.search_text import all_tokens, distance, forgiven, slug, tokens
from app.seed import catalogue
from tests.copies import Copies
from tests.visitor import NOON

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="session")
def with_tradate(copies: Copies, migrated: str) -> str:
    return copies.build("tradate", lambda: catalogue.seed(NOON, ("tradate",)), base=migrated)


@pytest.fixture
async def tradate(copies: Copies, with_tradate: str) -> AsyncIterator[int]:
    async with copies.fresh(with_tradate):
        await engine_room.start()
        yield int(await engine_room.scalar("SELECT id FROM territory WHERE slug = 'tradate'"))
        await engine_room.stop()


async def names(found: search.Found) -> list[str]:
    rows = await engine_room.rows("SELECT service_id, name FROM service_text WHERE language = 'it'")
    known = {row["service_id"]: row["name"] for row in rows}
    return [known[service_id] for service_id in found.service_ids]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("badante", {"Cerca badante"}),
        ("compiti", {"Aiuto compiti"}),
        ("mia mamma è caduta", {"Infermiera a casa", "Aiuto in casa"}),
        ("pasti a casa", {"Pasti a casa"}),
        ("portare il papà in ospedale", {"In ospedale con te", "Trasporto per visite ed esami"}),
        ("centro estivo", {"Centro estivo"}),
        ("non parlo italiano", {"Italiano A1", "Italiano tra donne"}),
        ("sono sola", {"Telefonata amica", "Una giornata al centro diurno"}),
        ("bdante", {"Cerca badante"}),
        ("BADANTI", {"Cerca badante"}),
        ("compti", {"Aiuto compiti"}),
        ("logopedsita", {"Logopedia per bambini", "Logopedia"}),
    ],
)
async def test_people_find_what_they_need(tradate: int, said: str, first: set[str]) -> None:
    found = await names(await search.find(tradate, said, "it"))
    assert found, said
    assert found[0] in first or said.startswith("logop")
    if said.startswith("logop"):
        assert "ogoped" in found[0]


async def test_english_words_find_the_same_help(tradate: int) -> None:
    assert (await names(await search.find(tradate, "homework", "en")))[0] == "Aiuto compiti"
    assert (await names(await search.find(tradate, "badante", "en")))[0] == "Cerca badante"


async def test_a_name_weighs_more_than_a_text(tradate: int) -> None:
    found = await names(await search.find(tradate, "piscina", "it"))
    in_name = [("piscina" in name.lower() or "nuoto" in name.lower()) for name in found]
    assert in_name == sorted(in_name, reverse=True)


async def test_the_order_is_the_same_each_time(tradate: int) -> None:
    first = await search.find(tradate, "casa", "it")
    assert first.service_ids and all(
        [(await search.find(tradate, "casa", "it")).service_ids == first.service_ids for _ in range(3)]
    )


async def test_nothing_is_found_for_nonsense_and_none_of_it_is_kept(tradate: int) -> None:
    assert (await search.find(tradate, "Wrzyszcz qwxyzk", "it")).service_ids == ()
    assert (await search.understand(tradate, "Wrzyszcz qwxyzk", "it")).words == ()
    assert "ross" not in (await search.understand(tradate, "Mario Rossi compiti", "it")).words


async def test_staff_teach_a_word_and_an_answer(tradate: int) -> None:
    assert not (await search.find(tradate, "zoccolaio", "it")).service_ids
    await synonym.add("zoccolaio", "aiuto compiti", territory_id=tradate, actor=SYSTEM, now=NOON)
    assert (await names(await search.find(tradate, "uno zoccolaio", "it")))[0] == "Aiuto compiti"
    await synonym.add_not_offered("dentista", "Chiama la ASST.", "0331 000 099", actor=SYSTEM, now=NOON)
    answer = (await search.understand(tradate, "un dentista", "it")).not_offered
    assert search.NotOfferedFacts("Chiama la ASST.", "0331 000 099") in answer


def test_words_are_folded_and_stemmed() -> None:
    assert tokens("Le mie BADANTI, perché?", "it") == ["badant"]
    assert tokens("anziano anziani anziana", "it") == ["anzian"]
    assert all_tokens("sono sola", "it") == ["son", "sol"]
    assert tokens("meals and meal", "en") == ["meal"]
    assert slug("Vicino Rhò & Pero") == "vicino-rho-pero"


def test_slips_are_forgiven_by_length() -> None:
    assert forgiven("badnte", ["badante"]) == ["badante"]
    assert forgiven("casa", ["cosa"]) == []
    assert forgiven("accompagnmnto", ["accompagnamento"]) == ["accompagnamento"]
    assert forgiven("acompagnmnt", ["accompagnamento"]) == []
    assert distance("aiuot", "aiuto", 1) == 1
    assert distance("gatto", "cane", 2) == 3
