"""One service in the official order, for people and for machines."""

import json

import pytest

from app import database
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
ORDER = [
    "service-title",
    "service-description",
    "service-booking-access",
    "page-index",
    "service-addressed",
    "service-how-to",
    "service-needed",
    "service-achieved",
    "service-calendar-text",
    "service-cost",
    "service-calendar-list",
    "service-area",
    "service-topic",
]


async def test_the_official_marks_stand_in_order(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    marks = [str(mark) for mark in page.all("//main//@data-element")]
    assert list(dict.fromkeys(mark for mark in marks if mark in ORDER)) == ORDER and "breadcrumb" in marks


async def test_machines_read_it_too_and_no_text_breaks_out(citizen: Visitor) -> None:
    await database.execute("UPDATE service_text SET summary = '</script><b>&' WHERE language = 'it'")
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    read = json.loads(str(page.all("//script[@type='application/ld+json']/text()")[0]))
    assert read["@type"] == "GovernmentService" and read["description"] == "</script><b>&"
    assert read["availableChannel"]["serviceLocation"][0]["address"]["addressLocality"]


async def test_the_next_times_are_those_that_can_be_booked(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi/aiuto-compiti")
    times = page.all("//*[@data-element='service-calendar-list']/li")
    assert len(times) == 5 and page.says("domani alle 16.30")
    assert (await citizen.get(page.all("//*[@data-element='service-booking-access']/@href")[0])).status == 200  # type: ignore[arg-type]


async def test_a_number_says_whether_somebody_answers(citizen: Visitor) -> None:
    slug = await database.scalar(
        "SELECT s.slug FROM service s JOIN territory t ON t.id = s.territory_id AND t.slug = 'tradate' "
        "WHERE s.action = 'call' AND s.status = 'published' ORDER BY s.id"
    )
    page = await citizen.get(f"/tradate/servizi/{slug}")
    assert page.all("//a[@data-element='service-generic-access'][starts-with(@href, 'tel:')]")
    assert page.says("aperto ora, fino alle") or page.says("chiuso ora")


async def test_others_with_the_same_help_are_named_alike(citizen: Visitor) -> None:
    page = await citizen.get("/tradate/servizi/aiuto-in-casa")
    assert page.says("Lo offrono anche") and page.says("Cooperativa Il Melograno")
