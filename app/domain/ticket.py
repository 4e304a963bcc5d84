"""What a ticket's drawing says: the booking's code, and behind it a sign that a device checks without a line.

The sign is of one provider and one day: it says that this code is a booking of theirs for that day, also where the
device's list is older than the booking. A device gets the key with the day's list. Nobody gains by making one up: when
the line is back the server looks at the booking itself.
"""

import hashlib
import hmac
from datetime import date

from app.config import secrets
from app.domain.code import ALPHABET

LENGTH = 8  # signs; with a code of 8 the drawing is still the smallest there is


def key(provider_id: int, day: date) -> bytes:
    return _hmac(secrets().ticket, f"{provider_id}:{day.isoformat()}")


def drawn(booking_code: str, provider_id: int, day: date) -> str:
    """`day` is the booking's, on the wall of the territory."""
    return booking_code + sign(key(provider_id, day), booking_code)


def sign(of_day: bytes, booking_code: str) -> str:
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in _hmac(of_day, booking_code)[:LENGTH])


def _hmac(of: bytes, said: str) -> bytes:
    return hmac.new(of, said.encode(), hashlib.sha256).digest()
