"""People who work: named accounts, roles with a scope and dates, and a printed sheet of one-time codes."""

from collections.abc import Iterable
from datetime import datetime

from app import database
from app.domain import access, audit, code, pin, vault
from app.domain.actor import Actor, RoleName
from app.domain.errors import InvalidInput, NotFound
from app.domain.verb import Key, verb

CODES_ON_A_SHEET = 40
CODES_IN_A_ROW = 5
CODE_LENGTH = 8
PASSWORD_LEAST = 12


async def add(login: str, name: str, password: str, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """The account's id; it can do nothing until it has a sheet of codes and a role."""
    if len(password) < PASSWORD_LEAST:
        raise InvalidInput(field="password")
    return await _add(login.strip().lower(), name, await pin.hashed(password), actor=actor, now=now, key=key)


@verb
async def _add(login: str, name: str, stored: str, *, actor: Actor, now: datetime, key: Key | None = None) -> int:
    found = await database.rows(
        "INSERT INTO staff (login, name, password_hash, created_at) VALUES ({}, {}, {}, {}) "
        "ON CONFLICT DO NOTHING RETURNING id",
        login,
        name,
        stored,
        now,
    )
    if not found:
        raise InvalidInput(field="login")
    await _record("staff.added", found[0]["id"], actor, now)
    return int(found[0]["id"])


@verb
async def new_sheet(staff_id: int, *, actor: Actor, now: datetime) -> str:
    """The codes in order, one space between: to be printed once. Those of an older sheet no longer count."""
    await database.execute("DELETE FROM staff_code WHERE staff_id = {}", staff_id)
    codes = [code.mint(CODE_LENGTH) for _ in range(CODES_ON_A_SHEET)]
    await database.execute(
        f"INSERT INTO staff_code (staff_id, number, code_hash) VALUES {', '.join(['({}, {}, {})'] * len(codes))}",
        *(value for number, each in enumerate(codes, 1) for value in (staff_id, number, code_hash(staff_id, each))),
    )
    await _record("staff.sheet_printed", staff_id, actor, now)
    return " ".join(codes)


def sheet(codes: Iterable[str]) -> str:
    """A printed sheet of codes with their numbers."""
    numbered = [f"{number} {code.spaced(each)}" for number, each in enumerate(codes, 1)]
    rows = (numbered[at : at + CODES_IN_A_ROW] for at in range(0, len(numbered), CODES_IN_A_ROW))
    return "\n".join(" · ".join(row) for row in rows)


async def by_login(login: str) -> int | None:
    found: int | None = await database.scalar("SELECT id FROM staff WHERE login = {}", login.strip().lower())
    return found


def code_hash(staff_id: int, typed: str) -> str:
    """Keyed by a secret outside the database; a slow hash would be slow forty times for each sheet."""
    return vault.peppered("staff_code", f"{staff_id}:{code.read(typed)}")


@verb
async def give_role(
    staff_id: int,
    name: RoleName,
    scope_kind: access.ScopeKind,
    scope_id: int,
    *,
    actor: Actor,
    now: datetime,
    until_at: datetime | None = None,
    key: Key | None = None,
) -> int:
    found = await database.rows(
        "INSERT INTO role (staff_id, name, scope_kind, scope_id, from_at, until_at) VALUES ({}, {}, {}, {}, {}, {}) "
        "RETURNING id",
        staff_id,
        name,
        scope_kind,
        scope_id,
        now,
        until_at,
    )
    await _record("staff.role_given", staff_id, actor, now)
    return int(found[0]["id"])


async def roles(staff_id: int, name: RoleName, *, now: datetime) -> list[int]:
    """Those of this name that hold now, wherever."""
    found = await database.rows(
        "SELECT id FROM role WHERE staff_id = {} AND name = {} AND (until_at IS NULL OR until_at > {}) ORDER BY id",
        staff_id,
        name,
        now,
    )
    return [role["id"] for role in found]


@verb
async def end_role(role_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    ended = await database.rows(
        "UPDATE role SET until_at = {} WHERE id = {} AND (until_at IS NULL OR until_at > {}) RETURNING staff_id",
        now,
        role_id,
        now,
    )
    if not ended:
        raise NotFound()
    await _record("staff.role_ended", ended[0]["staff_id"], actor, now)


@verb
async def suspend(staff_id: int, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """At once, everywhere: the account opens nothing and its sessions end."""
    await database.execute("UPDATE staff SET suspended_at = {} WHERE id = {}", now, staff_id)
    await database.execute("UPDATE session SET ended_at = {} WHERE staff_id = {} AND ended_at IS NULL", now, staff_id)
    await _record("staff.suspended", staff_id, actor, now)


async def _record(what: str, staff_id: int, actor: Actor, now: datetime) -> None:
    await audit.record(what, actor=actor, now=now, subject_kind="staff", subject_id=staff_id)
