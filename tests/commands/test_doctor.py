"""Each thing that can be wrong is brought about and found alone; a healthy installation has nothing to mend."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from app import config
from app import database as engine_room
from app.commands import findings
from app.config import Settings
from app.domain import clock, condition, fund, message, person, reminder, seal, verify
from app.domain.actor import SYSTEM
from app.domain.fund import FundIdentity
from app.domain.person import NewPerson
from tests.appointments import Diary
from tests.domain.money import NOW, Town, open_town, writable
from tests.test_cli import vicino

pytestmark = pytest.mark.anyio
ENVIRONMENT = {
    "VICINO_PUBLIC_URL": "https://vicino.comune.example",
    "VICINO_TRUSTED_PROXIES": "127.0.0.1",
    "SMTP_HOST": "mail.comune.example",
    "IMAP_HOST": "mail.comune.example",
    "SMTP_FROM": "Vicino <vicino@comune.example>",
    "VICINO_PUSH_CONTACT": "vicino@comune.example",
    "VICINO_SECURITY_CONTACT": "sicurezza@comune.example",
}


class Installation(NamedTuple):
    """In order: what is looked at, and the people's money in it."""

    chosen: Settings
    town: Town

    async def wrongs(self, **settings: str) -> list[str]:
        """What is found, a line each; `settings` replace those of the environment, '' takes one out."""
        told = {**ENVIRONMENT, "VICINO_DATA": str(self.chosen.data), **settings}
        chosen = config.read(told)
        return [str(finding) for finding in await findings.all_of(chosen, NOW)]


