"""Staff sign in with a password and a number on their printed sheet: no private phone is needed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import database
from app.domain import attempt, audit, pin, session, staff, vault
from app.domain.actor import Actor
from app.domain.errors import WrongStaffCredentials
from app.domain.sign_in import Visit
from app.domain.verb import verb

TIME_TO_ANSWER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Challenge:
    """`ticket` proves for five minutes that the password was right; `number` says which code to read."""

    ticket: str
    number: int
    codes_left: int


async def challenge(login: str, password: str, visit: Visit, *, now: datetime) -> Challenge:
    """The first step. Raises WrongStaffCredentials or TooManyAttempts."""
    tries = await attempt.begin(attempt.scope("staff", login.strip().lower()), attempt.address(visit.address), now=now)
    found = await database.row(
        "SELECT id, password_hash FROM staff WHERE login = {} AND suspended_at IS NULL", login.strip().lower()
    )
    is_right = await pin.matches(found["password_hash"] if found else "", password)
    left = await _unused(found["id"]) if found and is_right else []
    if found is None or not left:
        raise WrongStaffCredentials(field="password")
    await attempt.succeed(tries)
    return Challenge(_ticket(found["id"], left[0], now + TIME_TO_ANSWER), left[0], len(left))


async def read_ticket(ticket: str, *, now: datetime) -> Challenge:
    """The same step again, after a wrong code. Raises WrongStaffCredentials when it is too late."""
    staff_id, number = _opened(ticket, now)
    return Challenge(ticket, number, len(await _unused(staff_id)))


async def answer(ticket: str, typed_code: str, visit: Visit, *, actor: Actor, now: datetime) -> str:
    """The second step: the token of the new session."""
    staff_id, number = _opened(ticket, now)
    tries = await attempt.begin(attempt.scope("staff", f"code:{staff_id}"), now=now)
    token = await _enter(staff_id, number, staff.code_hash(staff_id, typed_code), visit, actor=actor, now=now)
    await attempt.succeed(tries)
    return token


@verb
async def _enter(staff_id: int, number: int, code_hash: str, visit: Visit, *, actor: Actor, now: datetime) -> str:
    used = await database.rows(
        "UPDATE staff_code SET used_at = {} WHERE staff_id = {} AND number = {} AND code_hash = {} "
        "AND used_at IS NULL RETURNING id",
        now,
        staff_id,
        number,
        code_hash,
    )
    if not used:
        raise WrongStaffCredentials(field="code")
    session_id, token = await session.start("staff", now=now, browser=visit.browser, staff_id=staff_id)
    await session.take_over(actor.session_id, session_id, now=now)
    await audit.record("staff.signed_in", actor=Actor("staff", staff_id, session_id), now=now)
    return token


async def _unused(staff_id: int) -> list[int]:
    found = await database.rows(
        "SELECT number FROM staff_code WHERE staff_id = {} AND used_at IS NULL ORDER BY number", staff_id
    )
    return [row["number"] for row in found]


def _ticket(staff_id: int, number: int, until: datetime) -> str:
    said = f"{staff_id}.{number}.{int(until.timestamp())}"
    return f"{said}.{vault.peppered('staff_ticket', said)}"


def _opened(ticket: str, now: datetime) -> tuple[int, int]:
    said, _, _ = ticket.rpartition(".")
    staff_id, _, rest = said.partition(".")
    number, _, until = rest.partition(".")
    is_ours = vault.is_same(ticket, f"{said}.{vault.peppered('staff_ticket', said)}")
    if not is_ours or int(until) < now.timestamp():
        raise WrongStaffCredentials(field="code")
    return int(staff_id), int(number)
