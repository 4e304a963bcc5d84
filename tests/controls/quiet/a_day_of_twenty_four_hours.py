"""Eight o'clock is so many hours after midnight, as if no night were an hour shorter or longer."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import cli
from app.domain import reminder

NOTICED_BY = "reminders due at night"


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(0), zone).astimezone(UTC)
    return midnight + timedelta(hours=clock.hour, minutes=clock.minute)


reminder._at = at

if __name__ == "__main__":
    cli.main()
