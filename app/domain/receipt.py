"""What becomes of a try after it left us: a phone that showed it, a text's status, a letter that came back."""

from datetime import datetime

from app import database
from app.domain import message, vault
from app.domain.actor import Actor
from app.domain.contact import Channel
from app.domain.delivery import tag_of
from app.domain.errors import InvalidInput, NotFound
from app.domain.verb import Key, verb

STATUSES = ("queued", "sent", "delivered", "undelivered")  # of a text, as docs/sms.md has them


@verb
async def receive(reference: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """The phone has shown it, if late: nobody is called any more. Saying so twice is harmless. Raises NotFound."""
    found = await database.rows(
        "UPDATE delivery SET state = 'received', received_at = coalesce(received_at, {}) "
        "WHERE reference = {} AND reference <> '' AND channel = 'push' RETURNING message_id",
        now,
        reference,
    )
    if not found:
        raise NotFound()
    for row in sorted(found, key=lambda row: int(row["message_id"])):
        await message.arrived(row["message_id"], now)


@verb
async def report(reference: str, status: str, *, actor: Actor, now: datetime, key: Key | None = None) -> None:
    """What became of a text: one that did not arrive is followed by the next channel. Raises NotFound, InvalidInput."""
    if not reference or not await database.scalar("SELECT 1 FROM delivery WHERE reference = {} LIMIT 1", reference):
        raise NotFound()
    if status not in STATUSES:
        raise InvalidInput(field="status")
    if status == "delivered":
        await _arrived(reference, now)
    elif status == "undelivered":
        await _came_back(reference, "sms", now)


@verb
async def came_back(letter: str, *, actor: Actor, now: datetime, key: Key | None = None) -> bool:
    """What `Attempt.letter` named never arrived: the next channel's turn is now. False where it is none of ours."""
    tag, _, number = letter.partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    if not is_number or not vault.is_same(tag, tag_of(int(number))):
        return False
    last = "SELECT reference FROM delivery WHERE message_id = {} AND channel = 'email' ORDER BY id DESC LIMIT 1"
    await _came_back(await database.scalar(last, int(number)) or "", "email", now)
    return True


async def _arrived(reference: str, now: datetime) -> None:
    found = await database.rows(
        "UPDATE delivery SET state = 'received', received_at = {} WHERE reference = {} "
        "AND channel = 'sms' AND state IN ('sending', 'sent') RETURNING message_id",
        now,
        reference,
    )
    for row in sorted(found, key=lambda row: int(row["message_id"])):
        await message.arrived(row["message_id"], now)


async def _came_back(reference: str, channel: Channel, now: datetime) -> None:
    found = await database.rows(
        "UPDATE delivery SET state = 'failed', detail = 'came back' WHERE reference = {} "
        "AND channel = {} AND state IN ('sending', 'sent') RETURNING id, message_id",
        reference,
        channel,
    )
    for row in sorted(found, key=lambda row: int(row["message_id"])):
        if not await database.scalar(_NEXT_TRY, row["message_id"], row["id"]):
            await message.reopen(row["message_id"], now)


# What another channel tells since waits for that one alone.
_NEXT_TRY = "SELECT 1 FROM delivery WHERE message_id = {} AND id > {} LIMIT 1"
