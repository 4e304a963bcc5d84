"""A place is taken without asking whether it is free."""

from dataclasses import replace
from datetime import datetime

from app import cli
from app.domain import slot
from app.domain.slot import Offer

NOTICED_BY = "places with more than one booking"

real = slot.take


async def take(offer: Offer, starts_at: datetime, quantity: int, *, now: datetime) -> int:
    return await real(replace(offer, capacity=1000), starts_at, quantity, now=now)


slot.take = take

if __name__ == "__main__":
    cli.main()
