from types import ModuleType

import pytest

from app.domain import audit
from app.domain.actor import Actor
from app.domain.digest import digest
from app.domain.verb import verb
from tests.domain.money import NOW

INES = Actor("staff", 7, device="tablet-2")
record = verb(audit.record)


async def test_a_look_is_written_with_its_digest(database: ModuleType) -> None:
    await record("person.look", actor=INES, now=NOW, person_id=3, territory_id=1, purpose="enrolment")
    row = await database.row("SELECT * FROM audit")
    assert (row["actor_kind"], row["actor_id"], row["person_id"], row["what"]) == ("staff", 7, 3, "person.look")
    assert (row["purpose"], row["device"], row["at"]) == ("enrolment", "tablet-2", NOW)
    assert row["digest"] == digest(row[name] for name in audit.FIELDS)


async def test_nobody_writes_prose(database: ModuleType) -> None:
    with pytest.raises(ValueError, match="no free text"):
        await record("person.look", actor=INES, now=NOW, purpose="ha chiamato Rosa Colombo")
    assert await database.rows("SELECT id FROM audit") == []


@pytest.mark.parametrize("change", ["UPDATE audit SET what = 'x'", "DELETE FROM audit"])
async def test_what_was_seen_stays_seen(database: ModuleType, change: str) -> None:
    await record("person.look", actor=INES, now=NOW)
    with pytest.raises(Exception, match="append-only"):
        await database.execute(change)
    assert len(await database.rows("SELECT id FROM audit")) == 1
