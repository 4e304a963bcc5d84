"""What somebody answered to a service's questions lives thirty days after it was of use."""

from datetime import datetime

from app import database
from app.domain.actor import Actor
from app.domain.verb import Key, verb

AT_ONCE = 500


@verb
async def delete_old(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    """How many were deleted; the day after which each one goes stands in its row."""
    gone = await database.rows(
        "DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE delete_after <= {} LIMIT {}) RETURNING id",
        now,
        AT_ONCE,
    )
    return len(gone)


def told(wording: str, text: str) -> str:
    """'Vieni con il pulmino? Sì', 'Dieta: nessuna'; what has no wording speaks for itself."""
    return f"{wording}{'' if wording.endswith('?') else ':'} {text}" if wording else text
