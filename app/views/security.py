"""security.txt: to whom a weakness is told, in which languages, and until when this holds."""

from datetime import datetime, timedelta

from app import i18n
from app.addresses import url
from app.config import Settings

HOLDS = timedelta(days=180)  # the standard asks for less than a year


def security_text(chosen: Settings, now: datetime) -> str:
    until = (now + HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {chosen.security_contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(i18n.LANGUAGES)}",
        f"Canonical: {chosen.public_url}{url('security')}",
    )
    return "".join(f"{line}\n" for line in lines)
