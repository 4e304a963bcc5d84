"""A51: a territory is made with one command, and no list shows another's rows."""

import subprocess
import sys

import pytest

from app import database
from app.seed.content import TERRITORIES
from tests.visitor import Visitor

pytestmark = pytest.mark.anyio
LISTS = ("servizi", "servizi?pagina=2", "servizi?q=aiuto", "social-point")


@pytest.mark.parametrize("territory", TERRITORIES)
async def test_no_list_shows_another_territory(citizen: Visitor, territory: str) -> None:
    rows = await database.rows(
        "SELECT s.slug, t.slug AS place FROM service s JOIN territory t ON t.id = s.territory_id "
        "WHERE t.slug <> 'canarino'"
    )
    own = {row["slug"] for row in rows if row["place"] == territory}
    others = {row["slug"] for row in rows} - own
    for path in LISTS:
        page = await citizen.get(f"/{territory}/{path}")
        shown = {str(a).rpartition("/")[2] for a in page.all("//main//a/@href")}
        assert not shown & others, path
    for slug in sorted(others)[:5]:
        assert (await citizen.get(f"/{territory}/servizi/{slug}")).status == 404


@pytest.mark.slow
async def test_one_command_makes_a_territory(citizen: Visitor) -> None:
    command = [sys.executable, "-m", "app.cli", "territory", "create", "Vicino Rho", "--phone", "02 000 001"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50)  # noqa: ASYNC221 (a command, once)
    assert done.returncode == 0, done.stderr
    page = await citizen.get("/vicino-rho")
    assert page.status == 200 and page.says("02 000 001")
    assert (await citizen.get("/vicino-rho/servizi")).says("Con queste scelte non c'è niente.")
