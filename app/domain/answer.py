"""What somebody answered to a service's questions, or noted, lives thirty days after it was of use."""

from datetime import datetime, timedelta

from app import database
from app.domain.actor import Actor
from app.domain.verb import Key, verb

AT_ONCE = 500
KEPT = timedelta(days=30)


@verb
async def delete_old(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """How many were deleted; the day after which an answer goes stands in its row."""
    gone = await database.rows(
        "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE delete_after <= {} LIMIT {}) RETURNING id",
        now,
        AT_ONCE,
    )
    noted = await database.rows(_NOTES, now - KEPT, AT_ONCE)
    return len(gone) + len(noted)


_NOTES = (
    "UPDATE booking SET note_encrypted = '' WHERE id IN (SELECT b.id FROM booking b JOIN slot s ON s.id = b.slot_id "
    "WHERE b.note_encrypted <> '' AND s.ends_at <= {} LIMIT {}) RETURNING id"
)


async def keep(booking_id: int, sealed: dict[int, str], until: datetime) -> None:
    """A step: `sealed` is the encrypted answer by question."""
    if sealed:
        await database.execute(
            "INSERT INTO answer (booking_id, question_id, text_encrypted, delete_after) VALUES "
            + ", ".join(["({}, {}, {}, {})"] * len(sealed)),
            *(value for question, text in sealed.items() for value in (booking_id, question, text, until)),
        )


def told(wording: str, text: str) -> str:
    """'Vieni con il pulmino? Sì', 'Dieta: nessuna'; what has no wording speaks for itself."""
    return f"{wording}{'' if wording.endswith('?') else ':'} {text}" if wording else text