@pytest.fixture
async def healthy(database: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The tests' PostgreSQL does not wait for its disk and is not at noon, the disk is the machine's: they are said to
    be well."""
    chosen = config.read({**ENVIRONMENT, "VICINO_DATA": str(tmp_path / "data")})
    monkeypatch.setattr(condition, "survives_power_cut", _yes)
    monkeypatch.setattr(condition, "clock_seconds", _together)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100 << 30, 10 << 30, 90 << 30))
    secrets = chosen.data / "secrets"
    secrets.mkdir(mode=0o700, parents=True)
    chosen.data.chmod(0o700)
    for name in config.SECRETS:
        (secrets / name).touch(mode=0o600)
    town = await open_town()
    await engine_room.execute("UPDATE territory SET is_demo = {}", False)
    await town.give(await town.fund("comune", "100,00"), "amina", "50,00")
    assert await verify.check(actor=SYSTEM, now=NOW) == []
    await condition.note_backup(actor=SYSTEM, now=NOW)
    await seal.seal_pending(now=NOW, holder="w")
    return Installation(chosen, town)


async def _yes() -> bool:
    return True


async def _together(*, now: datetime) -> int:
    return 0


async def test_nothing_is_wrong_with_a_healthy_one(healthy: Installation) -> None:
    assert await healthy.wrongs() == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"VICINO_PUBLIC_URL": "http://127.0.0.1:8000", "VICINO_DEMO": "0"}, "without https"),
        ({"VICINO_DEMO": "1"}, "The demo is open to everybody"),
        ({"VICINO_TRUSTED_PROXIES": "0.0.0.0/0"}, "believes 0.0.0.0/0"),
        ({"VICINO_TRUSTED_PROXIES": "10.0.0.0/8"}, "believes 10.0.0.0/8"),
        ({"VICINO_TRUSTED_PROXIES": "127.0.0.1,93.184.216.34"}, "believes 93.184.216.34"),
        ({"VICINO_TRUSTED_PROXIES": ""}, "is empty behind https"),
        ({"SMTP_HOST": ""}, "No SMTP_HOST"),
        ({"IMAP_HOST": ""}, "No IMAP_HOST"),
        ({"SMTP_TLS": "none"}, "SMTP_TLS is none"),
        ({"SMTP_FROM": ""}, "SMTP_FROM is Vicino <vicino@localhost>"),
        ({"VICINO_PUSH_CONTACT": ""}, "VICINO_PUSH_CONTACT is missing"),
        ({"VICINO_SECURITY_CONTACT": ""}, "VICINO_SECURITY_CONTACT is missing"),
    ],
)
async def test_a_wrong_setting_is_found(healthy: Installation, settings: dict[str, str], told: str) -> None:
    found = await healthy.wrongs(**settings)
    assert len(found) == 1 and told in found[0]
    assert found[0].count(". ") >= 2, "what, why, what to do"


async def _open_secret(healthy: Installation) -> None:
    (healthy.chosen.data / "secrets" / "vapid").chmod(0o644)


async def _open_folder(healthy: Installation) -> None:
    (healthy.chosen.data / "secrets").chmod(0o755)


async def _open_database(healthy: Installation) -> None:
    healthy.chosen.sqlite_path.touch(mode=0o644)
    healthy.chosen.data.chmod(0o755)


async def _no_backup(healthy: Installation) -> None:
    await _forget("backup.made")


async def _old_backup(healthy: Installation) -> None:
    await _forget("backup.made")
    await condition.note_backup(actor=SYSTEM, now=NOW - timedelta(hours=25))


async def _never_verified(healthy: Installation) -> None:
    await _forget("ledger.verified")


async def _forget(what: str) -> None:
    async with writable("audit"):
        await engine_room.execute("DELETE FROM audit WHERE what = {}", what)


async def _tampered(healthy: Installation) -> None:
    async with writable("transfer"):
        await engine_room.execute("UPDATE transfer SET reason = 'another' WHERE id = 1")
    assert await verify.check(actor=SYSTEM, now=NOW + timedelta(seconds=1))


async def _silent_worker(healthy: Installation) -> None:
    await engine_room.execute("UPDATE lease SET until_at = {}", NOW - timedelta(minutes=5))


async def _no_worker(healthy: Installation) -> None:
    await engine_room.execute("DELETE FROM lease")


async def _overdue(healthy: Installation) -> None:
    then = NOW - timedelta(minutes=30)
    put = message.put("credit_given", healthy.town.person["amina"], due_at=then, useless_after=NOW, now=then)
    await engine_room.write(lambda: put)


async def _pending(healthy: Installation) -> None:
    await engine_room.execute("DELETE FROM schema_version WHERE name LIKE '0007%'")


async def _clock_went_back(healthy: Installation) -> None:
    await condition.note_backup(actor=SYSTEM, now=NOW + timedelta(minutes=3))


@pytest.mark.parametrize(
    ("bring_about", "told"),
    [
        (_open_secret, "may read"),
        (_open_folder, "may read"),
        (_open_database, "vicino.sqlite"),
        (_no_backup, "The last backup was never"),
        (_old_backup, "The last backup was 25 hours ago"),
        (_never_verified, "last found right never"),
        (_tampered, "The register is not right: 1 findings"),
        (_silent_worker, "No worker was at work, last seen 5 minutes ago"),
        (_no_worker, "last seen never"),
        (_overdue, "1 messages are overdue, the oldest by 30 minutes"),
        (_pending, "The tables lack what this version changed: 0007"),
        (_clock_went_back, "175 seconds apart"),
    ],
)
async def test_what_went_wrong_is_found(
    healthy: Installation, bring_about: Callable[[Installation], Awaitable[None]], told: str
) -> None:
    await bring_about(healthy)
    found = await healthy.wrongs()
    assert len(found) == 1 and told in found[0], found


async def test_a_full_disk_a_foreign_key_and_broken_sums_are_found(
    healthy: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100 << 30, 99 << 30, 1 << 30))
    assert "1073 MB left" in (await healthy.wrongs())[0]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100 << 30, 10 << 30, 90 << 30))

    async def apart(fund_id: int) -> FundIdentity:
        return FundIdentity(100, 99, 0, 0, 0, 0, 0)

    monkeypatch.setattr(fund, "identity", apart)
    assert "Funds do not add up: comune" in (await healthy.wrongs())[0]


async def test_other_secrets_than_the_databases_are_found(
    healthy: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = NewPerson("Rosa", "Colombo", None)
    await person.enrol(new, territory_id=healthy.town.territory, actor=SYSTEM, now=NOW)
    assert await healthy.wrongs() == []
    other = replace(config.secrets(), identity=(b"x" * 32,))
    monkeypatch.setattr("app.domain.vault.secrets", lambda: other)
    found = await healthy.wrongs()
    assert len(found) == 1 and "The secrets are not those" in found[0]


async def test_people_nobody_will_remind_are_found(healthy: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    async def two(*, now: datetime) -> int:
        return 2

    monkeypatch.setattr(condition, "unreminded", two)
    found = await healthy.wrongs()
    assert len(found) == 1 and "2 bookings of the next day have no reminder" in found[0]


async def test_a_server_that_does_not_wait_for_its_disk_is_found(
    healthy: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no() -> bool:
        return False

    monkeypatch.setattr(condition, "survives_power_cut", no)
    assert "fsync" in (await healthy.wrongs())[0]


async def test_a_clock_that_differs_from_the_databases_is_found(
    healthy: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    late = await condition.clock_seconds(now=clock.now() - timedelta(minutes=2))
    assert late == 0 if engine_room.DB.engine_type == "sqlite" else 119 <= late <= 125

    async def ahead(*, now: datetime) -> int:
        return -9

    monkeypatch.setattr(condition, "clock_seconds", ahead)
    assert [line for line in await healthy.wrongs() if "are 9 seconds apart" in line]


@pytest.mark.slow
async def test_the_command_names_who_is_not_reminded(database: ModuleType) -> None:
    diary = await Diary().open()
    await diary.person("tomas", "email")
    starts_at = clock.now() + timedelta(days=5)
    booking = await diary.book("tomas", starts_at=starts_at)
    code = await engine_room.scalar("SELECT code FROM booking WHERE id = {}", booking)
    said = await vicino("doctor", "reminders", status=1)
    assert f"{code} tradate/compiti {starts_at:%Y-%m-%d %H:%M} UTC" in said and "call these people" in said
    await engine_room.write(lambda: reminder.plan(booking, [], starts_at, now=clock.now()))
    assert "All is well." in await vicino("doctor", "reminders")


@pytest.mark.slow
async def test_the_command_ends_with_one_until_all_is_well(
    database: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo on this computer, as a newcomer has it; PostgreSQL of the tests does not wait for the disk."""
    said = await vicino("doctor", status=1)
    assert "No worker was at work" in said and "The last backup was never" in said
    await vicino("backup", str(tmp_path))
    await vicino("ledger", "verify")
    await seal.seal_pending(now=clock.now(), holder="w")
    own = tmp_path / "own" if database.DB.engine_type == "postgres" else Path(database.DB.path).parent
    own.mkdir(exist_ok=True)
    own.chmod(0o700)
    monkeypatch.setenv("VICINO_DATA", str(own))
    if database.DB.engine_type == "sqlite":
        assert "All is well." in await vicino("doctor")
    else:
        assert (said := await vicino("doctor", status=1)).count("\n") == 1 and "fsync" in said
