"""Every test has a fresh copy of a database that the migrations built once."""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType

import pytest

# What the developer's own Vicino is told must not reach the tests.
for name in list(os.environ):
    if name.startswith(("VICINO_", "SMTP_", "SMS_", "PORT", "HOST")) and not name.startswith("VICINO_TEST_"):
        del os.environ[name]
FOLDER = Path(tempfile.mkdtemp(prefix="vicino-test-"))
ENGINE = os.environ.get("VICINO_TEST_ENGINE", "sqlite")
os.environ["VICINO_DATA"] = str(FOLDER)
os.environ["VICINO_SECURITY_CONTACT"] = "sicurezza@vicino.example"
os.environ["VICINO_DATABASE_URL"] = os.environ["VICINO_TEST_POSTGRES"] if ENGINE == "postgres" else ""

from app import database as engine_room
from app.seed import catalogue
from tests import people
from tests.copies import Copies
from tests.pages import canary
from tests.people import Cast
from tests.visitor import NOON, Visitor
from tests.whole_tables import WholeTables, listening


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking through it for garbage again and again would be a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def whole_tables() -> Iterator[WholeTables]:
    asked = WholeTables()
    with listening(asked.hear):
        yield asked


@pytest.fixture(autouse=True)
def no_table_that_grows_is_read_whole(whole_tables: WholeTables) -> Iterator[None]:
    yield
    assert whole_tables.take() == []


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def copies() -> Iterator[Copies]:
    made = Copies(FOLDER)
    yield made
    made.drop_templates()


@pytest.fixture(scope="session")
def migrated(copies: Copies) -> str:
    return copies.build("migrated", engine_room.migrate)


@pytest.fixture
async def fresh_database(copies: Copies, request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """The engine points at a copy; whoever serves the app starts it."""
    async with copies.fresh(_template(request, "migrated")):
        yield


@pytest.fixture
async def database(fresh_database: None) -> AsyncIterator[ModuleType]:
    await engine_room.start()
    yield engine_room
    await engine_room.stop()


@pytest.fixture(scope="session")
def with_canary(copies: Copies, migrated: str) -> str:
    return copies.build("canary", canary.fill, base=migrated)


@pytest.fixture(scope="session")
def with_cast(copies: Copies, with_canary: str) -> tuple[str, Cast]:
    told: list[Cast] = []

    async def fill() -> None:
        told.append(await people.fill())

    return copies.build("cast", fill, base=with_canary), told[0]


@pytest.fixture
def cast(with_cast: tuple[str, Cast]) -> Cast:
    """The people of tests/people.py stand in this test's database."""
    return with_cast[1]


def _template(request: pytest.FixtureRequest, otherwise: str) -> str:
    if "cast" in request.fixturenames:
        template: str = request.getfixturevalue("with_cast")[0]
        return template
    return str(request.getfixturevalue(otherwise))


@pytest.fixture
async def visitor(copies: Copies, request: pytest.FixtureRequest) -> AsyncIterator[Visitor]:
    """Checks every answer it gets; the database is open, with a canary territory in it."""
    async with copies.fresh(_template(request, "with_canary")):
        await engine_room.start()
        yield Visitor()
        await engine_room.stop()


@pytest.fixture(scope="session")
def with_catalogue(copies: Copies, with_canary: str) -> str:
    return copies.build("catalogue", lambda: catalogue.seed(NOON), base=with_canary)


@pytest.fixture
async def citizen(copies: Copies, with_catalogue: str) -> AsyncIterator[Visitor]:
    """Somebody without an account, where all territories have their services; at noon of a Tuesday."""
    async with copies.fresh(with_catalogue):
        await engine_room.start()
        yield Visitor()
        await engine_room.stop()
