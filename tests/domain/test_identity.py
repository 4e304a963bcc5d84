from types import ModuleType

import pytest
from cryptography.exceptions import InvalidTag

from app.domain import access, fiscal_code, identity, vault
from app.domain.actor import ANONYMOUS, Actor, Role
from tests.people import Cast

pytestmark = pytest.mark.anyio
AMINA = "HDDMNA92E61Z999R"


def desk(cast: Cast, territory: int = 0) -> Actor:
    return Actor("staff", cast.desk.id, 1, (Role("desk", "territory", territory or cast.tradate),))


async def found(actor: Actor, typed: str) -> list[tuple[str, str]]:
    return [(each.person.full_name, each.via) for each in await identity.find(actor, typed)]


@pytest.mark.parametrize("typed", ["haddad amina", "Amina Haddad", "AMINA  HADDAD", "hadd am", "Hàddad Amina"])
async def test_names_are_found_in_any_order_and_spelling(database: ModuleType, cast: Cast, typed: str) -> None:
    if typed == "hadd am":
        assert await found(desk(cast), typed) == []
    else:
        assert await found(desk(cast), typed) == [("Amina Haddad", "name")]


async def test_a_surname_finds_its_family(database: ModuleType, cast: Cast) -> None:
    assert [name for name, _ in await found(desk(cast), "colombo")] == ["Elena Colombo", "Rosa Colombo"]


async def test_every_way_a_scanner_spoils_a_card(database: ModuleType, cast: Cast) -> None:
    code = cast.amina.card
    for typed in (
        code,
        code.lower(),
        f"{code[:4]} {code[4:8]} {code[8:]}",
        f"{code[:4]}'{code[4:8]}'{code[8:]}",  # the dash of a reader set to US keys, on an Italian keyboard
        f"https://vicino.example/tradate/entra#{code}",
        f"httpsç--vicino.example-tradate-entra£{code}",  # the same address through Italian keys
        f"HTTPSÇ--VICINO.EXAMPLE-TRADATE-ENTRA£{code.lower()}",
    ):
        assert await found(desk(cast), typed) == [("Amina Haddad", "card")], typed


async def test_fiscal_codes_by_hand_by_barcode_and_by_omocode(database: ModuleType, cast: Cast) -> None:
    omocode = next(each for each in fiscal_code.same_person(AMINA) if each[14] == "V" and each != AMINA)
    for typed in (AMINA, AMINA.lower(), f"*{AMINA}*", f"({AMINA}(", "HDD MNA 92E61 Z999R", omocode):
        assert await found(desk(cast), typed) == [("Amina Haddad", "fiscal_code")], typed
    assert await found(desk(cast), "99999990122") == [("Omar Ceesay", "fiscal_code")]


async def test_staff_elsewhere_find_nobody_here(database: ModuleType, cast: Cast) -> None:
    for actor in (desk(cast, cast.biella), Actor("staff", cast.giulia.id), ANONYMOUS):
        for typed in ("haddad", cast.amina.card, AMINA):
            assert await found(actor, typed) == []
    assert await found(desk(cast, cast.biella), "colombo") == [("Beppe Colombo", "name")]


async def test_a_wildcard_finds_nobody(database: ModuleType, cast: Cast) -> None:
    for typed in ("%", "%%", "__", "h%", ""):
        assert await found(desk(cast), typed) == []


async def test_a_value_moved_to_another_person_does_not_open(database: ModuleType, cast: Cast) -> None:
    stored = await vault.encrypt(cast.amina.id, "address", "Via delle Filande 44")
    assert await vault.decrypt(cast.amina.id, "address", stored) == "Via delle Filande 44"
    for person_id, what in ((cast.rosa.id, "address"), (cast.amina.id, "fiscal_code")):
        with pytest.raises(InvalidTag):
            await vault.decrypt(person_id, what, stored)


async def test_only_the_territory_of_an_enrolment_sees_a_person(database: ModuleType, cast: Cast) -> None:
    assert await access.sees(desk(cast), cast.amina.id)
    assert not await access.sees(desk(cast, cast.biella), cast.amina.id)
    assert not await access.sees(Actor("person", cast.rosa.id), cast.amina.id)
