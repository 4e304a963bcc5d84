"""What the database and the disk say of the running, as figures for a monitor."""

import shutil
from datetime import datetime

from app.config import settings
from app.domain import condition
from app.edge.monitor import Figures

NEVER = -1  # seconds since something that has not happened yet


async def read(now: datetime) -> Figures:
    queue, checks = await condition.queue(now=now), await condition.checks(now=now)
    return {
        "vicino_messages_due": ("Messages that a worker may send now", queue.due),
        "vicino_messages_overdue": ("Messages nobody sent for ten minutes", queue.overdue),
        "vicino_messages_oldest_seconds": ("Age of the oldest message that is due", queue.oldest_seconds),
        "vicino_messages_leased": ("Messages on their way", queue.leased),
        "vicino_bookings_unreminded": (
            "Bookings of the next day without a reminder",
            await condition.unreminded(now=now),
        ),
        "vicino_calls_waiting": ("Messages to be told by telephone", queue.to_call),
        "vicino_slot_holds": ("Times kept for people who have not confirmed", queue.slot_holds),
        "vicino_held_cents": ("Credit set aside for bookings", queue.held_cents),
        "vicino_transfers_unsealed": ("Transfers that no seal covers yet", queue.unsealed),
        "vicino_migrations_pending": ("Changes of the tables not applied", len(await condition.pending())),
        "vicino_worker_seen_seconds": ("Since a worker was at work", _since(checks.worker_at, now)),
        "vicino_verified_seconds": ("Since the ledger was found right", _since(checks.verified_at, now)),
        "vicino_ledger_findings": ("What the last recomputation found wrong", checks.findings),
        "vicino_backup_seconds": ("Since the last backup", _since(checks.backup_at, now)),
        "vicino_disk_free_bytes": ("Left where the data stand", shutil.disk_usage(settings().data).free),
    }


def _since(then: datetime | None, now: datetime) -> float:
    return NEVER if then is None else (now - then).total_seconds()
