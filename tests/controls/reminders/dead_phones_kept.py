"""A phone that its service knows no more is pushed to for ever."""

from datetime import datetime

from app import cli
from app.domain import push

NOTICED_BY = "answers with the right outcome"


async def end(subscription_id: int, *, now: datetime) -> None:
    pass


push.end = end

if __name__ == "__main__":
    cli.main()
