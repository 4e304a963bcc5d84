"""The fund's page and its file: the cent of a citizen's booking is found there, and nobody of a group under five."""

import csv
import io
from datetime import timedelta

import pytest

from app import database
from app.domain import fund
from app.domain.actor import SYSTEM
from app.domain.seal import seal_all
from app.domain.verify import check
from app.views.csv import euros, table
from app.views.formatting import money
from tests.centre import BEFORE, NOON, Centre
from tests.pages.answer import words
from tests.rows import insert
from tests.visitor import FilledForm, Visitor

pytestmark = pytest.mark.anyio
FUND = "/finanziatori/famiglie"
DESK = "/tradate/sportello"
ROWS = "//dl[contains(@class, 'money')]/div"
CROWD = ("Zoe", "Noemi", "Maya", "Ada", "Iris")


@pytest.fixture
async def centre(visitor: Visitor) -> Centre:
    return await Centre().open()


async def funder(centre: Centre, role: str = "funder") -> int:
    number = await insert("staff", login=role, name="Giulia Fontana", password_hash="", created_at=BEFORE)
    scope = await database.scalar("SELECT funder_id FROM fund WHERE id = {}", centre.fund)
    await insert("role", staff_id=number, name=role, scope_kind="funder", scope_id=scope, from_at=BEFORE)
    return number


async def figures(visitor: Visitor, staff: int) -> dict[str, str]:
    """The identity of the fund as the page says it."""
    page = await (await visitor.somebody_else().as_staff(staff)).get(FUND)
    assert page.says("Il conto torna al centesimo")
    return {words(row[0]): words(row[1]).replace("\N{NO-BREAK SPACE}", " ") for row in page.all(ROWS)}


def only(found: dict[str, str], start: str) -> str:
    return next(amount for said, amount in found.items() if said.startswith(start))


@pytest.mark.slow
async def test_the_same_cent_on_the_wallet_the_desk_and_the_fund(visitor: Visitor, centre: Centre) -> None:
    """Booked, arrived, undone, delivered in part: one amount on three pages at every step."""
    giulia, amina = await funder(centre), await centre.person("Amina Haddad", 15000)
    code = await centre.book("amina", "aiuto", quantity=2)
    person = await visitor.somebody_else().as_person(amina)
    await visitor.as_staff(centre.staff["operator"].id)

    async def stands(wallet: str, held: str, spent: str, left: str) -> None:
        assert (await person.get("/tradate/io/borsellino")).says(wallet)
        found = await figures(visitor, giulia)
        assert (only(found, "Impegnato"), only(found, "Pagato")) == (held, spent)
        assert only(found, "Assegnato e non speso") == left

    await stands("Hai 150,00 €. 36,00 € sono già impegnati. Puoi usare 114,00 €.", "36,00 €", "0,00 €", "114,00 €")
    page = await visitor.get(DESK)
    page = await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"arrived {code}"))
    assert page.says("Arrivo alle 12.00")
    await stands("Hai 114,00 €.", "0,00 €", "36,00 €", "114,00 €")
    await visitor.follow(await visitor.submit(page.form("arrivi"), fai=f"undone {code}"))
    await stands("Hai 150,00 €. 36,00 € sono già impegnati.", "36,00 €", "0,00 €", "114,00 €")
    await deliver(visitor, code, "60")
    await stands("Hai 132,00 €.", "0,00 €", "18,00 €", "132,00 €")
    assert await check(actor=SYSTEM, now=NOON) == []


async def deliver(visitor: Visitor, code: str, minutes: str) -> None:
    page = await visitor.get(f"{DESK}/prenotazioni/{code}")
    form = next(FilledForm.of(each) for each in page.all("//form[.//*[@name='fatto']]"))
    await visitor.follow(await visitor.submit(form, fatto=minutes, fai="arrived"))


