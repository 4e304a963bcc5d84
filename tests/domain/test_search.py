"""What people say finds what they mean; slips are forgiven; the order is always the same."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest

from app import database as engine_room
from app.domain import search, service, synonym
from app.domain.actor import SYSTEM
from app.domain.search_text import all_tokens, distance, forgiven, slug, tokens
from app.engines import Sqlite
from app.seed import catalogue
from bench import plans
from bench.recorded import Statement
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


async def test_a_suspended_service_is_found_no_more_until_it_is_published_again(tradate: int) -> None:
    (service_id,) = (await search.find(tradate, "badante", "it")).service_ids[:1]
    await service.suspend(service_id, "Lavori fino a gennaio.", actor=SYSTEM, now=NOON)
    assert service_id not in (await search.find(tradate, "badante", "it")).service_ids
    await service.publish(service_id, actor=SYSTEM, now=NOON)
    assert service_id in (await search.find(tradate, "badante", "it")).service_ids


SAID_BY_MANY = ("casa", "aiuto bambini", "aiuto casa anziani", "corso italiano")


async def test_of_words_that_many_say_the_most_fitting_come_first(
    tradate: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a territory of tens of thousands: candidates are few, and the best of all are among them."""
    all_of = {said: await search.find(tradate, said, "it") for said in SAID_BY_MANY}
    monkeypatch.setattr(search, "MOST", 2)
    monkeypatch.setattr(search, "CANDIDATES", 6)
    for said, whole in all_of.items():
        cut = await search.find(tradate, said, "it")
        assert not whole.is_cut and (cut.is_cut or cut.total == whole.total), said
        assert cut.service_ids[:2] == whole.service_ids[:2], said
        assert 0 < cut.total <= whole.total and len(cut.service_ids) == cut.total


async def test_a_whole_list_is_not_called_the_first_ones(tradate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that many say stands beside one that few say: of these all are read, whoever meant it."""
    rare, common = "logopedia", "casa"
    assert 0 < (await search.find(tradate, rare, "it")).total <= 2 < (await search.find(tradate, common, "it")).total
    await synonym.add("zoccolaio", f"{rare} bambini", territory_id=tradate, actor=SYSTEM, now=NOON)
    for said in (f"{rare} {common}", "zoccolaio"):
        whole = await search.find(tradate, said, "it")
        with monkeypatch.context() as few:
            few.setattr(search, "MOST", 2)
            few.setattr(search, "CANDIDATES", 3)
            cut = await search.find(tradate, said, "it")
        assert cut.service_ids and (cut.service_ids, cut.total) == (whole.service_ids, whole.total), said
        assert not cut.is_cut, said


async def test_a_filter_is_asked_before_candidates_are_cut(tradate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    home = search.Among(conditions=" AND s.mode = {}", values=("home",))
    whole = await search.find(tradate, "casa", "it", home)
    monkeypatch.setattr(search, "MOST", 2)
    monkeypatch.setattr(search, "CANDIDATES", 3)
    cut = await search.find(tradate, "casa", "it", home)
    assert whole.service_ids and cut.service_ids == whole.service_ids[:3]


async def test_a_search_reads_words_of_its_territory_alone(tradate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with plans.heard() as asked:
        for most in (search.MOST, 2):
            monkeypatch.setattr(search, "MOST", most)
            for said in SAID_BY_MANY:
                await search.find(tradate, said, "it")
    assert len(asked) > len(SAID_BY_MANY) and not await strays(asked)
    anything = "weight" if isinstance(engine_room.DB, Sqlite) else "w"  # no index of PostgreSQL holds a whole row
    assert await strays([(f"SELECT {anything} FROM search_word w", ())])


async def strays(asked: Sequence[Statement]) -> list[str]:
    """Where all words are read: SQLite names the columns of the index it goes along, PostgreSQL says Seq Scan."""
    if not isinstance(engine_room.DB, Sqlite):
        return [sql for table, sql in await plans.whole(asked) if table == "search_word"]
    steps = [row for sql, told in asked for row in await engine_room.DB.fetch(f"EXPLAIN QUERY PLAN {sql}", told)]
    words = [step["detail"] for step in steps if re.match(r"(SCAN|SEARCH) (w|search_word)\b", step["detail"])]
    return [way for way in words if not re.search(r"\((territory|service)_id=", way)]


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
