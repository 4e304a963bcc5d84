"""The key of a form is remembered ninety days: nobody repeats a form after that."""

from datetime import datetime, timedelta

from app import database
from app.domain.actor import Actor
from app.domain.verb import Key, verb

KEPT = timedelta(days=90)
AT_ONCE = 500


@verb
async def delete_old(*, actor: Actor, now: datetime, key: Key | None = None) -> int:
    gone = await database.rows(
        "DELETE FROM once_key WHERE (scope, key) IN "
        "(SELECT scope, key FROM once_key WHERE made_at <= {} ORDER BY made_at LIMIT {}) RETURNING key",
        now - KEPT,
        AT_ONCE,
    )
    return len(gone)