async def test_five_people_are_told_and_one_is_not(visitor: Visitor, centre: Centre) -> None:
    giulia = await funder(centre)
    for name in CROWD:
        await centre.person(f"{name} Sala", 2000)
        await centre.book(name.lower(), "compiti")
    await centre.person("Luca Bassi", 9000)
    await centre.book("luca", "aiuto")
    page = await (await visitor.as_staff(giulia)).get(FUND)
    assert page.says("homework nascosto 0,00 €")
    assert page.says("home nascosto 0,00 €")
    assert page.says("Le voci nascoste, insieme 63,00 €")
    assert page.says("novembre 2026 63,00 € 0,00 €")
    assert page.says("Persone o famiglie: da 5 a 9.")
    assert not page.says("18,00 €")
    assert "Bassi" not in page.text and "Sala" not in page.text


async def test_the_file_adds_up_and_names_nobody(visitor: Visitor, centre: Centre) -> None:
    giulia = await funder(centre)
    codes = []
    for name in CROWD:
        await centre.person(f"{name} Sala", 2000)
        codes.append(await centre.book(name.lower(), "compiti"))
    answer = await (await visitor.as_staff(giulia)).get(f"{FUND}/movimenti.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="famiglie-2026-11-24.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Fondo;Movimento;Mese;Categoria;Euro\r\n")
    found = list(csv.reader(io.StringIO(answer.text[1:]), delimiter=";"))[1:]
    assert ["Comune di Tradate", "Impegnato", "novembre 2026", "homework", "45,00"] in found
    assert ["Comune di Tradate", "Versato", "novembre 2026", "", "10000,00"] in found
    assert ["Comune di Tradate", "Assegnato", "novembre 2026", "", "100,00"] in found
    assert not any(secret in answer.text for secret in (*CROWD, "Sala", *codes))
    assert not any(str(number) in answer.text for number in centre.people.values())


async def test_an_empty_fund_says_so(visitor: Visitor, centre: Centre) -> None:
    page = await (await visitor.as_staff(await funder(centre))).get(FUND)
    assert page.says("Con questo fondo nessuno ha ancora prenotato.")
    assert page.says("Da assegnare 10.000,00 €")
    assert page.says("Il registro non ha ancora un sigillo.")


async def test_the_page_tells_seal_and_verification(visitor: Visitor, centre: Centre) -> None:
    await visitor.as_staff(await funder(centre))
    await seal_all(NOON)
    head = await database.scalar("SELECT head FROM seal WHERE chain = 'transfer'")
    page = await visitor.get(FUND)
    assert page.says(f"Ultimo sigillo: {head[:4]} {head[4:8]} {head[8:12]}, oggi alle 12.00.")
    assert not page.says("Registro verificato")
    assert await check(actor=SYSTEM, now=NOON - timedelta(hours=1, minutes=48)) == []
    assert (await visitor.get(FUND)).says("Registro verificato oggi alle 10.12.")
    visitor.clock.move(minutes=10)
    visitor.clock.move(days=1)
    page = await (await visitor.as_staff(await database.scalar("SELECT max(id) FROM staff"))).get(FUND)
    assert page.says("Registro verificato 24 novembre 2026 alle 10.12.")


async def test_other_peoples_funds_do_not_exist(visitor: Visitor, centre: Centre) -> None:
    giulia = await funder(centre)
    other = await fund.create_funder("altro", "Altro", "foundation", actor=SYSTEM, now=BEFORE)
    await database.execute("UPDATE role SET scope_id = {} WHERE staff_id = {}", other, giulia)
    await visitor.as_staff(giulia)
    for path in (FUND, f"{FUND}/movimenti.csv", f"{FUND}/persone"):
        page, missing = await visitor.get(path), await visitor.get(path.replace("famiglie", "niente"))
        assert page.status == missing.status == 404
        assert page.stable_text.replace(path, "") == missing.stable_text.replace(path.replace("famiglie", "niente"), "")


@pytest.mark.parametrize("text", ["=1+1", "+39", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    written = table([(text, euros(-1250))]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline=""), delimiter=";")) == [[f"'{text}", "-12,50"]]


def test_amounts_are_exact() -> None:
    assert table([(euros(123456789012345),)]).decode("utf-8-sig") == "1234567890123,45\r\n"
    assert money(0) == "0,00\N{NO-BREAK SPACE}€"
