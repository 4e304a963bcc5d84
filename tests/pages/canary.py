"""A territory that stands in every database the visitor sees, and that nobody may ever meet in another one."""

from datetime import UTC, date, datetime

from app import database
from tests.pages.answer import Answer
from tests.rows import insert

SONG = "Canarino"
CALL = "000 000 909"  # its telephones
LISTS_TERRITORIES = {"start", "offline", "demo"}  # where everybody may read these:
TOLD_TO_ALL = ("/canarino", f"{SONG} sta qui", f"{SONG} (distretto)", f"{SONG} paga", CALL, CALL.replace(" ", ""))
_BORN = datetime(2026, 1, 7, tzinfo=UTC)


def leaks(answer: Answer) -> list[str]:
    """The canary's strings in an answer to somebody who never asked for it."""
    text = answer.text + answer.location
    for told in TOLD_TO_ALL if answer.route in LISTS_TERRITORIES else ():
        text = text.replace(told, "")
    heard = [song for song in (SONG, SONG.lower(), SONG.upper(), CALL) if song in text]
    return [f"canary: {song!r} of another territory is on this page" for song in heard]


async def fill() -> None:
    await database.write(_fill)


async def _fill() -> None:
    territory = await insert(
        "territory",
        slug="canarino",
        name=f"{SONG} sta qui",
        district=f"{SONG} (distretto)",
        phone=CALL,
        phone_cost=f"{SONG} paga",
        colour="#0b5d3b",
        is_demo=True,
        opened_on=_BORN.date(),
    )
    town = await insert(
        "municipality",
        territory_id=territory,
        belfiore="Z909",
        istat="909909",
        name=f"{SONG} Terme",
        province="ZZ",
        postcode="90909",
    )
    await insert(
        "social_point",
        territory_id=territory,
        municipality_id=town,
        name=f"{SONG} Point",
        address=f"Via {SONG} 1",
        directions=f"Dietro {SONG}",
        phone=CALL,
    )
    provider = await _provider(territory, town)
    await _service(territory, provider)
    await _people(territory, town)
    await _money()


async def _provider(territory: int, town: int) -> int:
    provider = await insert(
        "provider",
        slug="canarino-coop",
        name=f"{SONG} Coop",
        kind="cooperative",
        phone=CALL,
        email="c@canarino.example",
    )
    await insert("accreditation", provider_id=provider, territory_id=territory, from_on=_BORN.date())
    await insert("place", provider_id=provider, municipality_id=town, name=f"Casa {SONG}", address=f"Via {SONG} 2")
    return provider


async def _service(territory: int, provider: int) -> None:
    category = await insert(
        "category", code="canarino", name_it=f"{SONG} e voli", name_en=f"{SONG} flights", matter="2", position=999
    )
    service = await insert(
        "service",
        territory_id=territory,
        provider_id=provider,
        category_id=category,
        slug="canarino-volo",
        status="published",
        action="book",
        mode="centre",
        price=90909,
        unit="visit",
        minutes=60,
        step_minutes=60,
        is_confidential=False,
        needs_approval=False,
        allows_guest=True,
        owner=SONG,
        published_at=_BORN,
    )
    texts = ("name", "summary", "for_whom", "how_to", "needed", "obtained", "times", "conditions")
    told = {text: f"{SONG}: aiuto, compiti, pasti, badante" for text in texts}
    await insert("service_text", service_id=service, language="it", **told)


async def _people(territory: int, town: int) -> None:
    person = await insert("person", id=909_000_001, kind="enrolled", created_at=_BORN)
    await insert(
        "identity",
        person_id=person,
        given_name="Rosa",
        family_name=SONG,
        folded_name=f"rosa {SONG.lower()}",
        born_on=date(1948, 3, 14),
        municipality_id=town,
    )
    await insert("enrolment", person_id=person, territory_id=territory, enrolled_at=_BORN)
    await insert("card", code=f"{SONG.upper()}909", person_id=person, printed_at=_BORN, bound_at=_BORN)
    staff = await insert("staff", login="canarino", name=f"Ines {SONG}", password_hash="", created_at=_BORN)
    await insert("role", staff_id=staff, name="desk", scope_kind="territory", scope_id=territory, from_at=_BORN)


async def _money() -> None:
    funder = await insert(
        "funder", slug="canarino-comune", name=f"Comune di {SONG}", said=f"il Comune di {SONG}", kind="municipality"
    )
    kinds = {"account_id": "fund", "commitment_account_id": "commitment"}
    kinds |= {"returned_account_id": "returned", "bank_account_id": "bank"}
    accounts = {
        column: await insert("account", kind=kind, is_bounded=kind in ("fund", "commitment"), opened_at=_BORN)
        for column, kind in kinds.items()
    }
    fund = await insert(
        "fund",
        funder_id=funder,
        slug="canarino-fondo",
        public_name=f"Credito {SONG}",
        administrative_name=f"Capitolo {SONG}",
        from_on=_BORN.date(),
        until_on=date(2099, 12, 31),
        is_combinable=True,
        allows_own_money=True,
        for_household=False,
        **accounts,
    )
    await insert("fund_rule", fund_id=fund, kind="territory", value="canarino")
