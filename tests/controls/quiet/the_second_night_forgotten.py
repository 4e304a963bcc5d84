"""What was put off until it is night is told when its time has come, and not in the morning."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app import cli
from app.domain import reminder

NOTICED_BY = "reminders told at night"


def waits_until(due_at: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    return None


reminder.waits_until = waits_until

if __name__ == "__main__":
    cli.main()
